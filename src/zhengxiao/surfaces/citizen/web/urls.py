from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.surfaces.citizen.web import views

app_name = "citizen"
urlpatterns: list[URLPattern] = [
    path("query/", views.query, name="query"),
    path("open/", views.open_link, name="open"),
    path("case/", views.case_page, name="case"),
    path("case/proof.json", views.proof_file, name="proof-file"),
    path("case/head.txt", views.head_file, name="head-file"),
    path("verifier.py", views.verifier_file, name="verifier"),
    path("leave/", views.leave, name="leave"),
    path("elder/", views.elder, name="elder"),
]
