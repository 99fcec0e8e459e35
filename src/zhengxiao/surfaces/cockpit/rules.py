"""Periods a reader can choose, each with the one it is compared to. Pure; days are local, both ends belong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from zhengxiao.lib.refusals import gettext_noop

MONTH = "month"
LAST_MONTH = "last_month"
QUARTER = "last_3_months"
YEAR = "year"
CUSTOM = "custom"

PERIODS: dict[str, str] = {
    MONTH: gettext_noop("本月"),
    LAST_MONTH: gettext_noop("上月"),
    QUARTER: gettext_noop("近 3 个月"),
    YEAR: gettext_noop("今年"),
    CUSTOM: gettext_noop("自选"),
}
COMPARED: dict[str, str] = {
    MONTH: gettext_noop("上月同期"),
    LAST_MONTH: gettext_noop("再上月"),
    QUARTER: gettext_noop("前 3 个月"),
    YEAR: gettext_noop("去年同期"),
    CUSTOM: gettext_noop("前一期"),
}
TREND_MONTHS = 12
FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, both included."""

    first: date
    last: date

    @property
    def after(self) -> date:
        """The exclusive end, as figures are asked for."""
        return self.last + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A chosen period and the one it is compared to: as much of the earlier one as has passed of a running one."""

    key: str
    days: Days
    before: Days

    @property
    def label(self) -> str:
        return PERIODS[self.key]

    @property
    def compared(self) -> str:
        return COMPARED[self.key]


def span_of(key: str, today: date, first: date | None = None, last: date | None = None) -> Span:
    """The span of a choice, seen on `today`. CUSTOM without its days is the running month."""
    if key == LAST_MONTH:
        return Span(key, month_at(today, -1), month_at(today, -2))
    if key == QUARTER:
        return Span(
            key,
            Days(month_at(today, -2).first, month_at(today, 0).last),
            Days(month_at(today, -5).first, month_at(today, -3).last),
        )
    if key == YEAR:
        whole = Days(date(today.year, 1, 1), date(today.year, 12, 31))
        day = min(today.day, month_at(date(today.year - 1, today.month, 1), 0).last.day)
        return Span(key, whole, Days(date(today.year - 1, 1, 1), date(today.year - 1, today.month, day)))
    if key == CUSTOM and first is not None and last is not None:
        length = (last - first).days + 1
        return Span(key, Days(first, last), Days(first - timedelta(days=length), first - timedelta(days=1)))
    whole, earlier = month_at(today, 0), month_at(today, -1)
    same_day = min(earlier.last, earlier.first + timedelta(days=today.day - 1))
    return Span(key, whole, Days(earlier.first, same_day))


def month_at(day: date, months: int) -> Days:
    """The calendar month `months` away from that of `day`."""
    count = day.year * 12 + day.month - 1 + months
    first = date(count // 12, count % 12 + 1, 1)
    following = date((count + 1) // 12, (count + 1) % 12 + 1, 1)
    return Days(first, following - timedelta(days=1))


def trend_of(last: date, months: int = TREND_MONTHS) -> Days:
    """Whole months up to the one of `last`."""
    return Days(month_at(last, 1 - months).first, month_at(last, 0).last)
