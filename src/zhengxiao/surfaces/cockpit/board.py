"""What the cockpit shows: tiles, departments and windows by light, what turns red next, what broke lately, the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext

from zhengxiao.backbone.cases.api import case_url, cases_shown, lights, remaining_words
from zhengxiao.kernel.calendar.api import NATION, DayTable, Finding, day_table, horizon_of
from zhengxiao.surfaces.cockpit.asked import Asked
from zhengxiao.surfaces.cockpit.lights import LightTable, by_department, by_window
from zhengxiao.surfaces.cockpit.links import set_url
from zhengxiao.surfaces.cockpit.sets import Moments, members, moments_of, set_counts
from zhengxiao.surfaces.cockpit.tiles import RATES, WATCHED, Tile, figure_tiles, now_tiles
from zhengxiao.surfaces.cockpit.trend import Trend, trend

LISTED = 8


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
    watched: tuple[Tile, ...]
    lights: tuple[LightTable, ...]
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
    return Board(
        tiles=(*now_tiles(asked, at, found, counts), *figure_tiles(RATES, asked, at)),
        watched=figure_tiles(WATCHED, asked, at),
        lights=(by_department(asked, found), by_window(asked, at)),
        reddening=_listed(asked, "reddening", at, moments),
        reddening_count=counts["reddening"],
        reddening_url=set_url("reddening", region),
        breached=_listed(asked, "breached", at, moments),
        breached_count=counts["breached"],
        breached_url=set_url("breached", region),
        calendar=_calendar(table, at, counts["provisional"], region),
        trend=trend(asked, at),
    )


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
