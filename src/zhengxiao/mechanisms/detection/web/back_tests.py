"""Asking for a back-test, following it, and the cases behind its numbers."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.ui.api import BadAddress, ledger_view, page_or_fragment
from zhengxiao.mechanisms.detection import permissions
from zhengxiao.mechanisms.detection.backtests import MONTHS, back_test_request
from zhengxiao.mechanisms.detection.ledger import HITS
from zhengxiao.mechanisms.detection.models import BackTest
from zhengxiao.mechanisms.detection.pages import back_test_context
from zhengxiao.mechanisms.detection.queries import hits_shown, versions_shown
from zhengxiao.mechanisms.detection.web.base import Request


@require_POST
@page(permissions.PROPOSE)
def back_test_start(request: Request, version_id: int) -> HttpResponse:
    version = get_object_or_404(versions_shown(request.actor), pk=version_id)
    text = request.POST.get("months", "") or str(MONTHS)
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise BadAddress(name="months")
    (test,) = back_test_request(
        version_ids=[version.pk], months=int(text), actor=request.actor, at=request.moment
    )
    return redirect("detection:back-test", test.pk)


@page(permissions.TRIAL)
@require_safe
def back_test_page(request: Request, test_id: int) -> HttpResponse:
    context = back_test_context(_test(test_id), request.actor, request.moment)
    return page_or_fragment(request, "detection/back_test.html", "detection/_back_test.html", context)


@page(permissions.TRIAL)
def back_test_cases(request: Request, test_id: int) -> HttpResponse:
    test = _test(test_id)
    rows = hits_shown(test, request.actor)
    return ledger_view(request, HITS, rows, extra={"test": test}, template="detection/back_test_cases.html")


def _test(test_id: int) -> BackTest:
    joined = ("version__rule", "against", "asked_by")
    return get_object_or_404(BackTest.objects.select_related(*joined), pk=test_id)
