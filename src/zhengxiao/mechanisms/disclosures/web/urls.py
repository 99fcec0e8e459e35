from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.mechanisms.disclosures.web import lists, records

app_name = "disclosures"
urlpatterns: list[URLPattern] = [
    path("", lists.ledger, name="ledger"),
    path("<int:key>/", records.record, name="record"),
]
