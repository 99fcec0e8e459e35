from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.surfaces.screen.web import views

app_name = "screen"
urlpatterns: list[URLPattern] = [path("<str:region>/", views.screen, name="screen")]
