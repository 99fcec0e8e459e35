from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.surfaces.console.web import style

app_name = "console"
urlpatterns: list[URLPattern] = [
    path("style/", style.style_page, name="style"),
    path("style/ledger/", style.style_ledger, name="style-ledger"),
]
