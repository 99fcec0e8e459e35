from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.mechanisms.disclosures.web import batches, lists, overview, public, records

app_name = "disclosures"
urlpatterns: list[URLPattern] = [
    path("", lists.ledger, name="ledger"),
    path("overview/", overview.overview, name="overview"),
    path("findings/new/", overview.finding, name="finding"),
    path("penalties/new/", records.penalty, name="penalty"),
    path("batches/", batches.batches, name="batches"),
    path("batches/report/", batches.report, name="report"),
    path("batches/<int:key>/<slug:form>/", batches.download, name="batch-file"),
    path("check/", batches.check, name="check"),
    path("reconcile/", batches.reconcile, name="reconcile"),
    path("public/", public.public_list, name="public"),
    path("public/<int:key>/", public.public_record, name="public-record"),
    path("<int:key>/", records.record, name="record"),
    path("<int:key>/edit/", records.edit, name="edit"),
    path("<int:key>/moves/<slug:transition>/", records.move, name="move"),
]
