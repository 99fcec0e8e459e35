"""What the sample supervisors and units did with the cards of the sample city: every state of a card and of an order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, Q

from zhengxiao.backbone.cases.api import Case
from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.identity.api import user_by_username
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.supervision.api import (
    MODEL_A,
    NOBODY,
    ByHand,
    Card,
    CardRules,
    card_issue,
    card_move,
    order_issue,
    order_move,
    rules_decide,
    rules_propose,
)

OWN = "A-APPROVAL"
EXPLANATIONS = ("经办人员休假交接不及时，已重新指定经办人，三日内办结。", "申请材料需现场核验，已约定时间。")
APPEALS = ("政务外网当日中断，系统停机时段不应计时。", "申请人书面要求暂缓，已附说明。")
LIFTED = "经核实，停机记录属实，超期非单位原因，撤销此牌。"
UPHELD = "经核实，暂缓不属于法定中止情形，维持此牌。"
ORDER_STATES = ("issued", "handling", "reported", "closed", "escalated", "cancelled")
BY_HAND = {
    "escalated": ("escalate", "两次提醒未果。"),
    "cancelled": ("cancel", "经核实，该事项已由上级督办，不再重复。"),
}
TITLES = (
    "限期办结超期办件",
    "整改窗口排队时间过长",
    "规范一次性告知",
    "补齐办件过程记录",
    "公开办事指南缺项",
    "核查投诉件办理情况",
)


def rules_set(*, since: datetime, at: datetime) -> None:
    """A rule version by two people: cards of one office wait for confirmation. And a later one that still waits."""
    supervisor, leader = (_actor(name, since) for name in ("supervisor", "leader"))
    waiting = _another_office(at)
    rules = CardRules(MODEL_A.rules, MODEL_A.windows, frozenset({waiting.code}))
    policy = rules_propose(
        rules=rules, reason="该部门系统对接未稳定，先确认再发。", actor=supervisor, at=since
    )
    rules_decide(policy_id=policy.pk, transition="confirm", actor=leader, at=since)
    rules_propose(
        rules=MODEL_A, reason="系统对接已稳定，恢复自动发牌。", actor=_actor("supervisor", at), at=at
    )


def _actor(name: str, at: datetime) -> Actor:
    return actor_for(user_by_username(name), at=at)


def _another_office(at: datetime) -> Unit:
    """The office of district A with the most late cases, the sample people's own left out."""
    late = Count("pk", filter=Q(promised_clock__due_at__lt=at, finished_at__isnull=True))
    rows = Case.objects.filter(department__code__startswith="A-").exclude(department__code=OWN)
    found = rows.values("department__code").annotate(late=late).order_by("-late", "department__code").first()
    offices = Unit.objects.filter(kind="department", code__startswith="A-").exclude(code=OWN)
    return offices.get(code=found["department__code"]) if found else offices.order_by("code")[0]


def supervise_today(at: datetime) -> None:
    """Explanations, appeals and rulings on the cards of the office of the sample accounts; a card by hand; orders."""
    head, approver, supervisor = (_actor(name, at) for name in ("head", "approver", "supervisor"))
    office = Unit.objects.get(code=OWN)
    cards = Card.objects.filter(department=office, highest=True, state="issued").exclude(level="blue")
    for number, card in enumerate(cards.order_by("at", "pk")[:24]):
        way = number % 6
        if way == 0:
            _move(card, "explain", approver, at, explanation=EXPLANATIONS[number % 2])
        elif way in (1, 2, 3):
            _move(card, "appeal", head, at, appeal=APPEALS[number % 2])
        if way == 1:
            _move(card, "lift", supervisor, at, ruling=LIFTED)
        elif way == 2:
            _move(card, "uphold", supervisor, at, ruling=UPHELD)
    drop = Card.objects.filter(state="pending").order_by("at", "pk").first()
    if drop is not None:
        _move(drop, "drop", supervisor, at, reason="接口重复推送，办件已按期办结。")
    matter = ByHand(office.pk, NOBODY, office.pk, "办事指南未列收费依据，群众多次反映。")
    card_issue(card=matter, level="yellow", evidence_text="现场核查记录 3 份。", actor=supervisor, at=at)
    _orders(office, {"head": head, "supervisor": supervisor}, at)


def _move(card: Card, transition: str, actor: Actor, at: datetime, **data: str) -> None:
    card_move(card_id=card.pk, transition=transition, actor=actor, at=at, data=data)


def _orders(office: Unit, people: Mapping[str, Actor], at: datetime) -> None:
    """One order in each state, one of them escalated by hand; the first on a red card where there is one."""
    red = Card.objects.filter(department=office, level="red", highest=True).order_by("at", "pk").first()
    head, supervisor = people["head"], people["supervisor"]
    for number, state in enumerate(ORDER_STATES):
        card = red if number == 0 else None
        demand = "请于期限内办结并书面报告原因和整改措施。"
        matter = (
            ByHand(card.unit_id, card.subject_kind, card.subject_id, demand, card.person_id)
            if card is not None
            else ByHand(office.pk, NOBODY, office.pk, demand)
        )
        order = order_issue(
            order=matter,
            title=TITLES[number],
            workdays=5,
            card_id=card.pk if card else None,
            actor=supervisor,
            at=at,
        )
        if state in BY_HAND:
            name, reason = BY_HAND[state]
            order_move(order_id=order.pk, transition=name, actor=supervisor, at=at, data={"reason": reason})
            continue
        steps: tuple[tuple[str, Actor, dict[str, str]], ...] = (
            ("sign", head, {}),
            ("report", head, {"report": "已办结，并增设一个窗口。"}),
            ("close", supervisor, {"conclusion": "现场核查属实。"}),
        )
        for name, actor, data in steps[: ORDER_STATES.index(state)]:
            order_move(order_id=order.pk, transition=name, actor=actor, at=at, data=data)
