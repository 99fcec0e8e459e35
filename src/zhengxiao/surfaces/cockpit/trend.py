"""Twelve months of accepted, finished and on time: numbers for a table and the geometry of a drawing above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zhengxiao.kernel.metrics.api import Figure, Part, compute, shown
from zhengxiao.surfaces.cockpit.asked import Asked, today_of
from zhengxiao.surfaces.cockpit.links import part_url
from zhengxiao.surfaces.cockpit.rules import TREND_MONTHS, Days, month_at, trend_of

COLUMN = 100
TOP, BAR_TOP, BASE = 6, 40, 130
"""The rate is drawn between TOP and BAR_TOP - 8, the bars between BAR_TOP and BASE."""
BAR = 26


@dataclass(frozen=True, slots=True)
class Month:
    """One column: numbers, their addresses, and the drawing's coordinates."""

    first: date
    days: Days
    accepted: int
    accepted_url: str
    finished: int
    finished_url: str
    rate: str
    rate_url: str
    accepted_x: int
    accepted_y: float
    accepted_height: float
    finished_x: int
    finished_y: float
    finished_height: float
    rate_x: int
    rate_y: float | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Trend:
    months: tuple[Month, ...]
    lines: tuple[str, ...]
    width: int = COLUMN * TREND_MONTHS
    height: int = BASE
    lowest: int = 0
    """The bottom of the rate's scale, in percent; its top is 100 %."""


def trend(asked: Asked, at: datetime) -> Trend:
    """Three queries, grouped by month."""
    days = trend_of(min(asked.days.last, month_at(today_of(at), 0).last))
    given: dict[str, Any] = {
        "period_from": days.first,
        "period_to": days.after,
        "actor": asked.actor,
        "as_of": at,
    }
    accepted, finished, rate = (
        {figure.key: figure for figure in compute(name, by="month", **given)}
        for name in ("cases.accepted", "cases.finished", "cases.on_time_rate")
    )
    most = max([figure.n for figure in (*accepted.values(), *finished.values())], default=0) or 1
    lowest = _scale(rate)
    months = tuple(
        _month(place, month_at(days.first, place), accepted, finished, rate, most, lowest, asked)
        for place in range(TREND_MONTHS)
    )
    return Trend(months, _lines(months), lowest=lowest)


def _month(
    place: int,
    days: Days,
    accepted: dict[Any, Figure],
    finished: dict[Any, Figure],
    rate: dict[Any, Figure],
    most: int,
    lowest: int,
    asked: Asked,
) -> Month:
    key = f"{days.first:%Y-%m}"
    numbers = [found[key].n if key in found else 0 for found in (accepted, finished)]
    heights = [round((BASE - BAR_TOP) * number / most, 1) for number in numbers]
    figure = rate.get(key)
    middle = place * COLUMN + COLUMN // 2
    return Month(
        first=days.first,
        days=days,
        accepted=numbers[0],
        accepted_url=part_url("cases.accepted", Part.NUMERATOR, days, asked.region_id),
        finished=numbers[1],
        finished_url=part_url("cases.finished", Part.NUMERATOR, days, asked.region_id),
        rate=shown(figure, places=1) if figure else "",
        rate_url=part_url("cases.on_time_rate", Part.DENOMINATOR, days, asked.region_id),
        accepted_x=middle - BAR - 2,
        accepted_y=BASE - heights[0],
        accepted_height=heights[0],
        finished_x=middle + 2,
        finished_y=BASE - heights[1],
        finished_height=heights[1],
        rate_x=middle,
        rate_y=_rate_y(figure, lowest),
        chosen=asked.days.first <= days.first and days.last <= asked.days.last,
    )


def _scale(rate: dict[Any, Figure]) -> int:
    """The rate is drawn from the next lower 5 % (at most 90 %) to 100 %, and the drawing says so."""
    values = [float(figure.value) for figure in rate.values() if figure.value is not None]
    return min(90, int(min(values, default=0.9) * 20) * 5)


def _rate_y(figure: Figure | None, lowest: int) -> float | None:
    if figure is None or figure.value is None:
        return None
    share = (float(figure.value) * 100 - lowest) / (100 - lowest)
    return round(BAR_TOP - 8 - (BAR_TOP - 8 - TOP) * share, 1)


def _lines(months: tuple[Month, ...]) -> tuple[str, ...]:
    """Polylines between neighbouring months that have data: a gap stays a gap."""
    lines: list[list[str]] = [[]]
    for month in months:
        if month.rate_y is None:
            lines.append([])
        else:
            lines[-1].append(f"{month.rate_x},{month.rate_y}")
    return tuple(" ".join(points) for points in lines if len(points) > 1)
