"""The tables of record of supervision. What stands on a card is sealed as it is written, and so is each step of its course."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from zhengxiao.kernel.timeline.api import Record
from zhengxiao.mechanisms.supervision.models import STANDING, Card, CardPolicy, Order, OrderLetter
from zhengxiao.mechanisms.supervision.rules import gravest

RECORDS = (
    Record(
        Card,
        key="pk",
        kind="card",
        caches=("highest", "superseded_by_id", "explanation_clock_id"),
        personal=("reason", "evidence_text", "explanation", "appeal", "ruling"),
    ),
    Record(Order, key="pk", kind="supervision_order", personal=("demand", "report", "conclusion")),
    Record(OrderLetter, key="order_id", kind="supervision_order", personal=("text",)),
    Record(CardPolicy, key="pk", kind="card_policy"),
)


def highest_cards(at: datetime) -> Iterator[tuple[str, int, str, str]]:
    """Of each matter exactly the gravest standing card is marked as the highest."""
    columns = ("chain", "pk", "level", "state", "highest")
    rows = Card.objects.order_by("chain", "at", "pk").values_list(*columns)
    matter: list[tuple[int, str, bool]] = []
    last = ""
    for chain, key, level, state, highest in rows.iterator(chunk_size=2_000):
        if chain != last:
            yield from _wrong(matter)
            matter, last = [], chain
        if state in STANDING:
            matter.append((key, level, highest))
        elif highest:
            yield Card._meta.db_table, key, "highest", "a card that does not stand is marked as the highest"
    yield from _wrong(matter)


def _wrong(matter: list[tuple[int, str, bool]]) -> Iterator[tuple[str, int, str, str]]:
    if not matter:
        return
    top = matter[gravest([level for _, level, _ in matter])][0]
    for key, _level, highest in matter:
        if highest != (key == top):
            yield Card._meta.db_table, key, "highest", f"the highest card of the matter is {top}"
