"""Reactions of supervision to facts of others and of its own clocks: load, one service call."""

from __future__ import annotations

from collections.abc import Sequence

from zhengxiao.kernel.notices.api import OWNER, Ladder, Level, Reach, Seat, notices_tell, recipients_of
from zhengxiao.kernel.timeline.api import Entry, subscribe
from zhengxiao.lib.actors import Role
from zhengxiao.mechanisms.supervision.issuing import cards_for
from zhengxiao.mechanisms.supervision.models import Card, Order
from zhengxiao.mechanisms.supervision.services import card_from_finding, order_escalate_overdue

HEAD, SUPERVISOR = Seat(Role.DEPARTMENT_HEAD, Reach.ABOVE), Seat(Role.SUPERVISOR, Reach.REGION)

# CONFIG. Domain reference 3.3: who hears of a card, by post. A clock's own warning has told the handler and the unit's
# approvers already, so a blue card by a clock tells nobody anew.
LADDER: Ladder = {
    Level.BLUE: (OWNER, Seat(Role.APPROVER, Reach.UNIT)),
    Level.YELLOW: (OWNER, HEAD, SUPERVISOR),
    Level.RED: (OWNER, HEAD, SUPERVISOR, Seat(Role.LEADER, Reach.REGION)),
}
TO_SUPERVISORS: Ladder = {Level.INFO: (SUPERVISOR,)}
TO_THE_UNIT: Ladder = {Level.INFO: (OWNER, HEAD)}


def issue(entry: Entry) -> None:
    cards_for([entry])


def issue_many(entries: Sequence[Entry]) -> None:
    cards_for(entries)


def found(entry: Entry) -> None:
    card_from_finding(entry=entry)


def tell_issued(entry: Entry) -> None:
    """A card that is issued is told by the ladder; one that waits is told to those who confirm it."""
    card = Card.objects.get(pk=entry.subject_id)
    state = entry.data.get("state", "issued")
    if state == "pending":
        _tell(entry, card, Level.INFO, TO_SUPERVISORS)
    elif state == "issued" and not (card.level == "blue" and card.clock_id is not None):
        _tell(entry, card, Level(card.level), LADDER)


def tell_supervisors(entry: Entry) -> None:
    """An explanation, an appeal or a report is told to the supervisors of the region."""
    _tell(entry, _subject(entry), Level.INFO, TO_SUPERVISORS)


def tell_unit(entry: Entry) -> None:
    """A ruling, an order or its next letter is told to the person concerned and the head of the unit."""
    _tell(entry, _subject(entry), Level.INFO, TO_THE_UNIT)


def _subject(entry: Entry) -> Card | Order:
    model = Card if entry.subject_kind == "card" else Order
    return model.objects.get(pk=entry.subject_id)


def _tell(entry: Entry, about: Card | Order, level: Level, ladder: Ladder) -> None:
    told = recipients_of(level, owner_id=about.person_id, unit_id=about.unit_id, at=entry.at, ladder=ladder)
    notices_tell(entry=entry, level=level, recipient_ids=told - {entry.actor_id}, at=entry.at)


def escalate(entry: Entry) -> None:
    """A term of an order ran out and nobody acted: the next letter."""
    if entry.subject_kind == "supervision_order":
        clock_id = int(entry.data["clock_id"])
        order_escalate_overdue(order_id=entry.subject_id, clock_id=clock_id, at=entry.recorded_at)


def connect() -> None:
    subscribe("clock.warned", name="supervision.issue_warned", handler=issue, batch=issue_many)
    subscribe("clock.breached", name="supervision.issue_breached", handler=issue, batch=issue_many)
    subscribe("detection.found", name="supervision.issue_found", handler=found)
    subscribe("clock.breached", name="supervision.escalate", handler=escalate)
    subscribe("supervision.card_issued", name="supervision.tell_issued", handler=tell_issued)
    subscribe("supervision.card_confirmed", name="supervision.tell_confirmed", handler=tell_issued)
    for name in ("card_explained", "card_appealed", "order_reported"):
        subscribe(f"supervision.{name}", name=f"supervision.tell_{name}", handler=tell_supervisors)
    for name in (
        "card_upheld",
        "card_lifted",
        "order_issued",
        "order_escalated",
        "order_sent_back",
        "order_closed",
    ):
        subscribe(f"supervision.{name}", name=f"supervision.tell_{name}", handler=tell_unit)
