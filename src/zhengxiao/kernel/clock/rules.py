"""Verdicts from facts: pauses, due moment, warning moments, light. Pure; every moment is an aware datetime.

A clock's stored rows say what happened; everything here is a function of (term, rows, day table, policy, now).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from zhengxiao.kernel.calendar.rules import DayTable, Due, Pause, Term, Unit
from zhengxiao.kernel.clock.policies import GRAVITY, Base, Light, Rung

TICK = timedelta(microseconds=1)
HOUR_UNITS = frozenset({Unit.HOUR, Unit.WORKHOUR})


class Verb(StrEnum):
    """What a row of a clock may say."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    HAND_OVER = "hand_over"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Row:
    """One stored row as the rules need it. `until` caps a pause; `amount` lengthens the term."""

    verb: Verb
    at: datetime
    amount: int = 0
    until: datetime | None = None
    ground: str = ""
    held_by: str = ""


@dataclass(frozen=True, slots=True)
class HeldPause:
    """A stretch during which the clock stood still, and who held the matter meanwhile."""

    start: datetime
    end: datetime | None
    ground: str
    held_by: str

    @property
    def pause(self) -> Pause:
        return Pause(self.start, self.end)


def held_pauses(rows: Iterable[Row]) -> tuple[HeldPause, ...]:
    """The pauses that the rows tell of. A capped pause ends by rule at its cap even when nobody resumed."""
    pauses: list[HeldPause] = []
    opened: Row | None = None
    for row in rows:
        if row.verb is Verb.PAUSE:
            opened = row
        elif row.verb in (Verb.RESUME, Verb.STOP) and opened is not None:
            end = row.at if opened.until is None else min(row.at, opened.until)
            pauses.append(HeldPause(opened.at, end, opened.ground, opened.held_by))
            opened = None
    if opened is not None:
        pauses.append(HeldPause(opened.at, opened.until, opened.ground, opened.held_by))
    return tuple(pauses)


def extension_of(rows: Iterable[Row]) -> int:
    """By how much, in the term's own unit, the rows lengthen the term."""
    return sum(row.amount for row in rows if row.verb is Verb.EXTEND)


def open_pause(rows: Sequence[Row]) -> Row | None:
    """The pause that nobody has ended yet, if any (its cap may have ended it by rule)."""
    for row in reversed(rows):
        if row.verb in (Verb.RESUME, Verb.STOP):
            return None
        if row.verb is Verb.PAUSE:
            return row
    return None


@dataclass(frozen=True, slots=True)
class Projection:
    """What the caches of a clock hold: all derived, all recomputable."""

    due_at: datetime | None
    due_on: date | None
    provisional: bool
    paused_since: datetime | None
    paused_until: datetime | None
    blue_at: datetime | None
    yellow_at: datetime | None
    red_at: datetime | None


def day_start(table: DayTable, day: date) -> datetime:
    """The first moment of a local day."""
    return datetime.combine(day, time.min, tzinfo=table.zone)


def cap_moment(table: DayTable, paused_at: datetime, workdays: int) -> datetime:
    """When a pause that may take `workdays` working days ends by rule: the first moment of the day that counts again."""
    day = table.local_date(paused_at)
    return day_start(table, table.nth_workday_from(day, workdays if table.is_workday(day) else workdays + 1))


def rung_moment(
    table: DayTable, rung: Rung, term: Term, started_at: datetime, due_at: datetime, due_on: date
) -> datetime:
    """The first moment at which the rung's light shows; never before the start of the clock.

    A lead is at most the term less one working day, so that a one-day promise is blue on its own day, not from birth.
    """
    if rung.base is Base.AFTER_DUE:
        if rung.workdays == 0:
            return due_at + TICK
        return day_start(table, table.nth_workday_from(due_on, rung.workdays))
    if term.unit in HOUR_UNITS:
        return max(started_at, due_at - timedelta(hours=term.amount) / 4)
    lead = min(rung.workdays, max(term.amount - 1, 0)) if term.unit is Unit.WORKDAY else rung.workdays
    day = table.nth_workday_from(due_on, -lead) if lead else due_on
    return max(started_at, day_start(table, day))


def project(
    table: DayTable, *, term: Term, started_at: datetime, rows: Sequence[Row], policy: Sequence[Rung]
) -> Projection:
    """Due and warning moments of a clock that started at `started_at` with the rows since.

    While an uncapped pause is open and the clock had not fallen due before it, nothing is due and nothing warns.
    """
    lengthened = Term(term.amount + extension_of(rows), term.unit)
    due = table.due(started_at, lengthened, tuple(held.pause for held in held_pauses(rows)))
    return _projection(table, lengthened, started_at, due, rows, policy)


def project_given(
    table: DayTable, *, due_at: datetime, started_at: datetime, rows: Sequence[Row], policy: Sequence[Rung]
) -> Projection:
    """The same for a clock whose last moment the source system itself gave: no calendar and no pause moves it."""
    due_on = table.local_date(due_at)
    term = Term(due_on.toordinal(), Unit.FIXED)
    return _projection(table, term, started_at, Due(due_at, due_on, provisional=False), rows, policy)


def _projection(
    table: DayTable, term: Term, started_at: datetime, due: Due, rows: Sequence[Row], policy: Sequence[Rung]
) -> Projection:
    opened = open_pause(rows)
    moments: dict[Light, datetime] = {}
    if due.at is not None and due.on is not None:
        for rung in policy:
            moment = rung_moment(table, rung, term, started_at, due.at, due.on)
            moments[rung.level] = moment if rung.breach else _after_pauses(moment, rows)
    return Projection(
        due_at=due.at,
        due_on=due.on,
        provisional=due.provisional,
        paused_since=opened.at if opened else None,
        paused_until=opened.until if opened else None,
        blue_at=moments.get(Light.BLUE),
        yellow_at=moments.get(Light.YELLOW),
        red_at=moments.get(Light.RED),
    )


def _after_pauses(moment: datetime, rows: Sequence[Row]) -> datetime:
    """A reminder that would fall into a pause, when the light is grey, comes when the clock runs again."""
    for held in held_pauses(rows):
        if held.start <= moment and held.end is not None and moment < held.end:
            moment = held.end
    return moment


def light_at(projection: Projection, at: datetime) -> Light:
    """The light of a running clock at a moment. A breach outweighs a pause: stopping an expired clock hides nothing."""
    if projection.red_at is not None and at >= projection.red_at:
        return Light.RED
    if projection.yellow_at is not None and at >= projection.yellow_at:
        return Light.YELLOW
    if projection.paused_since is not None and (
        projection.paused_until is None or at < projection.paused_until
    ):
        return Light.GREY
    if projection.blue_at is not None and at >= projection.blue_at:
        return Light.BLUE
    return Light.GREEN


def gravest(lights: Iterable[Light]) -> Light:
    """The light that a subject with several running clocks shows; green when it has none."""
    return max(lights, key=GRAVITY.__getitem__, default=Light.GREEN)


FIRED_BIT = {Light.BLUE: 1, Light.YELLOW: 2, Light.RED: 4}


def level_moments(projection: Projection) -> list[tuple[Light, datetime]]:
    """The rungs that have a moment, in the order in which they come."""
    pairs = [
        (Light.BLUE, projection.blue_at),
        (Light.YELLOW, projection.yellow_at),
        (Light.RED, projection.red_at),
    ]
    return sorted(
        ((level, moment) for level, moment in pairs if moment is not None), key=lambda pair: pair[1]
    )


def next_look(projection: Projection, fired: int) -> datetime | None:
    """When the sweep has to look again: the first rung not yet claimed, or the cap of an open pause."""
    moments = [moment for level, moment in level_moments(projection) if not fired & FIRED_BIT[level]]
    if projection.paused_until is not None:
        moments.append(projection.paused_until)
    return min(moments, default=None)
