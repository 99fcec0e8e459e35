"""Reads: a subject's clocks, lights, and the calculation sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from zhengxiao.kernel.calendar.api import DayLine, DayTable, Term, Unit
from zhengxiao.kernel.clock.models import Clock, ClockQuerySet, ClockRow
from zhengxiao.kernel.clock.policies import Light
from zhengxiao.kernel.clock.projecting import plain_rows, table_of, term_of, used_of
from zhengxiao.kernel.clock.rules import HeldPause, Verb, extension_of, gravest, held_pauses, light_at


@dataclass(frozen=True, slots=True)
class Held:
    """How long the matter lay with one holder: `days` working days, by who held it."""

    holder: str
    days: int


@dataclass(frozen=True, slots=True)
class CalculationSheet:
    """Every day of a clock, counted or not, by which rule and source; a page, a print and an API answer show this."""

    clock: Clock
    at: datetime
    term: Term
    extension: int
    lines: tuple[DayLine, ...]
    rows: tuple[ClockRow, ...]
    pauses: tuple[HeldPause, ...]
    used: Decimal
    remaining: Decimal | None
    light: Light | None
    held: tuple[Held, ...]
    legal_ground: str
    calendar_version: str

    @property
    def counted(self) -> int:
        return sum(1 for line in self.lines if line.counted and line.date <= self.until.date())

    @property
    def until(self) -> datetime:
        return (self.clock.stopped_at or self.at).astimezone(table_of(self.clock).zone)


def clocks_of(kind: str, subject_id: int) -> ClockQuerySet:
    """All clocks of a subject, running and stopped, in the order in which they began."""
    return (
        Clock.objects.about(kind, subject_id)
        .select_related("rule", "owner_unit", "owner")
        .order_by("started_at", "id")
    )


def lights_of(kind: str, subject_ids: Iterable[int], at: datetime) -> dict[int, Light]:
    """The gravest light of each subject's running clocks; subjects without a running clock are absent. One query."""
    found: dict[int, list[Light]] = {}
    clocks = Clock.objects.running().filter(subject_kind=kind, subject_id__in=list(subject_ids))
    for clock in clocks.only(
        "subject_id",
        "due_at",
        "due_on",
        "provisional",
        "paused_since",
        "paused_until",
        "blue_at",
        "yellow_at",
        "red_at",
    ):
        found.setdefault(clock.subject_id, []).append(light_at(clock.projection, at))
    return {subject_id: gravest(lights) for subject_id, lights in found.items()}


def _held(table_days: dict[str, int], counted: int) -> tuple[Held, ...]:
    return (Held("department", counted), *(Held(name, days) for name, days in sorted(table_days.items())))


def explain(clock: Clock, *, at: datetime) -> CalculationSheet:
    """The calculation sheet of a clock as of `at` (or as of its stop), on the calendar by which the clock was judged."""
    rows = tuple(clock.rows.select_related("actor", "to_unit").order_by("number"))
    return _sheet(clock, at, table_of(clock), rows)


def explain_many(asked: Sequence[tuple[Clock, datetime]]) -> list[CalculationSheet]:
    """The sheets of many clocks, each as of its own moment; one query for all their rows."""
    stored: dict[int, list[ClockRow]] = {clock.pk: [] for clock, _ in asked}
    rows = ClockRow.objects.filter(clock_id__in=stored).select_related("actor", "to_unit")
    for row in rows.order_by("clock_id", "number"):
        stored[row.clock_id].append(row)
    tables: dict[tuple[str, str], DayTable] = {}
    for clock, _ in asked:
        key = (clock.region, clock.calendar_version)
        if key not in tables:
            tables[key] = table_of(clock)
    return [
        _sheet(clock, at, tables[clock.region, clock.calendar_version], tuple(stored[clock.pk]))
        for clock, at in asked
    ]


def _sheet(clock: Clock, at: datetime, table: DayTable, stored: tuple[ClockRow, ...]) -> CalculationSheet:
    rows = [] if clock.plain else plain_rows(stored)
    pauses = held_pauses(rows)
    until = clock.stopped_at or at
    term = term_of(clock)
    extension = extension_of(rows)
    lengthened = Term(term.amount + extension, term.unit)
    lines = tuple(table.explain(clock.started_at, lengthened, tuple(held.pause for held in pauses), until))
    used = used_of(clock, table, rows, until)
    whole = term.unit in (Unit.WORKDAY, Unit.WORKHOUR, Unit.HOUR, Unit.DAY)
    days = _held_days(pauses, table, until)
    begin_day = clock.started_at.astimezone(table.zone).date()
    end_day = until.astimezone(table.zone).date()
    own = table.workdays_between(begin_day, end_day) - sum(days.values())
    return CalculationSheet(
        clock=clock,
        at=at,
        term=lengthened,
        extension=extension,
        lines=lines,
        rows=stored,
        pauses=pauses,
        used=used,
        remaining=Decimal(lengthened.amount) - used if whole else None,
        light=clock.light(at),
        held=_held(days, max(own, 0)),
        legal_ground=clock.rule.legal_ground,
        calendar_version=str(table.version),
    )


def _held_days(pauses: Iterable[HeldPause], table: DayTable, until: datetime) -> dict[str, int]:
    """Working days of the pauses up to `until`, by who held the matter."""
    days: dict[str, int] = {}
    for held in pauses:
        end = min(held.end or until, until)
        if end > held.start:
            first = held.start.astimezone(table.zone).date()
            last = end.astimezone(table.zone).date()
            days[held.held_by] = days.get(held.held_by, 0) + table.workdays_between(first, last)
    return days


def last_pause(clock: Clock) -> ClockRow | None:
    """The row of the pause that is open, with its ground and notice; None when the clock runs."""
    row = clock.rows.filter(verb__in=[Verb.PAUSE, Verb.RESUME, Verb.STOP]).order_by("-number").first()
    return row if row is not None and row.verb == Verb.PAUSE else None
