"""Search from anywhere: cases, items, applicants; each as far as the actor may see."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from zhengxiao.backbone.cases.api import Case, applicant_shown, case_url, cases_shown
from zhengxiao.backbone.catalogue.api import versions_in_force
from zhengxiao.backbone.parties.api import KIND_LABELS, Party, parties_matching, parties_numbered, shown_name
from zhengxiao.kernel.access.api import allows, page
from zhengxiao.kernel.orgs.api import local_day
from zhengxiao.kernel.ui.api import exactly_elsewhere, found_elsewhere
from zhengxiao.lib.personal_numbers import personal_numbers
from zhengxiao.surfaces.desk.web.home import Request, ledger_url

SHOWN = 10
LONGEST = 100


@page("desk.view")
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: Request) -> HttpResponse:
    """Words are asked for by address, numbers of persons never: those come as a form and are answered on the spot."""
    text = (request.POST if request.method == "POST" else request.GET).get("q", "").strip()[:LONGEST]
    if request.method == "POST":
        known = personal_numbers(text) or parties_numbered(text, actor=request.actor).exists()
        return _by_number(request, text) if known else redirect(search_url(text))
    if not personal_numbers(text):
        return _by_words(request, text)
    messages.warning(request, gettext("证件号码和电话不能放在网址里，请在搜索框中重新输入。"))
    return redirect(reverse("desk:search"))


def search_url(text: str) -> str:
    return f"{reverse('desk:search')}?{urlencode({'q': text})}"


def _by_number(request: Request, text: str) -> HttpResponse:
    """Parties with exactly this number, and their cases; nothing for those who lack the right. Not kept anywhere."""
    parties = list(parties_numbered(text, actor=request.actor).order_by("pk")[:SHOWN])
    cases: list[Any] = []
    if parties and allows(request.actor, "cases.view"):
        mine = cases_shown(request.actor, request.moment).filter(party__in=parties)
        cases = [(case, applicant_shown(case)) for case in mine.order_by("-received_at", "-id")[:SHOWN]]
    context = {
        "cases": cases,
        "parties": [_party(party) for party in parties],
        "nothing": not parties,
        "by_number": True,
        "may_by_number": allows(request.actor, "parties.search_number"),
        "all_cases": ledger_url(party=str(parties[0].pk)) if parties else "",
    }
    answer = render(request, "desk/search.html", context)
    answer["Cache-Control"] = "no-store, private"
    return answer


def _by_words(request: Request, text: str) -> HttpResponse:
    """Up to ten of each kind; a complete case number goes straight to its case."""
    if allows(request.actor, "cases.view") and text:
        exact = Case.objects.visible_to(request.actor).filter(number=text).first()
        if exact is not None:
            return redirect(case_url(exact))
    elsewhere = exactly_elsewhere(request.actor, text) if text else None
    if elsewhere is not None:
        return redirect(elsewhere)
    found: dict[str, Any] = {"cases": [], "items": [], "parties": [], "elsewhere": []}
    if len(text) >= 2:
        found = {
            "cases": _cases(request, text),
            "items": _items(request, text),
            "parties": _parties(request, text),
            "elsewhere": found_elsewhere(request.actor, request.moment, text, limit=SHOWN),
        }
    context = {
        "q": text,
        "short": len(text) < 2,
        "nothing": not any(found.values()),
        "all_cases": ledger_url(q=text),
        "limit": SHOWN,
        **found,
    }
    return render(request, "desk/search.html", context)


def _cases(request: Request, text: str) -> list[tuple[Any, str]]:
    """By the beginning of the number or of the applicant's name: both are answered by an index."""
    if not allows(request.actor, "cases.view"):
        return []
    wanted = Q(number__startswith=text) | Q(applicant_name__startswith=text)
    cases = cases_shown(request.actor, request.moment).filter(wanted).order_by("-received_at", "-id")
    return [(case, applicant_shown(case)) for case in cases[:SHOWN]]


def _items(request: Request, text: str) -> list[Any]:
    wanted = Q(name__icontains=text) | Q(item__code__startswith=text)
    found = (
        versions_in_force(local_day(request.moment))
        .filter(wanted)
        .select_related("item__unit", "item__region")
    )
    return list(found.order_by("name", "item__code")[:SHOWN])


def _parties(request: Request, text: str) -> list[dict[str, Any]]:
    if not allows(request.actor, "parties.view"):
        return []
    return [
        _party(party) for party in parties_matching(text, actor=request.actor).order_by("name", "pk")[:SHOWN]
    ]


def _party(party: Party) -> dict[str, Any]:
    return {
        "name": shown_name(party.kind, party.name),
        "number": party.credit_code or party.id_masked,
        "kind": KIND_LABELS.get(party.kind, party.kind),
        "url": reverse("parties:party", args=[party.pk]),
    }
