"""The ledger of cases."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from zhengxiao.backbone.cases.ledger import ledger_for
from zhengxiao.backbone.cases.queries import cases_shown
from zhengxiao.backbone.cases.web.base import Request
from zhengxiao.kernel.access.api import allows, page, require
from zhengxiao.kernel.ui.api import ledger_view
from zhengxiao.lib.personal_numbers import personal_numbers


@page("cases.view")
def ledger(request: Request) -> HttpResponse | FileResponse:
    """Visible cases. A file needs the right to export and holds only the cases which that right reaches."""
    if personal_numbers(request.GET.get("q", "")):
        messages.warning(request, gettext("证件号码和电话不能放在网址里，请用左侧的搜索框查找。"))
        return redirect(f"{request.path}?view=all")
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
