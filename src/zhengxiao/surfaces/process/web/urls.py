from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.surfaces.process.web import views

app_name = "process"
urlpatterns: list[URLPattern] = [
    path("", views.items, name="items"),
    path("<int:item_id>/", views.item, name="item"),
    path("<int:item_id>/<str:scope>/log.xes", views.log_xes, name="xes"),
    path("<int:item_id>/<str:scope>/log.ocel.json", views.log_ocel, name="ocel"),
    path("<int:item_id>/<str:scope>/<slug:kind>/<str:key>/", views.cases, name="cases"),
]
