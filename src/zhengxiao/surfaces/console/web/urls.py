from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.surfaces.console.web import imports, style

app_name = "console"
urlpatterns: list[URLPattern] = [
    path("imports/", imports.runs_page, name="imports"),
    path("imports/new/", imports.upload_page, name="import-new"),
    path("imports/<int:run_id>/", imports.run_page, name="import"),
    path("imports/<int:run_id>/continue/", imports.continue_run, name="import-continue"),
    path("imports/<int:run_id>/rejects.csv", imports.rejects_file, name="import-rejects"),
    path("style/", style.style_page, name="style"),
    path("style/ledger/", style.style_ledger, name="style-ledger"),
]
