"""The relay hears of decisions. The moment is the fact's own."""

from __future__ import annotations

from collections.abc import Sequence

from zhengxiao.kernel.timeline.api import Entry, subscribe
from zhengxiao.mechanisms.relay.rules import is_fresh
from zhengxiao.mechanisms.relay.services import relay_open


def decided(entry: Entry) -> None:
    """A granted licence goes to its supervising unit; history brought in long afterwards does not."""
    if is_fresh(decided_at=entry.at, recorded_at=entry.recorded_at):
        relay_open(case_id=entry.subject_id, at=entry.at)


def decided_together(entries: Sequence[Entry]) -> None:
    for entry in entries:
        decided(entry)


def connect() -> None:
    subscribe("cases.decided", name="relay.decided", handler=decided, batch=decided_together)
