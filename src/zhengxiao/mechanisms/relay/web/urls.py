from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.mechanisms.relay.web import views

app_name = "relay"
urlpatterns: list[URLPattern] = [
    path("", views.ledger, name="ledger"),
    path("<int:key>/", views.relayed, name="relayed"),
    path("<int:key>/move/<slug:name>/", views.move, name="move"),
]
