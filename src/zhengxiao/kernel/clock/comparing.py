"""Plain clocks (no pause, no extension) against a day table, many at once: which verdicts differ, and what they are instead.

Everything that follows from a due day – its last moment and the warning moments – is worked out once per term, policy and
day, so that a clock costs a comparison and not a projection.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import numpy as np

from zhengxiao.kernel.calendar.api import DayTable, Term, Unit
from zhengxiao.kernel.clock.policies import POLICIES, Light
from zhengxiao.kernel.clock.rules import Projection, next_look, rung_moment

DAY_UNITS = frozenset({Unit.WORKDAY, Unit.DAY, Unit.MONTH, Unit.YEAR, Unit.DAY_OF_MONTH, Unit.QUARTER_END})
BEGINNING = datetime.min.replace(tzinfo=UTC)


class PlainClock(NamedTuple):
    """The columns of a running plain clock that decide and cache its verdicts; in the order of the query."""

    pk: int
    started_at: datetime
    due_on: date
    provisional: bool
    blue_at: datetime | None
    yellow_at: datetime | None
    red_at: datetime | None
    fired: int
    term_amount: int
    term_unit: str
    rule_id: int


COLUMNS = PlainClock._fields


@dataclass(frozen=True, slots=True)
class _Day:
    """What follows from one due day: its last moment and the rungs, not yet held to the start of a clock."""

    due_at: datetime
    rungs: tuple[datetime | None, datetime | None, datetime | None]

    def held(self, started_at: datetime) -> tuple[datetime | None, datetime | None, datetime | None]:
        """The warning moments of a clock; none lies before its start."""
        blue, yellow, red = self.rungs
        return (
            blue and max(started_at, blue),
            yellow and max(started_at, yellow),
            red and max(started_at, red),
        )


def _day(table: DayTable, term: Term, policy: str, on: date) -> _Day:
    due_at = table.close_of(on)
    moments = {rung.level: rung_moment(table, rung, term, BEGINNING, due_at, on) for rung in POLICIES[policy]}
    return _Day(due_at, (moments.get(Light.BLUE), moments.get(Light.YELLOW), moments.get(Light.RED)))


def _columns(clock: PlainClock, day: _Day, on: date, *, provisional: bool, version: str) -> dict[str, Any]:
    blue, yellow, red = day.held(clock.started_at)
    projection = Projection(day.due_at, on, provisional, None, None, blue, yellow, red)
    return {
        "due_at": day.due_at,
        "due_on": on,
        "provisional": provisional,
        "paused_since": None,
        "paused_until": None,
        "blue_at": blue,
        "yellow_at": yellow,
        "red_at": red,
        "next_look_at": next_look(projection, clock.fired),
        "extension_amount": 0,
        "plain": True,
        "calendar_version": version,
    }


def differing(
    clocks: Sequence[PlainClock], table: DayTable, policies: dict[int, str]
) -> Iterator[tuple[PlainClock, dict[str, Any]]]:
    """The clocks whose cached verdicts are not those of `table`, each with its columns as they ought to be.

    `policies`: rule id → warning policy.
    """
    groups: dict[tuple[int, str, int], list[PlainClock]] = defaultdict(list)
    for clock in clocks:
        groups[clock.term_amount, clock.term_unit, clock.rule_id].append(clock)
    version = str(table.version)
    for (amount, unit, rule_id), members in groups.items():
        term, policy = Term(amount, Unit(unit)), policies[rule_id]
        starts = np.array([table.local_date(clock.started_at) for clock in members], dtype="datetime64[D]")
        due, unsure = table.due_many(starts, term)
        days: dict[date, _Day] = {}
        for clock, on, provisional in zip(members, due.tolist(), unsure.tolist(), strict=True):
            day = days.get(on)
            if day is None:
                day = days[on] = _day(table, term, policy, on)
            if (
                on != clock.due_on
                or provisional != clock.provisional
                or day.held(clock.started_at) != (clock.blue_at, clock.yellow_at, clock.red_at)
            ):
                yield clock, _columns(clock, day, on, provisional=provisional, version=version)
