from __future__ import annotations

from django.urls import URLPattern, path

from zhengxiao.surfaces.console.web import (
    accounts,
    audit,
    calendar,
    due,
    erasing,
    exports,
    imports,
    style,
    webhooks,
)

app_name = "console"
urlpatterns: list[URLPattern] = [
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/new/", accounts.account_new, name="account-new"),
    path("accounts/<int:user_id>/", accounts.account, name="account"),
    path("accounts/<int:user_id>/posts/", accounts.post_new, name="account-post"),
    path("accounts/<int:user_id>/posts/<int:post_id>/end/", accounts.post_over, name="account-post-end"),
    path("accounts/<int:user_id>/<slug:verb>/", accounts.act, name="account-act"),
    path("audit/", audit.audit, name="audit"),
    path("calendar/", calendar.calendars, name="calendar"),
    path("calendar/propose/", calendar.propose, name="calendar-propose"),
    path("calendar/versions/<int:version_id>/", calendar.version_page, name="calendar-version"),
    path("calendar/versions/<int:version_id>/confirm/", calendar.confirm, name="calendar-confirm"),
    path("calendar/versions/<int:version_id>/reject/", calendar.reject, name="calendar-reject"),
    path("calendar/<str:key>/", calendar.year_page, name="calendar-year"),
    path("due/", due.due_page, name="due"),
    path("erase/", erasing.erase_page, name="erase"),
    path("exports/", exports.requests_page, name="exports"),
    path("exports/<int:request_id>/", exports.request_page, name="export"),
    path("exports/<int:request_id>/move/<slug:name>/", exports.move_page, name="export-move"),
    path("imports/", imports.runs_page, name="imports"),
    path("imports/new/", imports.upload_page, name="import-new"),
    path("imports/<int:run_id>/", imports.run_page, name="import"),
    path("imports/<int:run_id>/continue/", imports.continue_run, name="import-continue"),
    path("imports/<int:run_id>/rejects.csv", imports.rejects_file, name="import-rejects"),
    path("webhooks/", webhooks.targets_page, name="webhooks"),
    path("webhooks/new/", webhooks.propose_page, name="webhook-new"),
    path("webhooks/messages/", webhooks.messages_page, name="webhook-messages"),
    path("webhooks/messages/<int:message_id>/", webhooks.message_page, name="webhook-message"),
    path(
        "webhooks/messages/<int:message_id>/resend/", webhooks.message_resend, name="webhook-message-resend"
    ),
    path("webhooks/<int:target_id>/", webhooks.target_page, name="webhook"),
    path("webhooks/<int:target_id>/move/<slug:name>/", webhooks.move_page, name="webhook-move"),
    path("webhooks/<int:target_id>/rotate/", webhooks.rotate, name="webhook-rotate"),
    path("webhooks/<int:target_id>/resend/", webhooks.resend, name="webhook-resend"),
    path("style/", style.style_page, name="style"),
    path("style/ledger/", style.style_ledger, name="style-ledger"),
]
