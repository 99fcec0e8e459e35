"""The day strip: one cell per day from start to due. Values and their words; drawing is in the template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.calendar.api import DayLine, Reason


class DayKind(StrEnum):
    """What a day is to the clock."""

    START = "start"
    COUNTED = "counted"
    PAUSED = "paused"
    REST = "rest"
    LEFT = "left"
    LATE = "late"


DAY_WORDS: dict[DayKind, Promise] = {
    DayKind.START: _("起算日，当日不计"),
    DayKind.COUNTED: _("计入"),
    DayKind.PAUSED: _("暂停，不计"),
    DayKind.REST: _("休息日，不计"),
    DayKind.LEFT: _("尚余"),
    DayKind.LATE: _("逾期"),
}


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the strip. `provisional`: the calendar of that day is not published yet. `note`: why, in
    words.
    """

    day: date
    kind: DayKind
    due: bool = False
    today: bool = False
    provisional: bool = False
    note: str = ""

    @property
    def classes(self) -> str:
        marks = [name for name in ("due", "today", "provisional") if getattr(self, name)]
        return " ".join([f"is-{self.kind}", *(f"is-{mark}" for mark in marks)])

    @property
    def words(self) -> str:
        """The full sentence of the day, for the pointer and for readers who do not see colours."""
        parts = [date_format(self.day, gettext("n月j日 l"))]
        parts.append(str(self.note or DAY_WORDS[self.kind]))
        if self.due:
            parts.append(gettext("到期日"))
        if self.today:
            parts.append(gettext("今天"))
        if self.provisional:
            parts.append(gettext("暂定，放假安排尚未公布"))
        return gettext("，").join(parts)


def cells_of(lines: Iterable[DayLine], *, today: date | None, until: date | None = None) -> list[DayCell]:
    """Cells of a calculation sheet, seen on `today`. A stopped clock names its last day as `until`; then
    nothing is left.

    A day counts at its close, so today is still left.
    """
    running = until is None
    now = today if running else until
    cells: list[DayCell] = []
    late = False
    for line in lines:
        if line.reason == Reason.START_DAY:
            kind = DayKind.START
        elif line.reason == Reason.PAUSED:
            kind = DayKind.PAUSED
        elif late:
            kind = DayKind.LATE if line.counted and (now is None or line.date <= now) else DayKind.REST
        elif not line.counted:
            kind = DayKind.REST
        else:
            past = now is not None and (line.date < now if running else line.date <= now)
            kind = DayKind.COUNTED if past else DayKind.LEFT
        name = gettext(line.name) if line.name else ""
        note = gettext("，").join(filter(None, (gettext(line.reason.label), name)))
        is_today = running and line.date == today
        cells.append(DayCell(line.date, kind, line.is_due, is_today, line.provisional, note))
        late = late or line.is_due
    return cells


@dataclass(frozen=True, slots=True)
class StripDay:
    """A cell with its place: the first day and each first of a month carry the month below."""

    cell: DayCell
    month: str


def strip_days(cells: Iterable[DayCell]) -> list[StripDay]:
    days: list[StripDay] = []
    for cell in cells:
        begins = not days or cell.day.day == 1
        days.append(StripDay(cell, date_format(cell.day, gettext("n月")) if begins else ""))
    return days


def strip_text(cells: Iterable[DayCell]) -> str:
    """The strip in one sentence, for print and screen readers."""
    listed = list(cells)
    if not listed:
        return gettext("没有计时记录")
    counts = {kind: sum(cell.kind == kind for cell in listed) for kind in DayKind}
    parts = [gettext("起 {day}").format(day=_short(listed[0].day))]
    texts = [
        (DayKind.COUNTED, ngettext("已计 {n} 日", "已计 {n} 日", counts[DayKind.COUNTED])),
        (DayKind.PAUSED, ngettext("暂停 {n} 日", "暂停 {n} 日", counts[DayKind.PAUSED])),
        (DayKind.REST, ngettext("休息日不计 {n} 日", "休息日不计 {n} 日", counts[DayKind.REST])),
        (DayKind.LEFT, ngettext("尚余 {n} 日", "尚余 {n} 日", counts[DayKind.LEFT])),
        (DayKind.LATE, ngettext("逾期 {n} 日", "逾期 {n} 日", counts[DayKind.LATE])),
    ]
    parts += [text.format(n=counts[kind]) for kind, text in texts if counts[kind]]
    parts += [gettext("到期 {day}").format(day=_short(cell.day)) for cell in listed if cell.due]
    if any(cell.provisional for cell in listed):
        parts.append(gettext("含暂定日"))
    return gettext("，").join(parts)


def _short(day: date) -> str:
    return date_format(day, gettext("n月j日"))
