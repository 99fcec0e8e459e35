from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.backbone.parties.web import views

app_name = "parties"
urlpatterns: list[URLPattern] = [
    path("mine/", views.mine, name="mine"),
    path("<int:pk>/", views.party, name="party"),
    path("<int:pk>/account/", views.link, name="link"),
]
