"""The calculation sheet: every day from start to due, counted or not, by which rule and source."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from zhengxiao.kernel.calendar import arithmetic
from zhengxiao.kernel.calendar.days import ORDINARY_SOURCE, DayLine, Reason
from zhengxiao.kernel.calendar.terms import Due, Pause, Term, Unit

if TYPE_CHECKING:
    from zhengxiao.kernel.calendar.arithmetic import Stop
    from zhengxiao.kernel.calendar.table import DayTable

Ground = tuple[bool, Reason, str, str, str]  # is a working day, reason, name, source, its address


def explain(
    table: DayTable,
    start: datetime | date,
    term: Term,
    pauses: tuple[Pause, ...],
    until: datetime | date | None,
) -> list[DayLine]:
    """See DayTable.explain."""
    due = arithmetic.due(table, start, term, pauses)
    begins = table.local_date(start)
    last = _last_day(table, begins, due, pauses, until)
    days = [date.fromordinal(day) for day in range(begins.toordinal(), last.toordinal() + 1)]
    if term.unit.is_hourly:
        return _hour_lines(table, start, term, pauses, due, days)
    return _day_lines(table, term, due, days, arithmetic.stops_of(table, pauses), begins)


def _last_day(
    table: DayTable, begins: date, due: Due, pauses: tuple[Pause, ...], until: datetime | date | None
) -> date:
    """The due day, or `until` when later; with no due day yet, the day on which the open pause began."""
    known = [begins] if due.on is None else [max(begins, due.on)]
    if until is not None:
        known.append(table.local_date(until))
    elif due.on is None:
        known += [table.local_date(pause.start) for pause in pauses]
    return max(known)


def ground_of(table: DayTable, day: date) -> Ground:
    """What makes a day a working day or a day of rest."""
    mark = table.marks.get(day)
    works = table.is_workday(day)
    if mark is not None:
        if mark.local:
            reason = Reason.LOCAL_WORKDAY if works else Reason.LOCAL_CLOSURE
        elif works:
            reason = Reason.MAKEUP_WORKDAY if day.weekday() in table.rest_weekdays else Reason.WORKDAY
        else:
            reason = Reason.HOLIDAY
        return works, reason, mark.name, mark.source_title, mark.source_url
    if not table.is_confirmed(day):
        return works, Reason.PROVISIONAL_WEEKDAY if works else Reason.PROVISIONAL_WEEKEND, "", "", ""
    return works, Reason.WORKDAY if works else Reason.WEEKEND, "", ORDINARY_SOURCE, ""


def _day_lines(
    table: DayTable, term: Term, due: Due, days: list[date], stops: list[Stop], begins: date
) -> list[DayLine]:
    lines: list[DayLine] = []
    counted_so_far = 0
    wanted = arithmetic.nominal_days(begins, term)
    by_workday = term.unit is Unit.WORKDAY
    for day in days:
        works, reason, name, source, url = ground_of(table, day)
        counts = works if by_workday else True
        if day == begins:
            counts, reason = False, Reason.START_DAY
        elif not term.unit.is_fixed and _stands(stops, day):
            counts, reason = False, Reason.PAUSED
        elif not by_workday:
            put_off = (
                not term.unit.is_fixed and counted_so_far >= wanted and (due.on is None or day <= due.on)
            )
            counts = not put_off
            if put_off:
                reason = Reason.ROLLED
            elif works or not name:
                reason = Reason.CALENDAR_DAY
        counted_so_far += counts
        lines.append(
            DayLine(
                date=day,
                counted=counts,
                index=counted_so_far if counts else None,
                reason=reason,
                name=name,
                source=source,
                source_url=url,
                is_due=day == due.on,
                provisional=not table.is_confirmed(day),
            )
        )
    return lines


def _stands(stops: list[Stop], day: date) -> bool:
    ordinal = day.toordinal()
    return any(first <= ordinal and (last is None or ordinal < last) for first, last in stops)


def _hour_lines(
    table: DayTable, start: datetime | date, term: Term, pauses: tuple[Pause, ...], due: Due, days: list[date]
) -> list[DayLine]:
    lines: list[DayLine] = []
    moment = start if isinstance(start, datetime) else table.midnight(start)
    for day in days:
        opens, closes = table.midnight(day), table.midnight(day + timedelta(days=1))
        begins, ends = max(moment, opens), closes if day != due.on or due.at is None else min(due.at, closes)
        seconds = round(arithmetic.used_time(table, begins, ends, term.unit, pauses).total_seconds())
        free = round(arithmetic.used_time(table, begins, ends, term.unit, ()).total_seconds())
        works, reason, name, source, url = ground_of(table, day)
        if seconds < free and not seconds:
            reason = Reason.PAUSED
        elif term.unit is Unit.HOUR:
            reason = Reason.CALENDAR_DAY
        elif works and not seconds:
            reason = Reason.OUT_OF_HOURS
        lines.append(
            DayLine(
                date=day,
                counted=seconds > 0,
                index=None,
                reason=reason,
                name=name,
                source=source,
                source_url=url,
                is_due=day == due.on,
                provisional=term.unit is Unit.WORKHOUR and not table.is_confirmed(day),
                seconds=seconds,
            )
        )
    return lines
