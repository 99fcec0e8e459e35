"""The ledger of findings and one finding with its evidence."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.ui.api import ledger_view
from zhengxiao.mechanisms.detection import permissions
from zhengxiao.mechanisms.detection.ledger import FINDINGS
from zhengxiao.mechanisms.detection.pages import finding_context
from zhengxiao.mechanisms.detection.queries import findings_shown
from zhengxiao.mechanisms.detection.web.base import Request


@page(permissions.VIEW)
def finding_list(request: Request) -> HttpResponse:
    return ledger_view(request, FINDINGS, findings_shown(request.actor))


@page(permissions.VIEW)
@require_safe
def finding_page(request: Request, finding_id: int) -> HttpResponse:
    finding = get_object_or_404(findings_shown(request.actor), pk=finding_id)
    return render(request, "detection/finding.html", finding_context(finding, request.actor))
