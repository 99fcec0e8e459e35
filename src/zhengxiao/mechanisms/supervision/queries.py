"""Reads of supervision: what waits for an actor, the cards of a subject, who was told, the public register."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from zhengxiao.kernel.access.api import allows, scope_q
from zhengxiao.kernel.clock.api import Clock
from zhengxiao.kernel.notices.api import Notice
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.supervision.models import SCOPE, STANDING, Card, CardQuerySet, Order

WITH = ("department", "unit", "person", "region", "clock")
CAP = 1000
"""Counting what waits for one person stops here."""

CARD_DUTIES = (
    ("pending", "supervision.confirm"),
    ("issued", "supervision.explain"),
    ("appealed", "supervision.rule_on"),
)
ORDER_DUTIES = (
    ("issued", "supervision.answer"),
    ("handling", "supervision.answer"),
    ("reported", "supervision.order"),
)
DECIDING = frozenset({"supervision.confirm", "supervision.rule_on", "supervision.order"})


def _own(actor: Actor) -> Q:
    """What is about a unit in which the actor holds a post: others decide on that."""
    departments = frozenset[int]().union(*(grant.department_ids for grant in actor.grants))
    units = frozenset[int]().union(*(grant.unit_ids for grant in actor.grants))
    return Q(department_id__in=sorted(departments)) | Q(unit_id__in=sorted(units))


def _duties(actor: Actor, duties: Iterable[tuple[str, str]]) -> Q:
    found = Q(pk__in=[])
    for state, action in duties:
        if not allows(actor, action):
            continue
        mine = Q(state=state) & scope_q(actor, action, SCOPE)
        if action in DECIDING:
            mine &= ~_own(actor)
        if action == "supervision.rule_on":
            involved = Q(issuer_id=actor.user_id) | Q(confirmed_by_id=actor.user_id)
            mine &= ~involved
        if action == "supervision.explain":
            mine &= ~Q(level="blue")
        found |= mine
    return found


def cards_waiting(actor: Actor) -> CardQuerySet:
    """Cards the actor has to confirm, explain or rule on now, by state and by the reach of the action."""
    return Card.objects.filter(_duties(actor, CARD_DUTIES))


def orders_waiting(actor: Actor) -> Any:
    """Orders the actor has to sign for, report on or check now."""
    return Order.objects.filter(_duties(actor, ORDER_DUTIES))


def cards_waiting_count(actor: Actor, at: datetime) -> int:
    """One query on (state, department), for the navigation; at most CAP."""
    if actor.user_id is None:
        return 0
    return cards_waiting(actor).order_by().values("pk")[:CAP].count()


def orders_waiting_count(actor: Actor, at: datetime) -> int:
    if actor.user_id is None:
        return 0
    found: int = orders_waiting(actor).order_by().values("pk")[:CAP].count()
    return found


def clocks_running(kind: str, ids: Sequence[int]) -> dict[int, Clock]:
    """Per card or order the running clock that is due first."""
    found: dict[int, Clock] = {}
    clocks = Clock.objects.running().filter(subject_kind=kind, subject_id__in=ids, due_at__isnull=False)
    for clock in clocks.exclude(kind="card_appeal").order_by("-due_at"):
        found[clock.subject_id] = clock
    return found


def cards_about(subject_kind: str, subject_id: int, actor: Actor) -> list[Card]:
    """The cards of a subject that the actor may see, the gravest and youngest first."""
    cards = Card.objects.visible_to(actor).filter(subject_kind=subject_kind, subject_id=subject_id)
    return list(cards.select_related(*WITH).order_by("-highest", "-at", "-pk"))


def told(card: Card) -> list[Notice]:
    """Who was told of the card and of the warning behind it, and when they read it."""
    about = Q(entry__subject_kind="card", entry__subject_id=card.pk)
    if card.entry_id is not None:
        about |= Q(entry_id=card.entry_id)
    return list(
        Notice.objects.filter(about).select_related("recipient", "entry").order_by("created_at", "pk")
    )


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """Cards that stand against one department, by level, in numbers only. `small` hides what would point at a person."""

    department: str
    blue: int
    yellow: int
    red: int
    lifted: int

    @property
    def total(self) -> int:
        return self.blue + self.yellow + self.red


def register_rows(first: datetime, after: datetime, at: datetime) -> list[RegisterRow]:
    """The public register of `[first, after)`: per department how many cards of each level stand, and how many were lifted.

    Numbers of departments only; one grouped query, the same for everybody.
    """
    standing = Q(state__in=STANDING, highest=True)
    grouped = (
        Card.objects.filter(at__gte=first, at__lt=after, at__lte=at)
        .order_by()
        .values("department__name", "department__code")
        .annotate(
            blue=Count("pk", filter=standing & Q(level="blue")),
            yellow=Count("pk", filter=standing & Q(level="yellow")),
            red=Count("pk", filter=standing & Q(level="red")),
            lifted=Count("pk", filter=Q(state="lifted")),
        )
    )
    rows = [
        RegisterRow(row["department__name"], row["blue"], row["yellow"], row["red"], row["lifted"])
        for row in grouped.order_by("department__code")
    ]
    return sorted(rows, key=lambda row: (-row.red, -row.yellow, -row.blue))
