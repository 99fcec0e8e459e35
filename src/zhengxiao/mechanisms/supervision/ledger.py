"""The ledgers of cards (红黄牌台账) and of supervision orders (督办台账): columns and conditions, as data."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.notices.api import About
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.ui.api import Column, Filter, Ledger, begins_with
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.supervision.models import SOURCES, STANDING, Card, Order
from zhengxiao.mechanisms.supervision.words import LEVEL_NAMES, STEP_NAMES
from zhengxiao.mechanisms.supervision.workflow import CARD, ORDER, POLICY


def card_url(card: Card) -> str:
    return reverse("supervision:card", args=[card.number])


def order_url(order: Order) -> str:
    return reverse("supervision:order", args=[order.number])


def about_card(card_id: int) -> About:
    return about_cards([card_id]).get(card_id, About())


def about_cards(card_ids: Collection[int]) -> dict[int, About]:
    """How notices name cards and where they lead."""
    cards = Card.objects.filter(pk__in=card_ids).only("number", "level", "subject_label")
    return {card.pk: About(label=card.subject_label, url=card_url(card)) for card in cards}


def about_order(order_id: int) -> About:
    order = Order.objects.filter(pk=order_id).first()
    return About() if order is None else About(label=f"{order.title} {order.number}", url=order_url(order))


def _level(card: Card) -> tuple[str, Any]:
    return card.level, LEVEL_NAMES[card.level]


def _department(row: Any) -> str:
    return str(row.department.short_name or row.department.name)


def _unit(row: Any) -> str:
    return str(row.unit.short_name or row.unit.name)


def _person(row: Any) -> str:
    return _name(row.person)


def _name(person: Any) -> str:
    return person.display_name if person else ""


def _departments(actor: Actor) -> list[tuple[str, str]]:
    """Departments that have a card or an order within the actor's reach."""
    cards = Card.objects.visible_to(actor).filter(department_id=OuterRef("pk"))
    orders = Order.objects.visible_to(actor).filter(department_id=OuterRef("pk"))
    reached = Unit.objects.filter(Exists(cards) | Exists(orders)).order_by("code")[:300]
    return [(str(unit.pk), unit.short_name or unit.name) for unit in reached]


def _card_text(cards: QuerySet[Any], value: str) -> QuerySet[Any]:
    return (
        cards.filter(begins_with("number", value))
        if value[:1] in "Kk"
        else cards.filter(subject_label__icontains=value)
    )


def _order_text(orders: QuerySet[Any], value: str) -> QuerySet[Any]:
    return (
        orders.filter(begins_with("number", value))
        if value[:1] in "Dd"
        else orders.filter(title__icontains=value)
    )


def _counts(cards: QuerySet[Any], value: bool) -> QuerySet[Any]:
    """Cards that count: the highest of their matter that stands; or those that do not."""
    standing = {"highest": True, "state__in": STANDING}
    return cards.filter(**standing) if value else cards.exclude(**standing)


CARD_COLUMNS = (
    Column("level", _("级别"), kind="light", value=_level),
    Column("number", _("牌号")),
    Column("subject", _("对象"), value="subject_label"),
    Column("rule", _("规则"), value="rule_name"),
    Column("department", _("部门"), value=_department),
    Column("unit", _("责任单位"), value=_unit, default=False),
    Column("person", _("责任人"), value=_person, default=False),
    Column("state", _("状态"), value=lambda card: CARD.state(card.state).label),
    Column("at", _("法定时刻"), kind="datetime", sortable=True),
    Column("recorded", _("记录时间"), value="recorded_at", kind="datetime", default=False),
    Column("source", _("来源"), value=lambda card: card.get_source_display(), default=False),
    Column("explained", _("说明时间"), value="explained_at", kind="datetime", default=False),
    Column("lifted", _("撤销时间"), value="lifted_at", kind="datetime", default=False),
    Column("ruling", _("裁定"), value="ruling", default=False),
)  # fmt: skip

CARD_FILTERS = (
    Filter("q", _("牌号或对象"), apply=_card_text, example=_("牌号以 K 开头")),
    Filter("level", _("级别"), "choice", "level", choices=lambda actor: list(LEVEL_NAMES.items())),
    Filter("department", _("部门"), "choice", "department_id", choices=_departments),
    Filter("state", _("状态"), "choice", "state", choices=lambda actor: CARD.choices),
    Filter("counts", _("计入统计"), "bool", apply=_counts),
    Filter("at", _("法定时刻"), "moment_range", "at"),
    Filter("source", _("来源"), "choice", "source", choices=lambda actor: SOURCES),
    Filter("rule", _("规则"), "text", "rule_name"),
)  # fmt: skip

CARDS = Ledger(
    name="supervision_cards",
    title=_("红黄牌"),
    columns=CARD_COLUMNS,
    filters=CARD_FILTERS,
    default_sort="-at",
    row_url=card_url,
    empty_title=_("没有红黄牌"),
    empty_hint=_("时限临近或超期时，系统按规则发牌；监督人员也可以人工发牌。"),
)

ORDER_COLUMNS = (
    Column("number", _("督办单号")),
    Column("title", _("督办事项")),
    Column("step", _("文书"), value=lambda order: STEP_NAMES[order.step]),
    Column("subject", _("对象"), value="subject_label", default=False),
    Column("department", _("部门"), value=_department),
    Column("unit", _("责任单位"), value=_unit, default=False),
    Column("state", _("状态"), value=lambda order: ORDER.state(order.state).label),
    Column("issued", _("发出时间"), value="issued_at", kind="datetime", sortable=True),
    Column("signed", _("签收时间"), value="signed_at", kind="datetime", default=False),
    Column("closed", _("办结时间"), value="closed_at", kind="datetime", sortable=True, nulls_last=True),
    Column("issuer", _("督办人"), value="issuer_name", default=False),
)  # fmt: skip

ORDER_FILTERS = (
    Filter("q", _("单号或事项"), apply=_order_text, example=_("单号以 D 开头")),
    Filter("department", _("部门"), "choice", "department_id", choices=_departments),
    Filter("state", _("状态"), "choice", "state", choices=lambda actor: ORDER.choices),
    Filter("step", _("文书"), "choice", "step", choices=lambda actor: list(STEP_NAMES.items())),
    Filter("issued", _("发出时间"), "moment_range", "issued_at"),
)  # fmt: skip

ORDERS = Ledger(
    name="supervision_orders",
    title=_("督办"),
    columns=ORDER_COLUMNS,
    filters=ORDER_FILTERS,
    default_sort="-issued",
    row_url=order_url,
    empty_title=_("没有督办单"),
    empty_hint=_("监督人员可以从一张牌发起督办，也可以直接发起。"),
)

POLICY_COLUMNS = (
    Column("number", _("版本"), kind="number"),
    Column("state", _("状态"), value=lambda policy: POLICY.state(policy.state).label),
    Column("reason", _("修改理由")),
    Column("proposed_by", _("提出人"), value=lambda policy: _name(policy.proposed_by)),
    Column("proposed", _("提出时间"), value="proposed_at", kind="datetime", sortable=True),
    Column("decided_by", _("决定人"), value=lambda policy: _name(policy.decided_by)),
    Column("decided", _("决定时间"), value="decided_at", kind="datetime"),
    Column("valid_from", _("生效时间"), kind="datetime"),
    Column("valid_to", _("失效时间"), kind="datetime"),
)

POLICIES = Ledger(
    name="supervision_rules",
    title=_("置牌规则"),
    columns=POLICY_COLUMNS,
    filters=(Filter("state", _("状态"), "choice", "state", choices=lambda actor: POLICY.choices),),
    default_sort="-proposed",
    empty_title=_("没有置牌规则版本"),
    empty_hint=_("在第一个版本确认之前，按出厂规则置牌。"),
)
"""Versions of the card rules, as machines list them."""
