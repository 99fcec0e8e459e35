"""What the cockpit shows: tiles, departments by light, what turns red next, what broke lately, the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext, gettext_lazy

from zhengxiao.backbone.cases.api import LightCounts, case_url, cases_shown, lights, remaining_words
from zhengxiao.kernel.calendar.api import NATION, DayTable, Finding, day_table, horizon_of
from zhengxiao.kernel.metrics.api import Part, compute, metric_named, shown
from zhengxiao.surfaces.cockpit.asked import Asked
from zhengxiao.surfaces.cockpit.links import figure_url, part_url, set_url
from zhengxiao.surfaces.cockpit.rules import Days
from zhengxiao.surfaces.cockpit.sets import Moments, members, moments_of, running_count, set_counts
from zhengxiao.surfaces.cockpit.targets import TARGETS, misses_target
from zhengxiao.surfaces.cockpit.trend import Trend, trend

LISTED = 8
DEPARTMENTS = 10
"""So many departments are shown at once; the others unfold."""
RATES = ("cases.on_time_rate", "cases.statutory_speedup", "cases.overdue_rate")
LIGHT_COLUMNS = ("red", "yellow", "blue", "grey")


@dataclass(frozen=True, slots=True)
class Note:
    """A line under a number; `url` when it is a number itself. `more`: words behind it, `late` when they warn."""

    text: str
    url: str = ""
    more: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    label: Any
    value: Any
    url: str
    light: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department's running cases: the bar, the total and a link per light."""

    name: str
    total: int
    url: str
    lights: dict[str, int]
    cells: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One case of a short list."""

    case: Any
    url: str
    light: str
    words: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class CalendarCard:
    finding: Finding
    year: int
    provisional: int
    url: str


@dataclass(frozen=True, slots=True)
class Board:
    tiles: tuple[Tile, ...]
    departments: tuple[DepartmentRow, ...]
    more_departments: tuple[DepartmentRow, ...]
    all_departments: DepartmentRow
    reddening: tuple[Listed, ...]
    reddening_count: int
    reddening_url: str
    breached: tuple[Listed, ...]
    breached_count: int
    breached_url: str
    calendar: CalendarCard
    trend: Trend


def board_of(asked: Asked, at: datetime) -> Board:
    """Everything on the page, by grouped queries whose number does not depend on the data."""
    actor, region = asked.actor, asked.region_id
    table = day_table(NATION)
    found = lights(at, actor)
    moments = moments_of(at, table)
    counts = set_counts(actor, moments)
    rows = _departments(found, region)
    return Board(
        tiles=(*_now_tiles(asked, at, found, counts), *_rate_tiles(asked, at)),
        departments=rows[:DEPARTMENTS],
        more_departments=rows[DEPARTMENTS:],
        all_departments=_row(gettext("合计"), dict(found["lights"]), found["total"], region),
        reddening=_listed(asked, "reddening", at, moments),
        reddening_count=counts["reddening"],
        reddening_url=set_url("reddening", region),
        breached=_listed(asked, "breached", at, moments),
        breached_count=counts["breached"],
        breached_url=set_url("breached", region),
        calendar=_calendar(table, at, counts["provisional"], region),
        trend=trend(asked, at),
    )


def _now_tiles(asked: Asked, at: datetime, found: LightCounts, counts: dict[str, int]) -> tuple[Tile, ...]:
    region = asked.region_id
    change = found["total"] - running_count(asked.actor, at - timedelta(days=1))
    paused = found["lights"]["grey"]
    return (
        Tile(
            gettext_lazy("在办"),
            found["total"],
            set_url("running", region),
            "",
            (
                Note(gettext("较昨日此时 {change}").format(change=f"{change:+,}" if change else "±0")),
                Note(
                    gettext("其中暂停 {n}").format(n=f"{paused:,}"), set_url("running", region, light="grey")
                ),
            ),
        ),
        Tile(
            gettext_lazy("今日变黄"),
            counts["yellow_today"],
            set_url("yellow_today", region),
            "yellow",
            (
                Note(
                    gettext("现为黄灯 {n}").format(n=f"{found['lights']['yellow']:,}"),
                    set_url("running", region, light="yellow"),
                ),
            ),
        ),
        Tile(
            gettext_lazy("在办超承诺"),
            counts["past_promise"],
            set_url("past_promise", region),
            "red",
            (
                Note(
                    gettext("其中超法定 {n}").format(n=f"{counts['past_statutory']:,}"),
                    set_url("past_statutory", region),
                ),
            ),
        ),
    )


def _rate_tiles(asked: Asked, at: datetime) -> tuple[Tile, ...]:
    return tuple(_rate_tile(name, asked, at) for name in RATES)


def _rate_tile(name: str, asked: Asked, at: datetime) -> Tile:
    now, before = (_figure(name, asked, days, at) for days in (asked.span.days, asked.span.before))
    target = ""
    if name in TARGETS:
        words = gettext("未达目标 {target}") if misses_target(now) else gettext("目标 {target}")
        target = words.format(target=_percent(name))
    notes = (
        Note(
            gettext("n = {n}").format(n=f"{now.n:,}"),
            part_url(name, Part.DENOMINATOR, asked.days, asked.region_id),
            target,
            misses_target(now),
        ),
        Note(
            f"{gettext(asked.span.compared)} {shown(before)}",
            figure_url(name, asked.span.before, asked.region_id),
        ),
    )
    value = None if now.value is None else shown(now)
    return Tile(metric_named(name).label, value, figure_url(name, asked.days, asked.region_id), "", notes)


def _percent(name: str) -> str:
    return f"{(TARGETS[name] * 100).normalize():f}%"


def _figure(name: str, asked: Asked, days: Days, at: datetime) -> Any:
    (figure,) = compute(name, period_from=days.first, period_to=days.after, actor=asked.actor, as_of=at)
    return figure


def _departments(found: LightCounts, region: int | None) -> tuple[DepartmentRow, ...]:
    rows: list[dict[str, Any]] = [dict(row) for row in found["by_department"]]
    return tuple(
        _row(
            row["department"],
            {light: row[light] for light in found["lights"]},
            row["total"],
            region,
            row["id"],
        )
        for row in rows
    )


def _row(
    name: str, counts: dict[str, int], total: int, region: int | None, department: int | None = None
) -> DepartmentRow:
    def url(light: str | None = None) -> str:
        return set_url("running", region, department=department, light=light)

    cells = tuple((light, counts[light], url(light)) for light in LIGHT_COLUMNS)
    return DepartmentRow(name, total, url(), counts, cells)


def _listed(asked: Asked, name: str, at: datetime, moments: Moments) -> tuple[Listed, ...]:
    """The first of a set: those that turn red soonest, or those that broke last."""
    cases = members(cases_shown(asked.actor, at).by_next_red(), name, at, moments)
    if name == "breached":
        cases = cases.order_by(F("promised_clock__due_at").desc(nulls_last=True), "-pk")
    return tuple(_one(case, at, moments if name == "reddening" else None) for case in cases[:LISTED])


def _one(case: Any, at: datetime, moments: Moments | None) -> Listed:
    """With `moments` it speaks of the limit that is about to turn red, else of the gravest one."""
    clock, words = case.shown_clock, case.shown_words
    limit = case.statutory_clock
    if moments and limit and limit.red_at and moments.at < limit.red_at < moments.ahead:
        clock, words = limit, gettext("法定{words}").format(words=remaining_words(limit, at))
    return Listed(case, case_url(case), str(case.shown_light), words, clock.due_on if clock else None)


def _calendar(table: DayTable, at: datetime, provisional: int, region: int | None) -> CalendarCard:
    finding = horizon_of(table, at=at)
    year = (finding.confirmed_through.year if finding.confirmed_through else table.local_date(at).year) + 1
    return CalendarCard(finding, year, provisional, set_url("provisional", region))
