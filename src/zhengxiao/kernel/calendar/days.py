"""Days and opening hours as plain values: what a notice says about one date, and when a day's work is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from zhengxiao.lib.refusals import gettext_noop

ORDINARY_SOURCE = gettext_noop("国务院关于职工工作时间的规定")
"""Forty hours a week; Saturday and Sunday are the weekly rest days of the state organs (art. 7)."""


@dataclass(frozen=True, slots=True)
class DayMark:
    """One date that differs from the ordinary week. `is_workday` None takes an earlier mark of the same
    calendar back.
    """

    date: date
    is_workday: bool | None
    name: str = ""
    source_title: str = ""
    source_url: str = ""
    local: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """Opening hours on working days between two days of the year (inclusive; may wrap over New Year).

    `closes` 00:00 means midnight at the end of the day. `weekdays`: Monday is 0. Sessions that apply to the
    same day add up, so seasons must not overlap unless that is meant.
    """

    opens: time
    closes: time
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    month_from: int = 1
    day_from: int = 1
    month_to: int = 12
    day_to: int = 31

    def applies(self, day: date) -> bool:
        if day.weekday() not in self.weekdays:
            return False
        first, last, here = (
            (self.month_from, self.day_from),
            (self.month_to, self.day_to),
            (day.month, day.day),
        )
        if first <= last:
            return first <= here <= last
        return here >= first or here <= last


NATIONAL_SESSIONS = (Session(time(9), time(12)), Session(time(13, 30), time(17, 30)))
"""The default of a calendar that declares none; offices differ, so it is data of the calendar."""


class Reason(StrEnum):
    """Why a day counts or does not: the fixed vocabulary of the calculation sheet."""

    START_DAY = "start_day"
    WORKDAY = "workday"
    MAKEUP_WORKDAY = "makeup_workday"
    LOCAL_WORKDAY = "local_workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    LOCAL_CLOSURE = "local_closure"
    PAUSED = "paused"
    PROVISIONAL_WEEKDAY = "provisional_weekday"
    PROVISIONAL_WEEKEND = "provisional_weekend"
    CALENDAR_DAY = "calendar_day"
    ROLLED = "rolled"
    OUT_OF_HOURS = "out_of_hours"

    @property
    def label(self) -> str:
        """The Chinese words (a message id)."""
        return REASON_LABELS[self]


REASON_LABELS: dict[Reason, str] = {
    Reason.START_DAY: gettext_noop("起算当日不计"),
    Reason.WORKDAY: gettext_noop("工作日"),
    Reason.MAKEUP_WORKDAY: gettext_noop("调休上班"),
    Reason.LOCAL_WORKDAY: gettext_noop("本地上班"),
    Reason.WEEKEND: gettext_noop("休息日"),
    Reason.HOLIDAY: gettext_noop("放假"),
    Reason.LOCAL_CLOSURE: gettext_noop("本地停办"),
    Reason.PAUSED: gettext_noop("暂停计时"),
    Reason.PROVISIONAL_WEEKDAY: gettext_noop("日历未公布，暂按工作日估算"),
    Reason.PROVISIONAL_WEEKEND: gettext_noop("日历未公布，暂按休息日估算"),
    Reason.CALENDAR_DAY: gettext_noop("自然日"),
    Reason.ROLLED: gettext_noop("期满日为休息日，顺延至下一工作日"),
    Reason.OUT_OF_HOURS: gettext_noop("办公时间以外"),
}


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of the calculation sheet. `index`: how many days have counted so far, when this one did.

    `seconds`: what counted on this day, for hour terms. `source`, `source_url`: the document that says so.
    """

    date: date
    counted: bool
    index: int | None
    reason: Reason
    name: str = ""
    source: str = ""
    source_url: str = ""
    is_due: bool = False
    provisional: bool = False
    seconds: int | None = None


def overlay(below: Mapping[date, DayMark], layers: Iterable[Iterable[DayMark]]) -> dict[date, DayMark]:
    """The marks in force: those of `below`, then each layer in order; a mark of None takes its own layers'
    marks back.
    """
    own: dict[date, DayMark] = {}
    for layer in layers:
        for mark in layer:
            if mark.is_workday is None:
                own.pop(mark.date, None)
            else:
                own[mark.date] = mark
    return {**below, **own}


def joined(spans: Iterable[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    """Inclusive date spans in order, overlapping and adjoining ones joined."""
    result: list[tuple[date, date]] = []
    for first, last in sorted(spans):
        if result and first.toordinal() <= result[-1][1].toordinal() + 1:
            result[-1] = (result[-1][0], max(result[-1][1], last))
        else:
            result.append((first, last))
    return tuple(result)
