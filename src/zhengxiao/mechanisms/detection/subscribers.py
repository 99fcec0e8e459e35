"""What detection hears: facts of cases that a rule turns on, and what became of the cards its findings brought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.apps import apps

from zhengxiao.kernel.timeline.api import Entry, subscribe
from zhengxiao.mechanisms.detection.models import Finding
from zhengxiao.mechanisms.detection.running import look_at
from zhengxiao.mechanisms.detection.services import outcome_note

HEARD = ("cases.decided", "cases.supplement_asked", "cases.suspended", "cases.refiling_noticed")
"""Facts of others that make a case worth a look at once. What rests on receipt or on steps alone is seen at night."""
TOLD_LATE = timedelta(days=2)
CARDS = "zhengxiao.mechanisms.supervision"


def look(entry: Entry) -> None:
    look_at_batch([entry])


def look_at_batch(entries: Sequence[Entry]) -> None:
    """Cases moved. History that is told long after (an import) is left to the nightly run, which reads it in one go."""
    fresh = [e for e in entries if e.subject_kind == "case" and e.recorded_at - e.at <= TOLD_LATE]
    for fact in sorted({entry.fact for entry in fresh}):
        heard = [entry for entry in fresh if entry.fact == fact]
        look_at(
            case_ids=[entry.subject_id for entry in heard],
            fact=fact,
            at=max(entry.recorded_at for entry in heard),
        )


def card_upheld(entry: Entry) -> None:
    _note(entry, Finding.Outcome.UPHELD)


def card_lifted(entry: Entry) -> None:
    _note(entry, Finding.Outcome.LIFTED)


def _note(entry: Entry, outcome: str) -> None:
    finding = entry.data.get("finding_id")
    if isinstance(finding, int):
        outcome_note(finding_id=finding, outcome=outcome, at=entry.at)


def connect() -> None:
    """Cards are heard of only where somebody issues them: a district may run detection without the mechanism of cards."""
    if apps.is_installed(CARDS):
        subscribe("supervision.card_upheld", name="detection.card_upheld", handler=card_upheld)
        subscribe("supervision.card_lifted", name="detection.card_lifted", handler=card_lifted)
    for fact in HEARD:
        subscribe(fact, name=f"detection.look.{fact.split('.')[1]}", handler=look, batch=look_at_batch)
