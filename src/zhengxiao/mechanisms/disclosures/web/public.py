"""The public list: open to everybody, made for a phone in the hand of somebody who is not at ease with computers."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhengxiao.kernel.access.api import page
from zhengxiao.lib.personal_numbers import covered
from zhengxiao.mechanisms.disclosures import public
from zhengxiao.mechanisms.disclosures.models import Disclosure
from zhengxiao.mechanisms.disclosures.rules import Kind
from zhengxiao.mechanisms.disclosures.web.base import Request
from zhengxiao.mechanisms.disclosures.words import KIND_WORDS

AT_ONCE = 20
LONGEST = 60


@page(public=True)
@require_safe
def public_list(request: Request) -> HttpResponse:
    """Reported decisions within their period of publicity, and what was taken down with its explanation."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    kind = request.GET.get("kind", "")
    rows = public.found(public.published(request.moment), text, kind)
    found = Paginator(rows, AT_ONCE).get_page(request.GET.get("page"))
    down = public.withdrawn(request.moment)[:AT_ONCE]
    context = {
        "q": text,
        "kind": kind,
        "kinds": [("", ""), *((k.value, KIND_WORDS[k]) for k in Kind)],
        "found": found,
        "lines": [(public.line_of(row), KIND_WORDS[row.kind]) for row in found],
        "down": [(row, covered(row.explanation)) for row in down],
        "short": 0 < len(text) < public.SHORTEST,
        "shortest": public.SHORTEST,
    }
    return render(request, "disclosures/public_list.html", context)


@page(public=True)
@require_safe
def public_record(request: Request, key: int) -> HttpResponse:
    """One public decision; one that was taken down says so and why, and nothing else."""
    row = public.published(request.moment).filter(pk=key).first()
    if row is not None:
        context = {
            "line": public.line_of(row),
            "pairs": public.fields_shown(row),
            "kind": KIND_WORDS[row.kind],
        }
        return render(request, "disclosures/public_record.html", context)
    gone: Disclosure | None = public.withdrawn(request.moment).filter(pk=key).first()
    if gone is None:
        raise Http404
    context = {"row": gone, "explanation": covered(gone.explanation), "number": covered(gone.document_no)}
    return render(request, "disclosures/public_gone.html", context, status=410)
