"""A year of a calendar as twelve small months: what each day is, and which document says so."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.calendar.api import DayMark, DayTable

KINDS: dict[str, Promise] = {
    "work": _("工作日"),
    "rest": _("休息日"),
    "holiday": _("放假"),
    "makeup": _("调休上班"),
    "closure": _("本地停办"),
    "open": _("本地上班"),
    "unknown": _("未公布"),
}
WEEK = (
    pgettext_lazy("星期", "一"),
    pgettext_lazy("星期", "二"),
    pgettext_lazy("星期", "三"),
    pgettext_lazy("星期", "四"),
    pgettext_lazy("星期", "五"),
    pgettext_lazy("星期", "六"),
    pgettext_lazy("星期", "日"),
)


@dataclass(frozen=True, slots=True)
class YearDay:
    """One day. `words` is what a pointer or a screen reader learns; empty for ordinary days."""

    day: date
    kind: str
    name: str = ""
    today: bool = False
    fresh: bool = False
    """It comes from the version being looked at."""

    @property
    def special(self) -> bool:
        return self.kind not in {"work", "rest", "unknown"}

    @property
    def words(self) -> str:
        parts = [
            date_format(self.day, gettext("n月j日 l")),
            str(KINDS[self.kind]),
            gettext(self.name) if self.name else "",
        ]
        return gettext("，").join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class YearMonth:
    """A month: weeks from Monday to Sunday, None outside the month; how many working days it has."""

    first: date
    weeks: tuple[tuple[YearDay | None, ...], ...]
    workdays: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A run of days with one meaning and one source."""

    first: date
    last: date
    kind: str
    label: Promise
    name: str
    source: str
    url: str


def months_of_year(
    table: DayTable, year: int, today: date, fresh: frozenset[date] = frozenset()
) -> list[YearMonth]:
    """The twelve months of `year`; days of `fresh` are marked."""
    return [_month(table, year, month, today, fresh) for month in range(1, 13)]


def kind_of(table: DayTable, day: date) -> str:
    """What the day is in this calendar."""
    mark = table.marks.get(day)
    works = table.is_workday(day)
    if mark is not None and mark.local:
        return "open" if works else "closure"
    if mark is not None and not works:
        return "holiday"
    if mark is not None and day.weekday() in table.rest_weekdays:
        return "makeup"
    if not table.is_confirmed(day):
        return "unknown"
    return "work" if works else "rest"


def specials_of(table: DayTable, year: int) -> list[SpecialDay]:
    """The year's special days with their documents, neighbours of one meaning joined."""
    marks = [table.marks[day] for day in sorted(table.marks) if day.year == year]
    return joined(marks, table)


def joined(marks: Iterable[DayMark], table: DayTable) -> list[SpecialDay]:
    """Runs of days. A day that a mark makes an ordinary one again is left out."""
    runs: list[SpecialDay] = []
    for mark in marks:
        kind = mark_kind(mark, table)
        last = runs[-1] if runs else None
        same = last and (last.kind, last.name, last.source) == (kind, mark.name, mark.source_title)
        if last and same and (mark.date - last.last).days == 1:
            runs[-1] = SpecialDay(last.first, mark.date, kind, last.label, last.name, last.source, last.url)
        else:
            label = KINDS[kind]
            runs.append(
                SpecialDay(mark.date, mark.date, kind, label, mark.name, mark.source_title, mark.source_url)
            )
    return runs


def mark_kind(mark: DayMark, table: DayTable) -> str:
    """What a mark says about its day, whether or not it is in force."""
    weekend = mark.date.weekday() in table.rest_weekdays
    if mark.is_workday is None:
        return "rest" if weekend else "work"
    if mark.local:
        return "open" if mark.is_workday else "closure"
    return ("makeup" if weekend else "work") if mark.is_workday else "holiday"


def _month(table: DayTable, year: int, month: int, today: date, fresh: frozenset[date]) -> YearMonth:
    weeks = tuple(
        tuple(_day(table, day, today, fresh) if day.month == month else None for day in week)
        for week in calendar.Calendar(firstweekday=0).monthdatescalendar(year, month)
    )
    days = [day.day for week in weeks for day in week if day is not None]
    works = sum(table.is_workday(day) for day in days)
    return YearMonth(days[0], weeks, works, any(not table.is_confirmed(day) for day in days))


def _day(table: DayTable, day: date, today: date, fresh: frozenset[date]) -> YearDay:
    mark = table.marks.get(day)
    return YearDay(day, kind_of(table, day), mark.name if mark else "", day == today, day in fresh)
