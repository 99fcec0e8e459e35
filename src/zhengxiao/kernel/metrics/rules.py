"""Values and arithmetic of figures: periods, parts, rounding, and how a figure is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from zhengxiao.lib.refusals import Refusal, gettext_noop

NO_DATA = gettext_noop("无数据")
PERCENT = "%"
SMALLEST_MOMENT = timedelta(microseconds=1)


class Kind(StrEnum):
    """What the declaration divides: nothing, subjects by subjects, or sums by sums."""

    COUNT = "count"
    RATIO = "ratio"
    SUM_RATIO = "sum_ratio"


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class Part(StrEnum):
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


class Rounding(StrEnum):
    """Named ways to shorten a figure; provincial report tables truncate (domain reference 3.4)."""

    TRUNCATE = "truncate"
    HALF_UP = "half_up"


ROUNDINGS = {Rounding.TRUNCATE: ROUND_DOWN, Rounding.HALF_UP: ROUND_HALF_UP}


class PeriodIsEmpty(Refusal):
    template = gettext_noop("统计期的起点 {start} 不早于终点 {end}。请改正起止日期。")


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open `[start, end)` of two aware moments."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a period is made of aware moments")
        if self.start >= self.end:
            raise PeriodIsEmpty(start=self.start.isoformat(), end=self.end.isoformat())


@dataclass(frozen=True, slots=True)
class Window:
    """A period seen at a cut-off; `end` is the period's end or the moment just after the cut-off, if earlier.

    So a running period counts what has happened and not what is only due later; `as_of` itself counts.
    """

    start: datetime
    end: datetime
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with what it was made from. `value` None is "no data"; a ratio is a fraction (0.95, not 95).

    `n` counts the subjects behind the denominator (behind the numerator when there is none). `small_n` warns
    that they are too few to compare. `key` is the dimension's raw value, None for subjects without one and
    for totals.
    """

    name: str
    unit: str
    value: Decimal | None
    numerator: Decimal
    denominator: Decimal | None
    n: int
    as_of: datetime
    period: Period
    by: str | None = None
    key: object = None
    label: str = ""
    small_n: bool = False
    rounding: Rounding = Rounding.TRUNCATE


def period_of(period_from: date | datetime, period_to: date | datetime, zone: tzinfo) -> Period:
    """The half-open period between two moments; a bare date stands for its first moment in `zone`."""
    return Period(_moment(period_from, zone), _moment(period_to, zone))


def window_of(period: Period, as_of: datetime) -> Window:
    """The part of the period known at `as_of`; empty (end = start) when the period lies ahead."""
    end = min(period.end, as_of + SMALLEST_MOMENT)
    return Window(period.start, max(end, period.start), as_of)


def months_of(period: Period, zone: tzinfo) -> list[tuple[str, Period]]:
    """The calendar months of `zone` that the period touches, each cut to the period, keyed `2026-02`."""
    months = []
    start = period.start.astimezone(zone)
    while start < period.end:
        following = _month_after(start.date())
        end = min(datetime.combine(following, time(), zone), period.end)
        months.append((month_key(start), Period(start, end)))
        start = end.astimezone(zone)
    return months


def month_key(moment: date) -> str:
    return f"{moment.year:04d}-{moment.month:02d}"


def quotient(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """The fraction, or None ("no data") when there is nothing to divide by: never 0, never 100 %."""
    return numerator / denominator if denominator else None


def display(
    figure: Figure, *, rounding: Rounding | None = None, places: int = 2, no_data: str = NO_DATA
) -> str:
    """As people read it: percentages with `places` decimals, whole numbers bare, `no_data` for None.

    Shortened as the metric declares, unless told otherwise.
    """
    rounding = rounding or figure.rounding
    if figure.value is None:
        return no_data
    if figure.unit == PERCENT:
        return f"{shorten(figure.value * 100, places, rounding)}%"
    if figure.value == figure.value.to_integral_value():
        return f"{figure.value:.0f}"
    return str(shorten(figure.value, places, rounding))


def shorten(value: Decimal, places: int, rounding: Rounding = Rounding.TRUNCATE) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUNDINGS[rounding])


def _moment(day: date | datetime, zone: tzinfo) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time(), zone)


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
