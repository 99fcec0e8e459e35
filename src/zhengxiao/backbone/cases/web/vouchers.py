"""Papers of a case for print, in the manner of the office, with the case number as QR code."""

from __future__ import annotations

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from zhengxiao.backbone.cases.ledger import case_url
from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.papers import Paper, papers_of
from zhengxiao.backbone.cases.web.base import Request, visible_case
from zhengxiao.kernel.access.api import page

PREFERRED = ("decision", "refusal", "acceptance", "supplement", "receipt")


@page("cases.view")
@require_safe
def voucher(request: Request, number: str) -> HttpResponse:
    """The paper named by `?paper=`, else the weightiest one that exists."""
    case = visible_case(request, number)
    papers = papers_of(case)
    context = {
        "case": case,
        "case_url": case_url(case),
        "paper": _chosen(papers, request.GET.get("paper", "")),
        "papers": papers,
        "office": case.department.name,
        "qr": qr(case),
    }
    return render(request, "cases/voucher.html", context)


def _chosen(papers: list[Paper], kind: str) -> Paper:
    by_kind = {paper.kind: paper for paper in papers}
    found = by_kind.get(kind) if kind else next((by_kind[k] for k in PREFERRED if k in by_kind), None)
    if found is None:
        raise Http404
    return found


def qr(case: Case) -> SafeString:
    """The case number as inline SVG; readers of screens get the number beside it."""
    drawn = segno.make(case.number, error="m", micro=False).svg_inline(scale=3, border=1, svgclass="case-qr")
    return mark_safe(drawn)  # noqa: S308  # drawn by the packaged library from our own number
