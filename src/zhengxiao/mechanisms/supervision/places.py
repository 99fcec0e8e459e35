"""Where supervision stands outside its own pages: navigation, desk, search, and the page of a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.cases.api import remaining_words
from zhengxiao.kernel.access.api import allows
from zhengxiao.kernel.clock.api import Clock
from zhengxiao.kernel.notices.api import register_subject
from zhengxiao.kernel.ui.api import (
    Behind,
    Finder,
    Found,
    NavEntry,
    Panel,
    Waiting,
    WaitingWork,
    begins_with,
    register_behind,
    register_finder,
    register_nav,
    register_panel,
    register_resource,
    register_waiting,
)
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.supervision.ledger import (
    CARDS,
    ORDERS,
    about_card,
    about_cards,
    about_order,
    card_url,
    order_url,
)
from zhengxiao.mechanisms.supervision.models import Card, Order
from zhengxiao.mechanisms.supervision.queries import (
    WITH,
    cards_about,
    cards_waiting,
    cards_waiting_count,
    clocks_running,
    orders_waiting,
    orders_waiting_count,
)
from zhengxiao.mechanisms.supervision.resources import RESOURCES
from zhengxiao.mechanisms.supervision.words import LEVEL_NAMES
from zhengxiao.mechanisms.supervision.workflow import CARD

CARD_WORK = {"pending": _("确认发牌"), "issued": _("提交说明"), "appealed": _("裁定申诉")}
ORDER_WORK = {"issued": _("签收督办"), "handling": _("报告办理"), "reported": _("核查督办")}


def _line(obj: Any, words: Any, matter: str, url: str, clock: Clock | None, at: datetime) -> Waiting:
    light = str((clock.light(at) if clock else None) or "none")
    remaining = remaining_words(clock, at) if clock else ""
    return Waiting(words, matter, url, light, remaining, clock.due_on if clock else None, obj.number)


def _in_order(rows: Iterable[Any], clocks: dict[int, Clock]) -> list[Any]:
    """Those that are due first come first; without a term they come last."""

    def due(row: Any) -> tuple[bool, float, int]:
        clock = clocks.get(row.pk)
        moment = clock.due_at if clock else None
        return moment is None, moment.timestamp() if moment else 0.0, row.pk

    return sorted(rows, key=due)


def waiting_cards(actor: Actor, at: datetime, limit: int) -> WaitingWork:
    """Cards to confirm, to explain and to rule on."""
    total = cards_waiting_count(actor, at)
    rows = list(cards_waiting(actor).order_by("at", "pk")[:limit]) if total else []
    clocks = clocks_running("card", [row.pk for row in rows])
    lines = [
        _line(row, CARD_WORK[row.state], f"{LEVEL_NAMES[row.level]} · {row.subject_label}", card_url(row), clocks.get(row.pk), at)
        for row in _in_order(rows, clocks)
    ]  # fmt: skip
    return WaitingWork(tuple(lines), total)


def waiting_orders(actor: Actor, at: datetime, limit: int) -> WaitingWork:
    """Orders to sign for, to report on and to check."""
    total = orders_waiting_count(actor, at)
    rows = list(orders_waiting(actor).order_by("issued_at", "pk")[:limit]) if total else []
    clocks = clocks_running("supervision_order", [row.pk for row in rows])
    lines = [
        _line(row, ORDER_WORK[row.state], row.title, order_url(row), clocks.get(row.pk), at)
        for row in _in_order(rows, clocks)
    ]
    return WaitingWork(tuple(lines), total)


def find_cards(actor: Actor, at: datetime, text: str, limit: int) -> Iterator[Found]:
    """Cards by the beginning of their number, orders too."""
    if not allows(actor, "supervision.view") or text[:1] not in "KDkd":
        return
    for card in Card.objects.visible_to(actor).filter(begins_with("number", text)).order_by("-at")[:limit]:
        words = gettext("{level}，{state}").format(
            level=LEVEL_NAMES[card.level], state=CARD.state(card.state).label
        )
        yield Found(card.number, card_url(card), f"{words} · {card.subject_label}")
    for order in Order.objects.visible_to(actor).filter(begins_with("number", text)).order_by("-pk")[:limit]:
        yield Found(order.number, order_url(order), order.title)


def exact_number(actor: Actor, text: str) -> str | None:
    if not allows(actor, "supervision.view") or text[:1] not in "KD":
        return None
    card = Card.objects.visible_to(actor).filter(number=text).first()
    if card is not None:
        return card_url(card)
    order = Order.objects.visible_to(actor).filter(number=text).first()
    return order_url(order) if order is not None else None


def case_panel(case_id: int, actor: Actor, at: datetime) -> Panel | None:
    """The cards and orders of a case, on its page."""
    if not allows(actor, "supervision.view"):
        return None
    cards = cards_about("case", case_id, actor)
    orders = list(
        Order.objects.visible_to(actor).filter(subject_kind="case", subject_id=case_id).order_by("-issued_at")
    )
    if not cards and not orders:
        return None
    lines = [(card, LEVEL_NAMES[card.level], CARD.state(card.state).label, card_url(card)) for card in cards]
    return Panel(
        "supervision/_panel.html",
        {"cards": lines, "orders": [(order, order_url(order)) for order in orders]},
        order=20,
    )


def cards_behind(actor: Actor, at: datetime) -> Any:
    """The cards of a figure with what the ledger shows of them."""
    return Card.objects.visible_to(actor).select_related(*WITH)


def orders_behind(actor: Actor, at: datetime) -> Any:
    return Order.objects.visible_to(actor).select_related("department", "unit", "person")


def connect() -> None:
    """Called while the apps start."""
    register_subject("card", about_card, about_cards)
    register_subject("supervision_order", about_order)
    register_nav(
        NavEntry(
            "督", _("红黄牌"), "supervision:cards", "supervision.view", order=20, count=cards_waiting_count
        )
    )
    register_nav(
        NavEntry(
            "督", _("督办"), "supervision:orders", "supervision.view", order=30, count=orders_waiting_count
        )
    )
    register_nav(NavEntry("督", _("置牌规则"), "supervision:rules", "supervision.view_rules", order=40))
    register_panel("case", "supervision", case_panel)
    register_behind("cards", Behind(CARDS, cards_behind, "supervision.export"))
    register_behind("supervision_orders", Behind(ORDERS, orders_behind, "supervision.export"))
    for resource in RESOURCES:
        register_resource(resource)
    register_waiting("supervision.cards", _("红黄牌"), waiting_cards)
    register_waiting("supervision.orders", _("督办"), waiting_orders)
    register_finder("supervision", Finder(_("红黄牌与督办"), find_cards, exact_number))
