"""What a calendar change does to running clocks: preview before, re-projection after, with the reason on each timeline.

Plain clocks (no pause, no extension) are compared in bulk (comparing.py); only the others are projected one by one.
Re-projection is idempotent and can be repeated: it looks for running clocks whose calendar version is not the one in force.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from zhengxiao.kernel.calendar.api import DayTable, day_table, table_with
from zhengxiao.kernel.clock.comparing import COLUMNS, DAY_UNITS, PlainClock, differing
from zhengxiao.kernel.clock.models import Clock, ClockQuerySet, ClockRow, ClockRule
from zhengxiao.kernel.clock.projecting import caches, plain_rows
from zhengxiao.kernel.clock.rules import Row
from zhengxiao.kernel.jobs.api import bulk_update, row_maker
from zhengxiao.kernel.timeline.api import FactRow, Subject, record_many
from zhengxiao.lib.actors import SYSTEM, Actor

CHUNK = 20_000
SAMPLE = 200
UPDATED = (
    "due_at", "due_on", "provisional", "paused_since", "paused_until", "blue_at", "yellow_at", "red_at",
    "next_look_at", "calendar_version", "extension_amount", "plain",
)  # fmt: skip
VERDICTS = ("due_at", "due_on", "provisional", "blue_at", "yellow_at", "red_at")


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


@dataclass(frozen=True, slots=True)
class _Change:
    """One clock whose caches have to change: what they were and what they are to be."""

    key: int
    before: date | None
    was_provisional: bool
    columns: dict[str, Any]

    @property
    def moves(self) -> int:
        """-1 earlier, 1 later, 0 when the due day stays; a clock that nothing ends is later than any day."""
        before, after = self.before or date.max, self.columns["due_on"] or date.max
        return (after > before) - (after < before)

    @property
    def settles(self) -> bool:
        """The day stays and is certain now."""
        return not self.moves and self.was_provisional and not self.columns["provisional"]


TableOf = Callable[[str], DayTable]
IS_PLAIN = Q(plain=True, due_on__isnull=False, term_unit__in=sorted(unit.value for unit in DAY_UNITS))


def _regions() -> list[str]:
    return list(Clock.objects.running().order_by().values_list("region", flat=True).distinct())


def _changes(rows: ClockQuerySet, span: tuple[int, int], table: DayTable) -> Iterator[_Change]:
    """The clocks of a span whose caches are not those of the table."""
    rules = {rule.pk: rule for rule in ClockRule.objects.all()}
    policies = {key: rule.policy for key, rule in rules.items()}
    here = rows.filter(pk__range=span).order_by("pk")
    plain = [PlainClock(*values) for values in here.filter(IS_PLAIN).values_list(*COLUMNS)]
    for plain_clock, columns in differing(plain, table, policies):
        yield _Change(plain_clock.pk, plain_clock.due_on, plain_clock.provisional, columns)
    others = list(here.exclude(IS_PLAIN))
    known = _rows_of_all(others)
    for clock in others:
        clock.rule = rules[clock.rule_id]
        columns = caches(clock, table, known.get(clock.pk, ()), clock.fired)
        if any(columns[name] != getattr(clock, name) for name in VERDICTS):
            yield _Change(clock.pk, clock.due_on, clock.provisional, columns)


def _rows_of_all(clocks: Sequence[Clock]) -> dict[int, list[Row]]:
    """`rows_of` for many clocks, in one query; those without rows that matter are left out."""
    keys = [clock.pk for clock in clocks if not clock.plain]
    stored: dict[int, list[ClockRow]] = defaultdict(list)
    if keys:
        span = (min(keys), max(keys))
        rows = ClockRow.objects.filter(
            clock__id__range=span, clock__plain=False, clock__stopped_at__isnull=True
        )
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


def effect_of(table_of: TableOf) -> CalendarEffect:
    """What `table_of` instead of the tables in force would move. Reads only."""
    looked = earlier = later = settled = 0
    sample: list[_Change] = []
    for region in _regions():
        table, rows = table_of(region), _running(region)
        looked += rows.count()
        for span in _spans(rows):
            for change in _changes(rows, span, table):
                settled += change.settles
                earlier += change.moves < 0
                later += change.moves > 0
                if change.moves and len(sample) < SAMPLE:
                    sample.append(change)
    return CalendarEffect(looked, earlier, later, settled, _moved(sample))


def _moved(changes: Sequence[_Change]) -> tuple[Moved, ...]:
    clocks = Clock.objects.in_bulk([change.key for change in changes])
    return tuple(
        Moved(
            change.key,
            clocks[change.key].subject_kind,
            clocks[change.key].subject_id,
            clocks[change.key].label,
            change.before,
            change.columns["due_on"],
        )
        for change in changes
    )


def calendar_effect(version_id: int) -> CalendarEffect:
    """The preview of a proposed calendar version: which running deadlines would move. Reads only."""
    return effect_of(lambda region: table_with(region, version_id))


def _update_many(changes: Iterable[_Change]) -> None:
    """All rows in one go; the caches only, never facts."""
    make = row_maker(Clock)
    bulk_update(
        Clock, [make(id=change.key, **change.columns) for change in changes], UPDATED, only="stopped_at"
    )


def _moved_facts(
    changes: Sequence[_Change], span: tuple[int, int], actor: Actor, at: datetime, why: str
) -> list[FactRow]:
    """clock.due_moved of every clock whose due day moved."""
    moved = {change.key: change for change in changes if change.moves}
    if not moved:
        return []
    told = Clock.objects.filter(pk__range=span).values_list(
        "pk", "label", "kind", "subject_kind", "subject_id", "owner_unit_id"
    )
    return [
        FactRow(
            "clock.due_moved",
            Subject(subject_kind, subject_id),
            actor,
            at,
            {
                "clock": label,
                "clock_id": key,
                "clock_kind": kind,
                "from_on": moved[key].before,
                "due_on": moved[key].columns["due_on"],
                "provisional": moved[key].columns["provisional"],
                "why": why,
            },
            owner_unit_id,
        )
        for key, label, kind, subject_kind, subject_id, owner_unit_id in told.order_by("pk")
        if key in moved
    ]


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
    changes = list(_changes(rows, span, table))
    _update_many(changes)
    facts = _moved_facts(changes, span, actor, at, why)
    if facts:
        record_many(facts, recorded_at=at)
    return len(facts)
