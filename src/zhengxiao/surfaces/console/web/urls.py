from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.surfaces.console.web import calendar, due, imports, style

app_name = "console"
urlpatterns: list[URLPattern] = [
    path("calendar/", calendar.calendars, name="calendar"),
    path("calendar/propose/", calendar.propose, name="calendar-propose"),
    path("calendar/versions/<int:version_id>/", calendar.version_page, name="calendar-version"),
    path("calendar/versions/<int:version_id>/confirm/", calendar.confirm, name="calendar-confirm"),
    path("calendar/versions/<int:version_id>/reject/", calendar.reject, name="calendar-reject"),
    path("calendar/<str:key>/", calendar.year_page, name="calendar-year"),
    path("due/", due.due_page, name="due"),
    path("imports/", imports.runs_page, name="imports"),
    path("imports/new/", imports.upload_page, name="import-new"),
    path("imports/<int:run_id>/", imports.run_page, name="import"),
    path("imports/<int:run_id>/continue/", imports.continue_run, name="import-continue"),
    path("imports/<int:run_id>/rejects.csv", imports.rejects_file, name="import-rejects"),
    path("style/", style.style_page, name="style"),
    path("style/ledger/", style.style_ledger, name="style-ledger"),
]
