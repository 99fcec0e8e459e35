"""Papers of a case for print, in the manner of the office. Printed with a query code, the QR opens the applicant's own page."""

from __future__ import annotations

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods

from zhengxiao.backbone.cases.codes import code_issue, code_spelled
from zhengxiao.backbone.cases.ledger import case_url
from zhengxiao.backbone.cases.papers import Paper, papers_of
from zhengxiao.backbone.cases.web.base import Request, visible_case
from zhengxiao.kernel.access.api import allows, page

PREFERRED = ("decision", "refusal", "acceptance", "supplement", "receipt")


@page("cases.view")
@require_http_methods(["GET", "HEAD", "POST"])
def voucher(request: Request, number: str) -> HttpResponse:
    """The paper named by `?paper=`, else the weightiest one that exists. POST prints it with a new query code, shown once."""
    case = visible_case(request, number)
    papers = papers_of(case)
    code = code_issue(case=case, actor=request.actor, at=request.moment) if request.method == "POST" else ""
    link = request.build_absolute_uri(f"{reverse('citizen:open')}?{urlencode({'n': case.number, 'c': code})}")
    context = {
        "case": case,
        "case_url": case_url(case),
        "paper": _chosen(papers, request.GET.get("paper", "")),
        "papers": papers,
        "office": case.department.name,
        "qr": qr(link if code else case.number),
        "code": code_spelled(code),
        "query_url": request.build_absolute_uri(reverse("citizen:query")),
        "may_issue": allows(request.actor, "cases.receive"),
    }
    answer = render(request, "cases/voucher.html", context)
    if code:
        answer["Cache-Control"] = "no-store"
    return answer


def _chosen(papers: list[Paper], kind: str) -> Paper:
    by_kind = {paper.kind: paper for paper in papers}
    found = by_kind.get(kind) if kind else next((by_kind[k] for k in PREFERRED if k in by_kind), None)
    if found is None:
        raise Http404
    return found


def qr(text: str) -> SafeString:
    """A text as inline SVG; what it leads to stands beside it in words."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(scale=3, border=1, svgclass="case-qr")
    return mark_safe(drawn)  # noqa: S308  # drawn by the packaged library from our own text
