"""The ledger of supervision orders, the page of one, its moves, its letters, and a new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from zhengxiao.kernel.access.api import allows, page, require
from zhengxiao.kernel.files.api import file_answer
from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.kernel.ui.api import Offer, ledger_view, offers_of, refusal_text
from zhengxiao.kernel.workflow.api import lawful_moves
from zhengxiao.lib.refusals import NotPermitted, Refusal
from zhengxiao.mechanisms.supervision.ledger import ORDERS, card_url, order_url
from zhengxiao.mechanisms.supervision.models import Card, Order
from zhengxiao.mechanisms.supervision.queries import clocks_running
from zhengxiao.mechanisms.supervision.services import ByHand, order_issue, order_move
from zhengxiao.mechanisms.supervision.stories import matter_url, order_facts, order_letter
from zhengxiao.mechanisms.supervision.web.base import (
    Request,
    qr,
    step_page,
    visible_order,
)
from zhengxiao.mechanisms.supervision.web.forms import OrderForm
from zhengxiao.mechanisms.supervision.words import LEVEL_NAMES, STEP_NAMES
from zhengxiao.mechanisms.supervision.workflow import ORDER


@page("supervision.view")
def orders(request: Request) -> HttpResponse | FileResponse:
    """Visible orders. A file needs the right to export and holds only what that right reaches."""
    found = Order.objects.visible_to(request.actor).select_related("department", "unit", "person")
    if request.GET.get("export"):
        require(request.actor, "supervision.export")
        found = found.visible_to(request.actor, "supervision.export")
    extra = {"may_order": allows(request.actor, "supervision.order")}
    return ledger_view(request, ORDERS, found, extra=extra, template="supervision/orders.html")


def offers(request: Request, order: Order) -> list[Offer]:
    moves = lawful_moves(workflow="supervision_order", obj=order, actor=request.actor, at=request.moment)
    return offers_of(moves, lambda step: reverse("supervision:order-move", args=[order.number, step.name]))


@page("supervision.view")
@require_safe
def order(request: Request, number: str) -> HttpResponse:
    """Everything about one order: demand, letters, course, the facts behind it, moves."""
    found = visible_order(request, number)
    clock = clocks_running("supervision_order", [found.pk]).get(found.pk)
    context = {
        "order": found,
        "state": ORDER.state(found.state),
        "step": STEP_NAMES[found.step],
        "facts": order_facts(found),
        "matter_url": matter_url(found, request.actor),
        "card_url": card_url(found.card) if found.card else "",
        "card_level": LEVEL_NAMES[found.card.level] if found.card else "",
        "letters": [(letter, STEP_NAMES[letter.step]) for letter in found.letters.order_by("at", "pk")],
        "moves": offers(request, found),
        "entries": list(
            entries_for(Subject("supervision_order", found.pk)).exclude(fact__startswith="clock.")
        )[::-1],
        "term": clock,
        "term_light": str((clock.light(request.moment) if clock else None) or "none"),
    }
    return render(request, "supervision/order.html", context)


@page("supervision.view")
@require_http_methods(["GET", "HEAD", "POST"])
def order_step(request: Request, number: str, transition: str) -> HttpResponse:
    """Ask for what the move needs; on POST take it and go back to the order. A refusal stands at its field."""
    found = visible_order(request, number)

    def take(name: str, data: dict[str, Any]) -> None:
        order_move(order_id=found.pk, transition=name, actor=request.actor, at=request.moment, data=data)

    action = reverse("supervision:order-move", args=[found.number, transition])
    back = order_url(found)
    return step_page(
        request,
        ORDER,
        found,
        transition,
        take=take,
        offers=offers,
        title=str(found),
        back=back,
        action=action,
    )


@page("supervision.view")
@require_safe
def order_paper(request: Request, number: str, letter: int) -> HttpResponse:
    """One letter of the order for print, as it was sent."""
    found = visible_order(request, number)
    row = get_object_or_404(found.letters, pk=letter)
    context = {
        "title": str(found),
        "back": order_url(found),
        "paper": order_letter(found, row),
        "qr": qr(found.number),
    }
    return render(request, "supervision/letter.html", context)


@page("supervision.view")
@require_safe
def order_file(request: Request, number: str) -> HttpResponseBase:
    """The file of the report."""
    found = visible_order(request, number)
    if found.report_file is None:
        return HttpResponse(status=404)
    return file_answer(found.report_file)


@page("supervision.order")
@require_http_methods(["GET", "HEAD", "POST"])
def order_new(request: Request) -> HttpResponse:
    """A new order: from a card, about a case, or about a unit as such."""
    card = _card(request)
    form = OrderForm(
        request.actor,
        request.POST if request.method == "POST" else None,
        known=card is not None,
        initial=_initial(request, card),
    )
    if request.method == "POST" and form.is_valid():
        try:
            issued = _issue(request, form, card)
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
        else:
            messages.success(request, gettext("督办单已发出。"))
            return redirect(order_url(issued))
    context = {"form": form, "title": gettext("发起督办"), "action": request.get_full_path(), "card": card}
    context |= {
        "back": card_url(card) if card else reverse("supervision:orders"),
        "button": gettext("发出督办"),
    }
    return render(request, "supervision/form.html", context, status=422 if form.errors else 200)


def _card(request: Request) -> Card | None:
    number = request.GET.get("card", "")
    if not number:
        return None
    return get_object_or_404(Card.objects.visible_to(request.actor, "supervision.order"), number=number)


def _initial(request: Request, card: Card | None) -> dict[str, Any]:
    if card is None:
        return {"case": request.GET.get("case", "")}
    title = gettext("{level}：{subject}").format(level=LEVEL_NAMES[card.level], subject=card.subject_label)
    return {"title": title[:200]}


def _issue(request: Request, form: OrderForm, card: Card | None) -> Order:
    data = form.cleaned_data
    matter = (
        ByHand(card.unit_id, card.subject_kind, card.subject_id, data["reason"], card.person_id)
        if card is not None
        else form.by_hand()
    )
    return order_issue(
        order=matter,
        title=data["title"],
        workdays=data["workdays"],
        card_id=card.pk if card else None,
        actor=request.actor,
        at=request.moment,
    )
