"""Receiving at the counter: find the item, take the application in, go to the case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from zhengxiao.backbone.cases.counter import SHOWN, items_to_receive, sections_of, windows_of
from zhengxiao.backbone.cases.ledger import case_url
from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.services import Intake, MaterialIn, case_receive
from zhengxiao.backbone.cases.sheets import term_words
from zhengxiao.backbone.cases.web.base import Request
from zhengxiao.backbone.cases.web.forms import PERSON, IntakeForm
from zhengxiao.backbone.catalogue.api import ItemVersion
from zhengxiao.backbone.parties.api import NewParty, Party, PartyKind, party_find_or_create
from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.calendar.api import Term, Unit
from zhengxiao.kernel.ui.api import focus_first, page_or_fragment, refusal_text
from zhengxiao.lib.refusals import NotPermitted, Refusal

FIELD_OF = {"name": "applicant_name", "credit_code": "credit_code", "id_number": "id_number"}


@page("cases.receive")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """First the item (`?q=`), then with `?item=` the form; a POST receives."""
    key = request.GET.get("item", "")
    if not (key.isascii() and key.isdigit()):
        return _items(request)
    version = get_object_or_404(items_to_receive(request.actor, request.moment), item_id=int(key[:18]))
    form = _form(request, version)
    if request.method == "POST" and form.is_valid():
        try:
            case = _receive(request, version, form.cleaned_data)
        except NotPermitted:
            raise
        except Refusal as refusal:
            field = FIELD_OF.get(refusal.field or "")
            form.add_error(field if field in form.fields else None, refusal_text(refusal))
        else:
            return _received(request, case)
    if form.errors:
        focus_first(form)
    context = {"form": form, "version": version, "limits": limits(version), "required": _required(version)}
    return page_or_fragment(
        request, "cases/new.html", "cases/_new.html", context, 422 if form.errors else 200
    )


def _items(request: Request) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:100]
    found = list(items_to_receive(request.actor, request.moment, text)[: SHOWN + 1])
    rows = [(version, limits(version)) for version in found[:SHOWN]]
    context = {"q": text, "rows": rows, "more": len(found) > SHOWN, "shown": SHOWN}
    return page_or_fragment(request, "cases/new_item.html", "cases/_items.html", context)


def limits(version: ItemVersion) -> dict[str, str]:
    """Promised and statutory limit in words; empty where the item has none."""
    found = {}
    for name in ("promised", "statutory"):
        amount, unit = getattr(version, f"{name}_amount"), getattr(version, f"{name}_unit")
        found[name] = "" if amount is None else term_words(Term(amount, Unit(unit or "wd")))
    return found


def _form(request: Request, version: ItemVersion) -> IntakeForm:
    rows = list(version.materials.all())
    optional = gettext("（非必要）")
    required = _required(version)
    return IntakeForm(
        request.POST if request.method == "POST" else None,
        units=sections_of(version),
        windows=windows_of(request.actor),
        materials=[(str(row.pk), row.name + ("" if row.pk in required else optional)) for row in rows],
    )


def _required(version: ItemVersion) -> set[int]:
    return {row.pk for row in version.materials.all() if row.necessity == "required"}


def _receive(request: Request, version: ItemVersion, data: dict[str, Any]) -> Case:
    chosen = set(data.get("materials", []))
    papers = [row for row in version.materials.all() if str(row.pk) in chosen]
    with transaction.atomic():
        party = _party(request, version, data)
        intake = Intake(
            item_id=version.item_id,
            applicant_name=party.name,
            party_id=party.pk,
            summary=data["summary"],
            channel=data["channel"],
            unit_id=int(data["unit"]) if data.get("unit") else None,
            window_id=int(data["window"]) if data.get("window") else None,
            materials=[MaterialIn(row.name, row.necessity == "required") for row in papers],
        )
        return case_receive(intake=intake, actor=request.actor, at=request.moment)


def _party(request: Request, version: ItemVersion, data: dict[str, Any]) -> Party:
    """The applicant: a known organisation by its code, else registered."""
    person = data["applicant_kind"] == PERSON
    code = "" if person else data["credit_code"].strip().upper()
    name = data["applicant_name"]
    known = Party.objects.filter(credit_code=code).first() if code else None
    if known is not None and not name:
        return known
    party = NewParty(
        name=name,
        kind=PartyKind.PERSON.value if person else ("" if code else PartyKind.OTHER.value),
        credit_code=code,
        id_number=data["id_number"] if person else "",
        contact_name=data["contact_name"],
        contact_phone=data["contact_phone"],
        region_id=version.item.region_id,
    )
    return party_find_or_create(party=party, actor=request.actor, at=request.moment)


def _received(request: Request, case: Case) -> HttpResponse:
    messages.success(request, gettext("已收件，编号 {number}。").format(number=case.number))
    if case.refiled_from is not None:
        told = gettext("与 {earlier} 的申请人、事项相同，疑似撤回重报，已记录供监督查看。")
        messages.warning(request, told.format(earlier=case.refiled_from.number))
    return redirect(case_url(case))
