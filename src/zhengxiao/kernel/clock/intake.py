"""The bulk lane: clocks of histories that happened elsewhere or earlier, built as unsaved rows for one bulk insert.

Same rules as the verbs, without a query per clock. The caller writes the rows inside its transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from zhengxiao.kernel.calendar.api import DayTable, Term, Unit
from zhengxiao.kernel.clock.declarations import grounds_of
from zhengxiao.kernel.clock.models import Clock, ClockRow, ClockRule
from zhengxiao.kernel.clock.rules import (
    POLICIES,
    Light,
    Projection,
    Row,
    Verb,
    day_start,
    extension_of,
    held_pauses,
    project,
    rung_moment,
)
from zhengxiao.kernel.clock.services import projection_columns
from zhengxiao.kernel.jobs.api import row_maker
from zhengxiao.lib.actors import SYSTEM, Actor

SAME_UNIT = frozenset({Unit.WORKDAY, Unit.WORKHOUR, Unit.HOUR})


@dataclass(frozen=True, slots=True)
class PastPause:
    """A pause as a history tells it: on which ground, announced by which document."""

    ground: str
    start: datetime
    end: datetime | None
    expected_days: int
    document: str


@dataclass(frozen=True, slots=True)
class PastClock:
    """A clock as a history tells it. `source_due`: the source's own last moment, which then governs instead of a term."""

    rule: ClockRule
    term: Term | None
    started_at: datetime
    stopped_at: datetime | None
    owner_unit_id: int
    owner_id: int | None = None
    label: str = ""
    parent_id: int | None = None
    source_due: datetime | None = None
    pauses: Sequence[PastPause] = ()
    extension: tuple[int, datetime, str] | None = None
    """Amount in the term's unit, moment, document."""


def _rows(past: PastClock, table: DayTable) -> list[tuple[Row, dict[str, object]]]:
    """The rows after the start, in order of time, each with the columns the rules do not need."""
    known = grounds_of(past.rule) if past.pauses else {}
    found: list[tuple[Row, dict[str, object]]] = []
    for pause in past.pauses:
        ground = known[pause.ground]
        until = None
        if ground.max_workdays is not None:
            until = day_start(
                table, table.nth_workday_from(table.local_date(pause.start), ground.max_workdays)
            )
        columns = {"legal_ground": ground.law, "document": pause.document, "amount": pause.expected_days}
        found.append((Row(Verb.PAUSE, pause.start, 0, until, pause.ground, ground.held_by), columns))
        if pause.end is not None:
            found.append((Row(Verb.RESUME, pause.end), {}))
    if past.extension is not None:
        amount, moment, document = past.extension
        found.append((Row(Verb.EXTEND, moment, amount), {"amount": amount, "document": document}))
    found.sort(key=lambda pair: pair[0].at)
    if past.stopped_at is not None:
        found.append((Row(Verb.STOP, past.stopped_at), {}))
    return found


def _given(past: PastClock, table: DayTable) -> Projection:
    """The projection of a clock whose due moment the source itself gave."""
    due = past.source_due
    assert due is not None  # noqa: S101 - asked before calling
    due_on = table.local_date(due)
    term = Term(due_on.toordinal(), Unit.FIXED)
    moments = {
        rung.level: rung_moment(table, rung, term, past.started_at, due, due_on)
        for rung in POLICIES[past.rule.policy]
    }
    return Projection(
        due_at=due,
        due_on=due_on,
        provisional=False,
        paused_since=None,
        paused_until=None,
        blue_at=moments.get(Light.BLUE),
        yellow_at=moments.get(Light.YELLOW),
        red_at=moments.get(Light.RED),
    )


def _used(past: PastClock, table: DayTable, unit: Unit, rows: list[Row]) -> Decimal | None:
    if past.stopped_at is None:
        return None
    counted_in = unit if unit in SAME_UNIT else Unit.DAY
    if unit is Unit.FIXED:
        counted_in = Unit.WORKDAY
    pauses = tuple(held.pause for held in held_pauses(rows))
    return Decimal(str(table.used(past.started_at, past.stopped_at, counted_in, pauses)))


def build_clock(
    past: PastClock,
    *,
    subject_kind: str,
    subject_id: int,
    region: str,
    table: DayTable,
    actor: Actor = SYSTEM,
    recorded_at: datetime,
) -> tuple[Clock, list[ClockRow]]:
    """One unsaved clock and its unsaved rows. A running clock warns at the next sweep, with the legal moments."""
    pairs = _rows(past, table)
    rows = [row for row, _ in pairs]
    term, projection = _projected(past, table, rows)
    columns = projection_columns(projection, 0)
    if past.stopped_at is not None:
        columns |= {"next_look_at": None, "paused_since": None, "paused_until": None}
    clock = row_maker(Clock)(
        subject_kind=subject_kind,
        subject_id=subject_id,
        kind=past.rule.kind,
        label=past.label or past.rule.label,
        rule_id=past.rule.pk,
        parent_id=past.parent_id,
        term_amount=term.amount,
        term_unit=term.unit.value,
        region=region,
        owner_unit_id=past.owner_unit_id,
        owner_id=past.owner_id,
        started_at=past.started_at,
        stopped_at=past.stopped_at,
        source_due=past.source_due is not None,
        revision=len(rows) + 1,
        extension_amount=extension_of(rows),
        plain=all(row.verb is Verb.STOP for row in rows),
        calendar_version=str(table.version),
        used=_used(past, table, term.unit, rows),
        **columns,
    )
    start = (Row(Verb.START, past.started_at), {"legal_ground": past.rule.legal_ground})
    stored = [
        _stored(number, row, extra, actor, recorded_at)
        for number, (row, extra) in enumerate([start, *pairs], start=1)
    ]
    return clock, stored


def _projected(past: PastClock, table: DayTable, rows: list[Row]) -> tuple[Term, Projection]:
    """The term and what follows from it, or the source's own due moment as a fixed date."""
    if past.source_due is not None:
        return Term(table.local_date(past.source_due).toordinal(), Unit.FIXED), _given(past, table)
    assert past.term is not None  # noqa: S101 - a clock has a term or the source's due moment
    policy = POLICIES[past.rule.policy]
    return past.term, project(table, term=past.term, started_at=past.started_at, rows=rows, policy=policy)


def _stored(
    number: int, row: Row, extra: Mapping[str, object], actor: Actor, recorded_at: datetime
) -> ClockRow:
    """One row; the caller sets `clock_id` once the clock has its key."""
    return row_maker(ClockRow)(
        number=number,
        verb=row.verb.value,
        at=row.at,
        recorded_at=recorded_at,
        actor_id=actor.user_id,
        actor_name=actor.name,
        ground=row.ground,
        held_by=row.held_by,
        until=row.until,
        **extra,
    )
