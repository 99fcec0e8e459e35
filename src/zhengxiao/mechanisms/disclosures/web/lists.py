"""The ledger of double publicity."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse

from zhengxiao.kernel.access.api import allows, page, require
from zhengxiao.kernel.ui.api import ledger_view
from zhengxiao.mechanisms.disclosures import permissions
from zhengxiao.mechanisms.disclosures.ledger import LEDGER
from zhengxiao.mechanisms.disclosures.queries import disclosures_shown
from zhengxiao.mechanisms.disclosures.web.base import Request


@page(permissions.VIEW)
def ledger(request: Request) -> HttpResponse | FileResponse:
    """Visible records. A file needs the right to export and holds only the records which that right reaches."""
    rows = disclosures_shown(request.actor, request.moment)
    if request.GET.get("export"):
        require(request.actor, permissions.EXPORT)
        rows = rows & rows.model.objects.visible_to(request.actor, permissions.EXPORT)
    extra = {
        "may_edit": allows(request.actor, permissions.EDIT),
        "may_report": allows(request.actor, permissions.REPORT),
    }
    return ledger_view(request, LEDGER, rows, extra=extra, template="disclosures/ledger.html")
