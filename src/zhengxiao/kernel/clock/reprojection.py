"""What a calendar change does to running clocks: preview before, re-projection after, with the reason on each timeline.

Plain clocks (no pause, no extension) are compared in bulk; only those whose due day really moves are computed one by one.
Re-projection is idempotent and can be repeated: it looks for running clocks whose calendar version is not the one in force.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import connection, transaction

from zhengxiao.kernel.calendar.api import (
    CalendarVersion,
    DayTable,
    Term,
    Unit,
    calendar_confirm_version,
    calendar_propose,
    calendar_reject_version,
    day_table,
    table_with,
)
from zhengxiao.kernel.clock.models import Clock
from zhengxiao.kernel.clock.services import caches, rows_of, term_of
from zhengxiao.kernel.timeline.api import FactRow, Subject, record, record_many
from zhengxiao.lib.actors import SYSTEM, Actor

CHUNK = 20_000
SAMPLE = 200
DAY_UNITS = frozenset({Unit.WORKDAY, Unit.DAY, Unit.MONTH, Unit.YEAR, Unit.DAY_OF_MONTH, Unit.QUARTER_END})
UPDATED = (
    "due_at", "due_on", "provisional", "paused_since", "paused_until", "blue_at", "yellow_at", "red_at",
    "next_look_at", "calendar_version", "extension_amount", "plain",
)  # fmt: skip


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


TableOf = Callable[[str], DayTable]


def _regions() -> list[str]:
    return list(Clock.objects.running().order_by().values_list("region", flat=True).distinct())


def _candidates(clocks: Sequence[Clock], table: DayTable) -> Iterator[Clock]:
    """Clocks that may change: every one with rows of its own, and the plain ones whose bulk result differs."""
    groups: dict[Term, list[Clock]] = defaultdict(list)
    for clock in clocks:
        term = term_of(clock)
        if clock.plain and term.unit in DAY_UNITS and clock.due_on is not None:
            groups[term].append(clock)
        elif term.unit is not Unit.HOUR:
            yield clock
    for term, members in groups.items():
        starts = np.array([table.local_date(clock.started_at) for clock in members], dtype="datetime64[D]")
        known = np.array([clock.due_on for clock in members], dtype="datetime64[D]")
        provisional = np.array([clock.provisional for clock in members], dtype=bool)
        due, unsure = table.due_many(starts, term)
        for position in np.flatnonzero((due != known) | (unsure != provisional)):
            yield members[int(position)]


def _changes(clocks: Sequence[Clock], table: DayTable) -> Iterator[_Change]:
    for clock in _candidates(clocks, table):
        columns = caches(clock, table, rows_of(clock), clock.fired)
        if columns["due_at"] != clock.due_at or columns["provisional"] != clock.provisional:
            yield _Change(clock, columns, clock.due_on)


def _chunks(region: str, after: int = 0, *, stale_for: str | None = None) -> Iterator[list[Clock]]:
    while True:
        rows = Clock.objects.running().filter(region=region, pk__gt=after).exclude(source_due=True)
        if stale_for is not None:
            rows = rows.exclude(calendar_version=stale_for)
        chunk = list(rows.select_related("rule").order_by("pk")[:CHUNK])
        if not chunk:
            return
        yield chunk
        after = chunk[-1].pk


def effect_of(table_of: TableOf) -> CalendarEffect:
    """What `table_of` instead of the tables in force would move. Reads only."""
    looked = earlier = later = settled = 0
    sample: list[Moved] = []
    for region in _regions():
        table = table_of(region)
        for chunk in _chunks(region):
            looked += len(chunk)
            for change in _changes(chunk, table):
                before, after = change.before, change.columns["due_on"]
                if before == after:
                    settled += 1
                    continue
                if before is not None and after is not None:
                    earlier += after < before
                    later += after > before
                if len(sample) < SAMPLE:
                    clock = change.clock
                    sample.append(
                        Moved(clock.pk, clock.subject_kind, clock.subject_id, clock.label, before, after)
                    )
    return CalendarEffect(looked, earlier, later, settled, tuple(sample))


def calendar_effect(version_id: int) -> CalendarEffect:
    """The preview of a proposed calendar version: which running deadlines would move. Reads only."""
    return effect_of(lambda region: table_with(region, version_id))


def _update_many(changes: Sequence[_Change]) -> None:
    """One prepared statement for all rows; the caches only, never facts."""
    if not changes:
        return
    fields = [Clock._meta.get_field(name) for name in UPDATED]
    quote = connection.ops.quote_name
    assignments = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    statement = f"UPDATE {quote(Clock._meta.db_table)} SET {assignments} WHERE id = %s AND stopped_at IS NULL"  # noqa: S608
    rows = [
        [
            *(field.get_db_prep_save(change.columns[field.name], connection) for field in fields),
            change.clock.pk,
        ]
        for change in changes
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


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
        version = str(table.version)
        for chunk in _chunks(region, stale_for=version):
            with transaction.atomic():
                changes = list(_changes(chunk, table))
                _update_many(changes)
                facts = [_moved_fact(c, actor, at, why) for c in changes if c.before != c.columns["due_on"]]
                if facts:
                    record_many(facts, recorded_at=at)
                Clock.objects.filter(
                    pk__gte=chunk[0].pk, pk__lte=chunk[-1].pk, region=region
                ).running().update(calendar_version=version)
                moved += len(facts)
    return moved


def _subject(version: CalendarVersion) -> Subject:
    return Subject("calendar_version", version.pk)


def _words(version: CalendarVersion) -> dict[str, Any]:
    return {"key": version.calendar.key, "number": version.number, "source": version.source_title}


def calendar_propose_recorded(*, actor: Actor, at: datetime, **proposal: Any) -> CalendarVersion:
    """`calendar_propose` with its fact on the timeline."""
    with transaction.atomic():
        version = calendar_propose(actor=actor, at=at, **proposal)
        record(
            fact="clock.calendar_proposed",
            subject=_subject(version),
            actor=actor,
            at=at,
            data=_words(version),
        )
    return version


def calendar_confirm(*, version_id: int, actor: Actor, at: datetime) -> int:
    """Confirm a version (by another person than proposed it) and move the running deadlines; returns how many moved.

    The confirmation and its fact are one transaction with the number announced by the preview; the clocks follow in chunks.
    """
    expected = calendar_effect(version_id).moved
    with transaction.atomic():
        version = calendar_confirm_version(version_id=version_id, actor=actor, at=at)
        data = {**_words(version), "moved": expected}
        record(fact="clock.calendar_confirmed", subject=_subject(version), actor=actor, at=at, data=data)
    return reproject(why=version.source_title, actor=actor, at=at)


def calendar_reject_recorded(*, version_id: int, reason: str, actor: Actor, at: datetime) -> CalendarVersion:
    """Send a proposed version back, with the reason on the timeline."""
    with transaction.atomic():
        version = calendar_reject_version(version_id=version_id, actor=actor, at=at, note=reason)
        data = {**_words(version), "reason": reason}
        record(fact="clock.calendar_rejected", subject=_subject(version), actor=actor, at=at, data=data)
    return version
