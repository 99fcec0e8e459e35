"""The caches of running clocks made again from rows, rule and calendar. A check of the whole history asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Max

from zhengxiao.kernel.calendar.api import CalendarVersion, DayTable, day_table
from zhengxiao.kernel.clock.models import Clock, ClockRow, ClockRung
from zhengxiao.kernel.clock.projecting import caches, plain_rows, table_of
from zhengxiao.kernel.clock.rules import FIRED_BIT

CHUNK = 5_000
SETTLING = timedelta(minutes=10)
"""How long after a calendar came into force clocks may still stand on the one before: they are moved in chunks."""

BITS = {level.value: bit for level, bit in FIRED_BIT.items()}

Wrong = tuple[str, int, str, str]
"""table, key, field, what is wrong"""


def check_caches(at: datetime) -> Iterator[Wrong]:
    """Every cache of a running clock that does not follow from its rows, its rule and the calendar. Reads only."""
    newest = CalendarVersion.objects.aggregate(newest=Max("decided_at"))["newest"]
    tables, after = _Tables(follow=newest is None or abs(at - newest) > SETTLING), 0
    while clocks := list(
        Clock.objects.running().filter(pk__gt=after).select_related("rule").order_by("pk")[:CHUNK]
    ):
        after = clocks[-1].pk
        yield from _check_chunk(clocks, tables)


class _Tables:
    """Day tables read once for a whole check. `follow`: clocks must stand on the calendar in force."""

    def __init__(self, *, follow: bool) -> None:
        self.follow = follow
        self._of: dict[tuple[str, str], DayTable] = {}
        self._in_force: dict[str, str] = {}

    def of(self, clock: Clock) -> DayTable:
        key = (clock.region, clock.calendar_version)
        if key not in self._of:
            self._of[key] = table_of(clock)
        return self._of[key]

    def in_force(self, region: str) -> str:
        if region not in self._in_force:
            self._in_force[region] = str(day_table(region).version)
        return self._in_force[region]


def _check_chunk(clocks: Sequence[Clock], tables: _Tables) -> Iterator[Wrong]:
    span = (clocks[0].pk, clocks[-1].pk)
    running = {"clock__id__range": span, "clock__stopped_at__isnull": True}
    stored: dict[int, list[ClockRow]] = defaultdict(list)
    for row in ClockRow.objects.filter(**running).order_by("clock_id", "number"):
        stored[row.clock_id].append(row)
    fired: dict[int, int] = defaultdict(int)
    for clock_id, level in ClockRung.objects.filter(**running).values_list("clock_id", "level"):
        fired[clock_id] |= BITS.get(level, 0)
    for clock in clocks:
        yield from _check_clock(clock, stored[clock.pk], fired[clock.pk], tables)


def _check_clock(clock: Clock, stored: Sequence[ClockRow], fired: int, tables: _Tables) -> Iterator[Wrong]:
    table = Clock._meta.db_table
    try:
        made = {**caches(clock, tables.of(clock), plain_rows(stored), fired), "used": None}
    except Exception as error:
        yield table, clock.pk, "*", f"无法重算：{type(error).__name__}"
        return
    made |= {"fired": fired, "revision": len(stored)}
    if tables.follow and not clock.source_due:
        made["calendar_version"] = tables.in_force(clock.region)
    for name, value in made.items():
        if getattr(clock, name) != value:
            yield table, clock.pk, name, f"与重算不符：应为 {value}"
