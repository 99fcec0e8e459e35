"""The ledger of cards, the page of one card, its moves, its letter, and a card by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from zhengxiao.kernel.access.api import allows, can, page, require
from zhengxiao.kernel.files.api import file_answer
from zhengxiao.kernel.timeline.api import Subject, entries_for, entry_label
from zhengxiao.kernel.ui.api import Offer, ledger_view, offers_of, refusal_text
from zhengxiao.kernel.workflow.api import lawful_moves
from zhengxiao.lib.refusals import NotPermitted, Refusal
from zhengxiao.mechanisms.supervision.ledger import CARDS, card_url, order_url
from zhengxiao.mechanisms.supervision.models import SCOPE, Card
from zhengxiao.mechanisms.supervision.queries import WITH, clocks_running, told
from zhengxiao.mechanisms.supervision.services import card_issue, card_move
from zhengxiao.mechanisms.supervision.sheets import frozen_sheet
from zhengxiao.mechanisms.supervision.stories import card_facts, card_letter, matter_url, rule_words
from zhengxiao.mechanisms.supervision.web.base import (
    Request,
    qr,
    step_page,
    visible_card,
)
from zhengxiao.mechanisms.supervision.web.forms import CardForm
from zhengxiao.mechanisms.supervision.words import LEVEL_NAMES
from zhengxiao.mechanisms.supervision.workflow import CARD


@page("supervision.view")
def cards(request: Request) -> HttpResponse | FileResponse:
    """Visible cards. A file needs the right to export and holds only what that right reaches."""
    found = Card.objects.visible_to(request.actor).select_related(*WITH)
    if request.GET.get("export"):
        require(request.actor, "supervision.export")
        found = found.visible_to(request.actor, "supervision.export")
    extra = {"may_issue": allows(request.actor, "supervision.issue")}
    return ledger_view(request, CARDS, found, extra=extra, template="supervision/cards.html")


def offers(request: Request, card: Card) -> list[Offer]:
    moves = lawful_moves(workflow="card", obj=card, actor=request.actor, at=request.moment)
    return offers_of(moves, lambda step: reverse("supervision:card-move", args=[card.number, step.name]))


@page("supervision.view")
@require_safe
def card(request: Request, number: str) -> HttpResponse:
    """Everything about one card: rule, evidence, day strip and sheet, course, who was told, moves."""
    found = visible_card(request, number)
    if request.GET.get("format") == "json":
        return JsonResponse(found.sheet or {}, json_dumps_params={"ensure_ascii": False})
    clock = clocks_running("card", [found.pk]).get(found.pk)
    context = {
        "card": found,
        "level": LEVEL_NAMES[found.level],
        "state": CARD.state(found.state),
        "rule": rule_words(found),
        "sheet": frozen_sheet(found.sheet),
        "facts": card_facts(found),
        "matter_url": matter_url(found, request.actor),
        "moves": offers(request, found),
        "entries": list(entries_for(Subject("card", found.pk)).exclude(fact__startswith="clock."))[::-1],
        "told": [(notice, entry_label(notice.entry)) for notice in told(found)],
        "orders": [(order, order_url(order)) for order in found.orders.order_by("issued_at")],
        "term": clock,
        "term_light": str((clock.light(request.moment) if clock else None) or "none"),
        "superseded_url": card_url(found.superseded_by) if found.superseded_by else "",
        "may_order": allows(request.actor, "supervision.order")
        and can(request.actor, "supervision.order", found, SCOPE),
    }
    return render(request, "supervision/card.html", context)


@page("supervision.view")
@require_http_methods(["GET", "HEAD", "POST"])
def card_step(request: Request, number: str, transition: str) -> HttpResponse:
    """Ask for what the move needs; on POST take it and go back to the card. A refusal stands at its field."""
    found = visible_card(request, number)

    def take(name: str, data: dict[str, Any]) -> None:
        card_move(card_id=found.pk, transition=name, actor=request.actor, at=request.moment, data=data)

    title = f"{LEVEL_NAMES[found.level]} {found.number}"
    action = reverse("supervision:card-move", args=[found.number, transition])
    back = card_url(found)
    return step_page(
        request, CARD, found, transition, take=take, offers=offers, title=title, back=back, action=action
    )


@page("supervision.view")
@require_safe
def letter(request: Request, number: str) -> HttpResponse:
    """The card as a notice letter for print."""
    found = visible_card(request, number)
    context = {
        "title": f"{LEVEL_NAMES[found.level]} {found.number}",
        "back": card_url(found),
        "paper": card_letter(found),
        "qr": qr(found.number),
    }
    return render(request, "supervision/letter.html", context)


@page("supervision.view")
@require_safe
def attachment(request: Request, number: str, which: str) -> HttpResponseBase:
    """The file of an explanation or appeal."""
    found = visible_card(request, number)
    file = {"explanation": found.explanation_file, "appeal": found.appeal_file}.get(which)
    if file is None:
        raise Http404
    return file_answer(file)


@page("supervision.issue")
@require_http_methods(["GET", "HEAD", "POST"])
def card_new(request: Request) -> HttpResponse:
    """A card by hand, with reason and evidence."""
    initial = {"case": request.GET.get("case", "")}
    form = CardForm(request.actor, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            issued = card_issue(
                card=form.by_hand(),
                level=form.cleaned_data["level"],
                evidence_text=form.cleaned_data["evidence_text"],
                actor=request.actor,
                at=request.moment,
            )
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
        else:
            messages.success(request, gettext("已发牌。"))
            return redirect(card_url(issued))
    context = {"form": form, "title": gettext("人工发牌"), "action": reverse("supervision:card-new")}
    context |= {"back": reverse("supervision:cards"), "button": gettext("发牌")}
    return render(request, "supervision/form.html", context, status=422 if form.errors else 200)
