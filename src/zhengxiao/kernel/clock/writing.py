"""What all verbs of a clock share: read and check it, claim it, append the dated row, tell the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from zhengxiao.kernel.clock import refusals
from zhengxiao.kernel.clock.models import Clock, ClockRow
from zhengxiao.kernel.clock.projecting import caches, plain_rows, table_of, term_of
from zhengxiao.kernel.clock.rules import Row, Verb, next_look, open_pause
from zhengxiao.kernel.database.api import Prepared
from zhengxiao.kernel.jobs.api import bulk_insert, row_maker
from zhengxiao.kernel.timeline.api import RowWrite, Subject, changed, record
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.refusals import StaleState

VERB_WORDS = {
    Verb.PAUSE: "中止计时",
    Verb.RESUME: "恢复计时",
    Verb.EXTEND: "延期",
    Verb.HAND_OVER: "移交",
    Verb.STOP: "停止计时",
}


def words(clock: Clock, **more: Any) -> dict[str, Any]:
    return {
        "clock": clock.label,
        "clock_id": clock.pk,
        "clock_kind": clock.kind,
        "term": str(term_of(clock)),
        "due_on": clock.due_on,
        "provisional": clock.provisional,
        **more,
    }


def write_row(
    clock: Clock, number: int, verb: Verb, at: datetime, recorded_at: datetime, actor: Actor, **columns: Any
) -> ClockRow:
    row: ClockRow = row_maker(ClockRow)(
        clock_id=clock.pk,
        number=number,
        verb=verb.value,
        at=at,
        recorded_at=recorded_at,
        actor_id=actor.user_id,
        actor_name=actor.name,
        **columns,
    )
    bulk_insert(ClockRow, [row])
    return row


_CLOCK = Prepared(lambda pk: Clock.objects.select_related("rule").filter(pk=pk), pk=int)
_ROWS = Prepared(lambda clock_id: ClockRow.objects.filter(clock_id=clock_id).order_by("number"), clock_id=int)


def load(clock_id: int, verb: Verb, at: datetime) -> tuple[Clock, list[ClockRow]]:
    """The clock and its rows, checked: still running, and `at` not before anything that was written of it.

    A pause that ended by rule meanwhile is written down first, whether or not a sweep came by.
    """
    clock: Clock | None = next(iter(_CLOCK(pk=clock_id)), None)
    if clock is None:
        raise Clock.DoesNotExist
    if clock.stopped_at is not None:
        raise refusals.ClockStopped(clock=clock.label, verb=VERB_WORDS[verb])
    stored: list[ClockRow] = _ROWS(clock_id=clock_id)
    last = max(stored[-1].at, stored[-1].recorded_at) if len(stored) > 1 else stored[-1].at
    if at < last:
        shown = timezone.localtime(last).strftime("%Y-%m-%d %H:%M")
        raise refusals.ClockMovesBackward(verb=VERB_WORDS[verb], last=shown)
    opened = open_pause(plain_rows(stored))
    if opened is not None and opened.until is not None and opened.until <= at:
        stored = [*stored, _end_at_cap(clock, stored, opened.until, at)]
    return clock, stored


def _end_at_cap(clock: Clock, stored: list[ClockRow], cap: datetime, at: datetime) -> ClockRow:
    """Write down that a capped pause ended by rule, before anything else happens."""
    changes = caches(clock, table_of(clock), [*plain_rows(stored), Row(Verb.RESUME, cap)], clock.fired)
    _claim(clock, changes)
    row = write_row(clock, stored[-1].number + 1, Verb.RESUME, cap, at, SYSTEM, ground="cap_reached")
    rows = [row, *given_due(clock)]
    tell(clock, "clock.cap_reached", SYSTEM, cap, rows=rows, recorded_at=at, since_at=cap)
    return row


def given_due(clock: Clock) -> list[RowWrite]:
    """What a verb changed of a clock whose due moment is record: its source gave it, no term does."""
    return [changed(clock, "due_at", "calendar_version")] if clock.source_due else []


def _claim(clock: Clock, changes: dict[str, Any]) -> None:
    """Write the columns if the clock is still as it was read, rows and calendar alike. StaleState when it is not.

    A sweep that has told a rung meanwhile takes nothing from what the verb decided on: only where the next look falls
    follows what has been fired, and is worked out again. Each further try is for one more rung, so they come to an end.
    """
    unchanged = Clock.objects.filter(
        pk=clock.pk,
        revision=clock.revision,
        calendar_version=clock.calendar_version,
        stopped_at__isnull=True,
    )
    changes = {**changes, "revision": clock.revision + 1}
    for name, value in changes.items():
        setattr(clock, name, value)
    while unchanged.filter(fired=clock.fired).update(**changes) != 1:
        fired = unchanged.values_list("fired", flat=True).first()
        if fired is None or fired == clock.fired:
            raise StaleState()
        clock.fired = fired
        if clock.stopped_at is None:
            clock.next_look_at = changes["next_look_at"] = next_look(clock.projection, fired)


def append(
    clock: Clock,
    stored: list[ClockRow],
    new: Row,
    *,
    actor: Actor,
    columns: dict[str, Any],
    more: dict[str, Any] | None = None,
) -> list[RowWrite]:
    """Claim the clock at its revision, write caches and the row. StaleState when another verb came first.

    Returns what was written of record, for the fact.
    """
    rows = [*plain_rows(stored), new]
    _claim(clock, {**caches(clock, table_of(clock), rows, clock.fired), **(more or {})})
    row = write_row(clock, stored[-1].number + 1, new.verb, new.at, new.at, actor, **columns)
    if clock.stopped_at is not None:
        return [row, clock]
    return [row, *([changed(clock, *more)] if more else []), *given_due(clock)]


def tell(
    clock: Clock,
    fact: str,
    actor: Actor,
    at: datetime,
    *,
    rows: Sequence[RowWrite],
    recorded_at: datetime | None = None,
    **more: Any,
) -> None:
    record(
        fact=fact,
        subject=Subject(clock.subject_kind, clock.subject_id),
        actor=actor,
        at=at,
        recorded_at=recorded_at,
        data=words(clock, **more),
        unit_id=clock.owner_unit_id,
        rows=rows,
    )
