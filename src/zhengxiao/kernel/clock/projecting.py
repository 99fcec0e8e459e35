"""From a clock's stored rows to its derived columns: what every verb, the sweep and the re-projection write alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from zhengxiao.kernel.calendar.api import DayTable, Term, Unit, day_table
from zhengxiao.kernel.clock.models import Clock, ClockRow
from zhengxiao.kernel.clock.policies import POLICIES
from zhengxiao.kernel.clock.rules import (
    Projection,
    Row,
    Verb,
    extension_of,
    held_pauses,
    next_look,
    project,
    project_given,
)

USED_PLACES = Decimal("0.0001")


def term_of(clock: Clock) -> Term:
    return Term(clock.term_amount, Unit(clock.term_unit))


def table_of(clock: Clock) -> DayTable:
    """The day table the clock was last projected on. Only the re-projection moves a clock to a newer one, with its fact."""
    version = clock.calendar_version
    return day_table(clock.region, int(version) if version.isdecimal() else None)


def plain_rows(stored: Sequence[ClockRow]) -> list[Row]:
    """Stored rows as the rules need them."""
    return [Row(Verb(r.verb), r.at, r.amount, r.until, r.ground, r.held_by) for r in stored]


def rows_of(clock: Clock) -> list[Row]:
    """The clock's rows as the rules need them, in order. A plain clock has none that matter."""
    return [] if clock.plain else plain_rows(list(clock.rows.order_by("number")))


def project_clock(clock: Clock, table: DayTable, rows: Sequence[Row]) -> Projection:
    """The projection of a stored clock, whether its term or its source system gives the due moment."""
    policy = POLICIES[clock.rule.policy]
    if not clock.source_due:
        return project(table, term=term_of(clock), started_at=clock.started_at, rows=rows, policy=policy)
    given = clock.due_at
    assert given is not None  # noqa: S101 - such a clock is built with the moment its source gave
    due_at = given + timedelta(days=extension_of(rows) - clock.extension_amount)
    return project_given(table, due_at=due_at, started_at=clock.started_at, rows=rows, policy=policy)


def caches(clock: Clock, table: DayTable, rows: Sequence[Row], fired: int) -> dict[str, Any]:
    """The derived columns of a running clock, ready for an update."""
    return {
        **projection_columns(project_clock(clock, table, rows), fired),
        "extension_amount": extension_of(rows),
        "plain": all(row.verb in (Verb.START, Verb.HAND_OVER) for row in rows),
        "calendar_version": str(table.version),
    }


def projection_columns(projection: Projection, fired: int) -> dict[str, Any]:
    return {
        "due_at": projection.due_at,
        "due_on": projection.due_on,
        "provisional": projection.provisional,
        "paused_since": projection.paused_since,
        "paused_until": projection.paused_until,
        "blue_at": projection.blue_at,
        "yellow_at": projection.yellow_at,
        "red_at": projection.red_at,
        "next_look_at": next_look(projection, fired),
    }


def unit_of_use(unit: Unit) -> Unit:
    """What use is counted in: the term's own unit; months and years in days, a fixed date in working days."""
    if unit in (Unit.WORKDAY, Unit.WORKHOUR, Unit.HOUR):
        return unit
    return Unit.WORKDAY if unit is Unit.FIXED else Unit.DAY


def used_between(
    table: DayTable, started_at: datetime, until: datetime, unit: Unit, rows: Sequence[Row]
) -> Decimal:
    """How much ran from start to `until`, in `unit_of_use`, pauses taken out; four decimal places, as it is stored."""
    pauses = tuple(held.pause for held in held_pauses(rows))
    used = table.used(started_at, until, unit_of_use(unit), pauses)
    return Decimal(str(used)).quantize(USED_PLACES)


def used_of(clock: Clock, table: DayTable, rows: Sequence[Row], until: datetime) -> Decimal:
    """`used_between` for a stored clock."""
    return used_between(table, clock.started_at, until, Unit(clock.term_unit), rows)
