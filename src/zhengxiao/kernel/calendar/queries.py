"""Reads: the day table of a region, the versions, and whether the horizon is far enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext

from zhengxiao.kernel.calendar.days import DayMark, Session, overlay
from zhengxiao.kernel.calendar.gazette import NATION, shipped_table
from zhengxiao.kernel.calendar.models import Calendar, CalendarSession, CalendarVersion, VersionState
from zhengxiao.kernel.calendar.table import DayTable, build_table
from zhengxiao.kernel.database.api import Prepared, held
from zhengxiao.lib.refusals import Refusal, gettext_noop


class UnknownCalendar(Refusal):
    template = gettext_noop("没有名为“{key}”的日历。请使用 CN、12 位行政区划代码或已建立的日历。")


class HorizonMissing(Refusal):
    template = gettext_noop("日历“{key}”没有任何已确认的日期范围。请先确认一个带起止日期的版本。")


def is_region_code(key: str) -> bool:
    """Twelve digits: province 2, city 2, county 2, town 3, village 3."""
    return len(key) == 12 and key.isascii() and key.isdigit()


def region_chain(code: str) -> list[str]:
    """A region code and the codes above it up to the nation, the nearest first."""
    chain = [code]
    for length in (9, 6, 4, 2):
        above = code[:length].ljust(12, "0")
        if above != chain[-1]:
            chain.append(above)
    return [*chain, NATION]


def day_table(region: str = NATION, version: int | None = None) -> DayTable:
    """The day table of a region, as of now or as it was at `version` (a sequence; it never changes).

    A 12-digit code takes the calendars of its county, city, province and nation that exist, the nearest
    last. One query finds the version in force; the table itself is kept in the process. Before anything is
    confirmed for the nation the shipped years hold (version 0). Refuses UnknownCalendar.
    """
    if version is None:
        return held(("day_table", region), lambda: _effective(region, _confirmed(chain_of(region))()))
    confirmed = CalendarVersion.objects.filter(
        calendar__key__in=chain_of(region), state=VersionState.CONFIRMED, sequence__lte=version
    )
    return _effective(region, _layers(confirmed))


def table_with(region: str, version_id: int) -> DayTable:
    """The day table of a region as it would be if this proposed version were confirmed now: for the preview.

    Its `version` is the one still in force. Refuses UnknownCalendar.
    """
    versions = CalendarVersion.objects.filter(calendar__key__in=chain_of(region))
    return _effective(region, _layers(versions.filter(Q(state=VersionState.CONFIRMED) | Q(pk=version_id))))


def chain_of(region: str) -> tuple[str, ...]:
    """The calendar keys a region's table is made of, the nearest first. Refuses UnknownCalendar."""
    return tuple(region_chain(region)) if is_region_code(region) else _named_chain(region)


def _layers(versions: QuerySet[CalendarVersion]) -> QuerySet[CalendarVersion, Any]:
    return versions.order_by(F("sequence").asc(nulls_last=True)).values_list(
        "calendar__key", "pk", "sequence", "digest", "calendar__zone", "calendar__rest_weekdays"
    )


@lru_cache(maxsize=512)
def _confirmed(chain: tuple[str, ...]) -> Prepared:
    """The question for what is confirmed along a chain of calendars; asked whenever a clock is computed."""
    return Prepared(
        lambda: _layers(CalendarVersion.objects.filter(calendar__key__in=chain, state=VersionState.CONFIRMED))
    )


def _effective(region: str, rows: Iterable[Any]) -> DayTable:
    layers, chain = tuple(Layer(*row) for row in rows), chain_of(region)
    if not layers and NATION not in chain:
        raise UnknownCalendar(field="region", key=region)
    return _table(region, chain, layers)


@dataclass(frozen=True, slots=True)
class Layer:
    """One confirmed version as a table's ingredient; the digest stands for its days and hours."""

    key: str
    id: int
    sequence: int | None
    digest: str
    zone: str
    rest_weekdays: str


@lru_cache(maxsize=512)
def _table(region: str, chain: tuple[str, ...], layers: tuple[Layer, ...]) -> DayTable:
    """Built once for the same ingredients: the arguments name everything the table depends on."""
    of_key = {key: [layer for layer in layers if layer.key == key] for key in chain}
    marks: dict[date, DayMark] = {}
    spans: list[tuple[date, date]] = []
    sessions: tuple[Session, ...] = ()
    if NATION in chain and not of_key[NATION]:
        marks, spans = dict(shipped_table().marks), list(shipped_table().confirmed)
    nearest: Layer | None = None
    for position, key in enumerate(reversed(chain)):
        if not of_key[key]:
            continue
        nearest = of_key[key][-1]
        versions = _versions([layer.id for layer in of_key[key]])
        marks = overlay(marks, [_marks(version, local=position > 0) for version in versions])
        spans += [
            (v.confirmed_from, v.confirmed_through)
            for v in versions
            if v.confirmed_from and v.confirmed_through
        ]
        for version in versions:
            if version.replaces_sessions:
                sessions = tuple(_session(row) for row in version.sessions.all())
    if not spans:
        raise HorizonMissing(field="region", key=region)
    return build_table(
        region=region,
        version=max((layer.sequence or 0 for layer in layers), default=0),
        marks=marks,
        confirmed=spans,
        zone=nearest.zone if nearest else shipped_table().zone,
        rest_weekdays=[int(digit) - 1 for digit in nearest.rest_weekdays] if nearest else (5, 6),
        sessions=sessions,
    )


def _named_chain(key: str) -> tuple[str, ...]:
    """A named calendar and its parents, the nearest first."""
    if key == NATION:
        return (NATION,)
    parents = dict(Calendar.objects.values_list("key", "parent__key"))
    if key not in parents:
        raise UnknownCalendar(field="region", key=key)
    chain = [key]
    while (above := parents.get(chain[-1])) and above not in chain:
        chain.append(above)
    return tuple(chain)


def _versions(ids: list[int]) -> Sequence[CalendarVersion]:
    """In the order given; the confirmation order of later versions wins."""
    found = CalendarVersion.objects.prefetch_related("days", "sessions").in_bulk(ids)
    return [found[pk] for pk in ids]


def _marks(version: CalendarVersion, *, local: bool) -> list[DayMark]:
    return [
        DayMark(
            date=day.date,
            is_workday=day.is_workday,
            name=day.name,
            source_title=day.source_title or version.source_title,
            source_url=day.source_url or version.source_url,
            local=local,
        )
        for day in version.days.all()
    ]


def _session(row: CalendarSession) -> Session:
    return Session(
        opens=row.opens,
        closes=row.closes,
        weekdays=tuple(int(digit) - 1 for digit in row.weekdays),
        month_from=row.month_from,
        day_from=row.day_from,
        month_to=row.month_to,
        day_to=row.day_to,
    )


def versions_waiting() -> QuerySet[CalendarVersion]:
    """Versions that wait for a second person, the oldest first."""
    return (
        CalendarVersion.objects.filter(state=VersionState.PROPOSED)
        .select_related("calendar", "proposed_by")
        .order_by("proposed_at")
    )


def versions_of(key: str) -> QuerySet[CalendarVersion]:
    """All versions of one calendar, the newest first."""
    return (
        CalendarVersion.objects.filter(calendar__key=key)
        .select_related("calendar", "proposed_by", "decided_by")
        .order_by("-number")
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a health check. `level`: green, yellow or red."""

    level: str
    key: str
    confirmed_through: date | None
    text: str


TEXT_ENOUGH = gettext_noop("日历 {key} 已确认至 {through}。")
TEXT_SOON = gettext_noop("日历 {key} 只确认至 {through}：{year} 年的安排公布后请及时导入。")
TEXT_MISSING = gettext_noop(
    "日历 {key} 只确认至 {through}，缺少 {year} 年：跨年的期限都是暂定的。请立即导入并确认。"
)


def horizon_findings(*, at: datetime, tables: Sequence[DayTable] | None = None) -> list[Finding]:
    """One finding per calendar that settles years: red when this year is not settled, or from 1 December
    the next.

    Yellow from 1 October: the notice for the next year is due in the coming weeks.
    """
    return [horizon_of(table, at=at) for table in (tables if tables is not None else _settling_tables())]


def horizon_of(table: DayTable, *, at: datetime) -> Finding:
    """The finding for one day table at a moment."""
    today = table.local_date(at)
    through = max(
        (last for first, last in table.confirmed if first <= today), default=table.confirmed_through
    )
    year = today.year if through < date(today.year, 12, 31) else today.year + 1
    missing = through < date(today.year, 12, 31) or (today.month == 12 and through < date(year, 12, 31))
    soon = today.month >= 10 and through < date(year, 12, 31)
    level, text = (
        ("red", TEXT_MISSING) if missing else ("yellow", TEXT_SOON) if soon else ("green", TEXT_ENOUGH)
    )
    words = gettext(text).format(key=table.region, through=through, year=year)
    return Finding(level, table.region, through, words)


def _settling_tables() -> list[DayTable]:
    keys = CalendarVersion.objects.filter(
        state=VersionState.CONFIRMED, confirmed_through__isnull=False
    ).values_list("calendar__key", flat=True)
    return [day_table(key) for key in sorted({NATION, *keys})]
