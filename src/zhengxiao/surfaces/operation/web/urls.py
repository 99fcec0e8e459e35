from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.surfaces.operation.web import views

app_name = "operation"
urlpatterns: list[URLPattern] = [
    path("healthz", views.alive, name="alive"),
    path("readyz", views.ready, name="ready"),
    path("metrics", views.metrics, name="metrics"),
]
