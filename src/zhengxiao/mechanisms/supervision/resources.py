"""Cards and orders for machines, as data: the same ledgers, reaches and verbs as on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.cases.api import Case
from zhengxiao.kernel.files.api import file_store
from zhengxiao.kernel.orgs.api import unit_by_code
from zhengxiao.kernel.ui.api import Attachment, Column, Resource, Verb
from zhengxiao.kernel.workflow.api import Field, FieldKind, lawful_moves
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import NotPermitted
from zhengxiao.mechanisms.supervision.ledger import CARDS, ORDERS
from zhengxiao.mechanisms.supervision.models import LEVELS as LEVEL_CHOICES
from zhengxiao.mechanisms.supervision.models import Card, Order
from zhengxiao.mechanisms.supervision.queries import WITH
from zhengxiao.mechanisms.supervision.refusals import CardUnknown, CaseUnknown
from zhengxiao.mechanisms.supervision.rule_resource import RESOURCE as RULE_VERSIONS
from zhengxiao.mechanisms.supervision.services import (
    NOBODY,
    ByHand,
    card_issue,
    card_move,
    order_issue,
    order_move,
)
from zhengxiao.mechanisms.supervision.workflow import FILE


def _cards(actor: Actor, at: datetime) -> QuerySet[Any]:
    return Card.objects.visible_to(actor).select_related(*WITH)


def _orders(actor: Actor, at: datetime) -> QuerySet[Any]:
    return Order.objects.visible_to(actor).select_related("department", "unit", "person")


def _move_card(*, obj: Any, transition: str, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    return card_move(card_id=obj.pk, transition=transition, data=data, actor=actor, at=at)


def _move_order(*, obj: Any, transition: str, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    return order_move(order_id=obj.pk, transition=transition, data=data, actor=actor, at=at)


def _matter(data: Mapping[str, Any], actor: Actor) -> ByHand:
    """The case by its number, else the unit by its code. Refuses CaseUnknown, UnitUnknown."""
    number = data.get("case") or ""
    if number:
        case = Case.objects.visible_to(actor).filter(number=number).first()
        if case is None:
            raise CaseUnknown(field="case", number=number)
        return ByHand(case.unit_id, "case", case.pk, data["reason"], case.handler_id)
    unit = unit_by_code(data.get("unit") or "")
    return ByHand(unit.pk, NOBODY, unit.pk, data["reason"])


def _issue(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    return card_issue(
        card=_matter(data, actor), level=data["level"], evidence_text=data["evidence"], actor=actor, at=at
    )


def _order(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    card = None
    if data.get("card"):
        card = Card.objects.visible_to(actor, "supervision.order").filter(number=data["card"]).first()
        if card is None:
            raise CardUnknown(field="card", number=data["card"])
    matter = (
        ByHand(card.unit_id, card.subject_kind, card.subject_id, data["reason"], card.person_id)
        if card is not None
        else _matter(data, actor)
    )
    return order_issue(
        order=matter,
        title=data["title"],
        workdays=data["workdays"],
        card_id=card.pk if card else None,
        actor=actor,
        at=at,
    )


def _attach(*, obj: Any, stream: IO[bytes], name: str, actor: Actor, at: datetime) -> Any:
    """A file of this very card or order, while a move is open to the actor that takes one. Refuses NotPermitted."""
    kind = "card" if isinstance(obj, Card) else "supervision_order"
    moves = lawful_moves(workflow=kind, obj=obj, actor=actor, at=at)
    if not any(move.allowed and FILE in move.transition.needs for move in moves):
        raise NotPermitted(action=_("附件"))
    return file_store(stream=stream, name=name, subject_kind=kind, subject_id=obj.pk, actor=actor, at=at)


MATTER = (
    Field("case", _("办件编号"), required=False),
    Field("unit", _("机构编码"), required=False),
    Field("reason", _("事由"), FieldKind.LONG_TEXT),
)

RESOURCES = (
    Resource(
        name="cards",
        singular="card",
        label=_("红黄牌"),
        view="supervision.view",
        rows=_cards,
        ledger=CARDS,
        extra=(
            Column("level_code", _("级别代码"), value="level"),
            Column("highest", _("最高牌"), value="highest"),
            Column("rule_version", _("规则版本"), value="rule_version", kind="number"),
        ),
        detail=lambda row, at: {
            "evidence": row.evidence,
            "evidence_text": row.evidence_text,
            "sheet": row.sheet,
            "windows": row.windows,
        },
        workflow="card",
        move=_move_card,
        subject_kind="card",
        key="number",
        files=Attachment(
            "supervision.explain",
            _attach,
            "Hand a file in for an explanation or an appeal; the move names its `id` as `file`.",
        ),
        verbs=(
            Verb(
                "issue",
                _("人工发牌"),
                "supervision.issue",
                _issue,
                on_list=True,
                fields=(
                    Field("level", _("级别"), FieldKind.CHOICE, choices=tuple(LEVEL_CHOICES)),
                    *MATTER,
                    Field("evidence", _("证据"), FieldKind.LONG_TEXT),
                ),
                words="Issue a card by hand, about a case or about a unit, with reason and evidence.",
            ),
        ),
    ),
    Resource(
        name="supervision-orders",
        singular="supervision-order",
        label=_("督办单"),
        view="supervision.view",
        rows=_orders,
        ledger=ORDERS,
        extra=(Column("step_code", _("文书代码"), value="step"),),
        detail=lambda row, at: {"demand": row.demand, "report": row.report, "conclusion": row.conclusion},
        workflow="supervision_order",
        move=_move_order,
        subject_kind="supervision_order",
        key="number",
        files=Attachment(
            "supervision.answer", _attach, "Hand a file in for a report; the move names its `id` as `file`."
        ),
        verbs=(
            Verb(
                "issue",
                _("发起督办"),
                "supervision.order",
                _order,
                on_list=True,
                fields=(
                    Field("card", _("牌号"), required=False),
                    *MATTER,
                    Field("title", _("督办事项")),
                    Field("workdays", _("办理期限（工作日）"), FieldKind.NUMBER, minimum=1, maximum=60),
                ),
                words="Issue a supervision order on a card, a case or a unit.",
            ),
        ),
    ),
    RULE_VERSIONS,
)
