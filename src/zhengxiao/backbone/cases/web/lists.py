"""The ledger of cases."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse

from zhengxiao.backbone.cases.ledger import ledger_for
from zhengxiao.backbone.cases.queries import cases_shown
from zhengxiao.backbone.cases.web.base import Request
from zhengxiao.kernel.access.api import allows, page, require
from zhengxiao.kernel.ui.api import ledger_view


@page("cases.view")
def ledger(request: Request) -> HttpResponse | FileResponse:
    """Visible cases. A file needs the right to export and holds only the cases which that right reaches."""
    cases = cases_shown(request.actor, request.moment)
    if request.GET.get("export"):
        require(request.actor, "cases.export")
        cases = cases.visible_to(request.actor, "cases.export")
    extra = {"may_receive": allows(request.actor, "cases.receive")}
    return ledger_view(
        request,
        ledger_for(request.actor),
        cases,
        extra=extra,
        template="cases/ledger.html",
    )
