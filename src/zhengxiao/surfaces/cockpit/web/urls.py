from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.surfaces.cockpit.web import figures, views

app_name = "cockpit"
urlpatterns: list[URLPattern] = [
    path("", views.board, name="board"),
    path("cases/", views.cases, name="cases"),
    path("figures/", figures.figures, name="figures"),
    path("figures/<str:name>/", figures.figure, name="figure"),
    path("figures/<str:name>/<str:part>/", figures.figure_cases, name="figure-cases"),
]
