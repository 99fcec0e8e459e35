"""What a calendar change does to running clocks: preview before, re-projection after, with the reason on each timeline.

Plain clocks (no pause, no extension) are compared in bulk; only those whose due day really moves are computed one by one.
Re-projection is idempotent and can be repeated: it looks for running clocks whose calendar version is not the one in force.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from django.db import transaction

from zhengxiao.kernel.calendar.api import (
    DayTable,
    Term,
    Unit,
    day_table,
    table_with,
)
from zhengxiao.kernel.clock.models import Clock, ClockQuerySet, ClockRow, ClockRule
from zhengxiao.kernel.clock.policies import POLICIES
from zhengxiao.kernel.clock.projecting import caches, plain_rows, term_of
from zhengxiao.kernel.clock.rules import Row, rung_moment
from zhengxiao.kernel.jobs.api import bulk_update
from zhengxiao.kernel.timeline.api import FactRow, Subject, record_many
from zhengxiao.lib.actors import SYSTEM, Actor

CHUNK = 20_000
SAMPLE = 200
DAY_UNITS = frozenset({Unit.WORKDAY, Unit.DAY, Unit.MONTH, Unit.YEAR, Unit.DAY_OF_MONTH, Unit.QUARTER_END})
UPDATED = (
    "due_at", "due_on", "provisional", "paused_since", "paused_until", "blue_at", "yellow_at", "red_at",
    "next_look_at", "calendar_version", "extension_amount", "plain",
)  # fmt: skip
VERDICTS = ("due_at", "due_on", "provisional", "blue_at", "yellow_at", "red_at")
BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moved:
    """One running clock whose due day would move."""

    clock_id: int
    subject_kind: str
    subject_id: int
    label: str
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class CalendarEffect:
    """What confirming a version would do: clocks looked at, how many move earlier or later, how many stop being
    provisional, and the first of them by name."""

    looked: int
    earlier: int
    later: int
    settled: int
    sample: tuple[Moved, ...]

    @property
    def moved(self) -> int:
        return self.earlier + self.later


@dataclass(slots=True)
class _Change:
    clock: Clock
    columns: dict[str, Any]
    before: date | None

    @property
    def moves(self) -> int:
        """-1 earlier, 1 later, 0 when the due day stays; a clock that nothing ends is later than any day."""
        before, after = self.before or date.max, self.columns["due_on"] or date.max
        return (after > before) - (after < before)

    @property
    def settles(self) -> bool:
        """The day stays and is certain now."""
        return not self.moves and self.clock.provisional and not self.columns["provisional"]

    @property
    def moved(self) -> Moved:
        clock = self.clock
        return Moved(
            clock.pk, clock.subject_kind, clock.subject_id, clock.label, self.before, self.columns["due_on"]
        )


TableOf = Callable[[str], DayTable]


def _regions() -> list[str]:
    return list(Clock.objects.running().order_by().values_list("region", flat=True).distinct())


def _candidates(clocks: Sequence[Clock], table: DayTable) -> Iterator[Clock]:
    """Clocks that may change: all with rows of their own, and the plain ones whose due day or warning moments differ."""
    groups: dict[Term, list[Clock]] = defaultdict(list)
    for clock in clocks:
        term = term_of(clock)
        if clock.plain and term.unit in DAY_UNITS and clock.due_on is not None:
            groups[term].append(clock)
        else:
            yield clock
    for term, members in groups.items():
        starts = np.array([table.local_date(clock.started_at) for clock in members], dtype="datetime64[D]")
        known = np.array([clock.due_on for clock in members], dtype="datetime64[D]")
        provisional = np.array([clock.provisional for clock in members], dtype=bool)
        due, unsure = table.due_many(starts, term)
        moved = (due != known) | (unsure != provisional)
        moments = _Moments(table, term)
        for position, clock in enumerate(members):
            if moved[position] or not moments.fit(clock):
                yield clock


class _Moments:
    """Whether plain clocks of one term still warn when their policy says; worked out once per policy and due day."""

    def __init__(self, table: DayTable, term: Term) -> None:
        self.table = table
        self.term = term
        self._known: dict[tuple[str, date], list[tuple[str, datetime]]] = {}

    def fit(self, clock: Clock) -> bool:
        return all(
            getattr(clock, column) == max(clock.started_at, moment) for column, moment in self._of(clock)
        )

    def _of(self, clock: Clock) -> list[tuple[str, datetime]]:
        policy, on, at = clock.rule.policy, clock.due_on, clock.due_at
        assert on is not None and at is not None  # noqa: S101, PT018 - asked before grouping
        found = self._known.get((policy, on))
        if found is None:
            found = self._known[policy, on] = [
                (f"{rung.level.value}_at", rung_moment(self.table, rung, self.term, BEGINNING, at, on))
                for rung in POLICIES[policy]
            ]
        return found


def _changes(clocks: Sequence[Clock], table: DayTable) -> Iterator[_Change]:
    known = _rows_of_all(clocks)
    for clock in _candidates(clocks, table):
        columns = caches(clock, table, known.get(clock.pk, ()), clock.fired)
        if any(columns[name] != getattr(clock, name) for name in VERDICTS):
            yield _Change(clock, columns, clock.due_on)


def _rows_of_all(clocks: Sequence[Clock]) -> dict[int, list[Row]]:
    """`rows_of` for many clocks, in one query; those without rows that matter are left out."""
    stored: dict[int, list[ClockRow]] = defaultdict(list)
    if any(not clock.plain for clock in clocks):
        span = (min(clock.pk for clock in clocks), max(clock.pk for clock in clocks))
        rows = ClockRow.objects.filter(clock__id__range=span, clock__plain=False, clock__stopped_at__isnull=True)
        for row in rows.order_by("clock_id", "number"):
            stored[row.clock_id].append(row)
    return {key: plain_rows(rows) for key, rows in stored.items()}


def _running(region: str) -> ClockQuerySet:
    """Running clocks whose due moment the calendar decides."""
    return Clock.objects.running().filter(region=region, source_due=False)


def _spans(rows: ClockQuerySet) -> Iterator[tuple[int, int]]:
    """First and last key of each chunk."""
    after = 0
    while keys := list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        yield keys[0], keys[-1]
        after = keys[-1]


def _load(rows: ClockQuerySet, span: tuple[int, int]) -> list[Clock]:
    """The clocks of a span; the few rules are shared, not read again with every clock."""
    rules = {rule.pk: rule for rule in ClockRule.objects.all()}
    clocks = list(rows.filter(pk__range=span).order_by("pk"))
    for clock in clocks:
        clock.rule = rules[clock.rule_id]
    return clocks


def effect_of(table_of: TableOf) -> CalendarEffect:
    """What `table_of` instead of the tables in force would move. Reads only."""
    looked = earlier = later = settled = 0
    sample: list[Moved] = []
    for region in _regions():
        table, rows = table_of(region), _running(region)
        for span in _spans(rows):
            clocks = _load(rows, span)
            looked += len(clocks)
            for change in _changes(clocks, table):
                settled += change.settles
                earlier += change.moves < 0
                later += change.moves > 0
                if change.moves and len(sample) < SAMPLE:
                    sample.append(change.moved)
    return CalendarEffect(looked, earlier, later, settled, tuple(sample))


def calendar_effect(version_id: int) -> CalendarEffect:
    """The preview of a proposed calendar version: which running deadlines would move. Reads only."""
    return effect_of(lambda region: table_with(region, version_id))


def _update_many(changes: Sequence[_Change]) -> None:
    """All rows in one go; the caches only, never facts."""
    for change in changes:
        change.clock.__dict__.update(change.columns)
    bulk_update(Clock, [change.clock for change in changes], UPDATED, only="stopped_at")


def _moved_fact(change: _Change, actor: Actor, at: datetime, why: str) -> FactRow:
    clock = change.clock
    data = {
        "clock": clock.label,
        "clock_id": clock.pk,
        "clock_kind": clock.kind,
        "from_on": change.before,
        "due_on": change.columns["due_on"],
        "provisional": change.columns["provisional"],
        "why": why,
    }
    return FactRow(
        "clock.due_moved", Subject(clock.subject_kind, clock.subject_id), actor, at, data, clock.owner_unit_id
    )


def reproject(*, why: str, actor: Actor = SYSTEM, at: datetime) -> int:
    """Bring every running clock to the calendar in force; returns how many due days moved.

    One transaction per 20,000 clocks: a killed run is continued by the next one. Facts: clock.due_moved with from, to, why.
    """
    moved = 0
    for region in _regions():
        table = day_table(region)
        stale = _running(region).exclude(calendar_version=str(table.version))
        for span in _spans(stale):
            with transaction.atomic():
                moved += _reproject_span(region, table, span, why, actor, at)
    return moved


def _reproject_span(
    region: str, table: DayTable, span: tuple[int, int], why: str, actor: Actor, at: datetime
) -> int:
    """Claim the stale clocks of a span by giving them the version, then read them, so that no verb comes between.

    A verb that had read such a clock before finds another calendar version and is refused (StaleState).
    """
    rows = _running(region)
    version = str(table.version)
    stale = rows.filter(pk__range=span).exclude(calendar_version=version)
    if not stale.update(calendar_version=version):
        return 0
    changes = list(_changes(_load(rows, span), table))
    _update_many(changes)
    facts = [_moved_fact(change, actor, at, why) for change in changes if change.moves]
    if facts:
        record_many(facts, recorded_at=at)
    return len(facts)
