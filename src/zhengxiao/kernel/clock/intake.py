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
from zhengxiao.kernel.clock.policies import POLICIES
from zhengxiao.kernel.clock.projecting import projection_columns, used_between
from zhengxiao.kernel.clock.rules import (
    Projection,
    Row,
    Verb,
    cap_moment,
    extension_of,
    project,
    project_given,
)
from zhengxiao.kernel.jobs.api import row_maker
from zhengxiao.lib.actors import SYSTEM, Actor


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
            until = cap_moment(table, pause.start, ground.max_workdays)
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


def _used(past: PastClock, table: DayTable, unit: Unit, rows: list[Row]) -> Decimal | None:
    if past.stopped_at is None:
        return None
    return used_between(table, past.started_at, past.stopped_at, unit, rows)


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
    return clock, _all_stored(past, pairs, actor, recorded_at)


def _projected(past: PastClock, table: DayTable, rows: list[Row]) -> tuple[Term, Projection]:
    """The term and what follows from it, or the source's own due moment as a fixed date."""
    policy, started_at = POLICIES[past.rule.policy], past.started_at
    if past.source_due is not None:
        given = project_given(table, due_at=past.source_due, started_at=started_at, rows=rows, policy=policy)
        return Term(table.local_date(past.source_due).toordinal(), Unit.FIXED), given
    assert past.term is not None  # noqa: S101 - a clock has a term or the source's due moment
    return past.term, project(table, term=past.term, started_at=started_at, rows=rows, policy=policy)


def _all_stored(
    past: PastClock, pairs: list[tuple[Row, dict[str, object]]], actor: Actor, recorded_at: datetime
) -> list[ClockRow]:
    start: tuple[Row, dict[str, object]] = (
        Row(Verb.START, past.started_at),
        {"legal_ground": past.rule.legal_ground},
    )
    return [
        _stored(number, row, extra, actor, recorded_at)
        for number, (row, extra) in enumerate([start, *pairs], start=1)
    ]


def _stored(
    number: int, row: Row, extra: Mapping[str, object], actor: Actor, recorded_at: datetime
) -> ClockRow:
    """One row; the caller sets `clock_id` once the clock has its key."""
    made: ClockRow = row_maker(ClockRow)(
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
    return made
