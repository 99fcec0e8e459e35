"""When a term ends and how much of it is used. Pure; every function takes the day table it counts on.

One rule serves every unit: a term is due on the first day (hour terms: at the first instant) by which the
whole amount has been counted, the clock is running, and, for day-like terms, the offices work.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from zhengxiao.kernel.calendar.terms import DateOutOfReach, Due, NaiveMoment, Pause, Term, Unit, merged

if TYPE_CHECKING:
    from zhengxiao.kernel.calendar.table import DayTable

Stop = tuple[int, int | None]  # days (ordinals) a <= d < b that do not count; b None: still standing
LAST_DATE = date(2299, 12, 31)


def due(table: DayTable, start: datetime | date, term: Term, pauses: tuple[Pause, ...]) -> Due:
    """See DayTable.due."""
    if term.unit.is_hourly:
        return _due_by_instant(table, start, term, pauses)
    begins = table.local_date(start)
    if term.unit.is_fixed:
        day = date.fromordinal(begins.toordinal() + nominal_days(begins, term))
        return Due(at=table.close_of(day), on=day, provisional=False)
    stops = stops_of(table, pauses) if pauses else []
    if term.unit is Unit.WORKDAY and term.amount:
        ordinal = _workday_ordinal(table, begins, term.amount, stops)
    else:
        ordinal = _calendar_ordinal(table, begins.toordinal(), nominal_days(begins, term), stops)
    if ordinal is None:
        return Due(at=None, on=None, provisional=False)
    day = date.fromordinal(ordinal)
    return Due(at=table.close_of(day), on=day, provisional=table.is_provisional(begins, day))


def nominal_days(start: date, term: Term) -> int:
    """Calendar days from `start` to the nominal end; fixed dates may lie before the start (then it is
    negative).
    """
    match term.unit:
        case Unit.DAY:
            return term.amount
        case Unit.MONTH:
            end = month_later(start, term.amount)
        case Unit.YEAR:
            end = month_later(start, 12 * term.amount)
        case Unit.DAY_OF_MONTH:
            end = _day_of_month(start, term.amount)
        case Unit.QUARTER_END:
            end = _last_of_month(
                month_later(start.replace(day=1), (2 - (start.month - 1) % 3) + 3 * (term.amount - 1))
            )
        case Unit.FIXED:
            end = date.fromordinal(term.amount)
        case _:
            return 0
    return (end - start).days


def month_later(start: date, months: int) -> date:
    """The corresponding day `months` later, or the last day of that month (Civil Code art. 202)."""
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > LAST_DATE.year:
        raise DateOutOfReach(field="term", text=f"{start} +{months}m")
    return date(year, month0 + 1, min(start.day, monthrange(year, month0 + 1)[1]))


def _last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _day_of_month(start: date, wanted: int) -> date:
    this = min(wanted, monthrange(start.year, start.month)[1])
    if start.day <= this:
        return start.replace(day=this)
    following = month_later(start.replace(day=1), 1)
    return following.replace(day=min(wanted, monthrange(following.year, following.month)[1]))


def stops_of(table: DayTable, pauses: tuple[Pause, ...], until: datetime | None = None) -> list[Stop]:
    """The days on which the clock does not run at their close, as joined spans of ordinals.

    With `until`, as seen at that moment: later pauses are not known yet, one that holds then is still
    standing.
    """
    stops: list[Stop] = []
    for begins, ends in merged(pauses):
        if until is not None and begins > until:
            break
        standing = ends is None or (until is not None and ends > until)
        first = table.local_date(begins).toordinal()
        last = None if standing or ends is None else table.local_date(ends).toordinal()
        if last is not None and last <= first:
            continue
        if stops and stops[-1][1] is not None and first <= stops[-1][1]:
            stops[-1] = (stops[-1][0], last)
        else:
            stops.append((first, last))
    return stops


def _workday_ordinal(table: DayTable, begins: date, amount: int, stops: list[Stop]) -> int | None:
    """The `amount`-th working day after `begins` on which the clock runs at the close."""
    day = table.due_on(begins, amount).toordinal()
    earliest = begins.toordinal() + 1
    for first, last in stops:
        first = max(first, earliest)
        if first > day:
            break
        if last is None:
            return None
        if last > first:
            amount += table.workdays_between(date.fromordinal(first - 1), date.fromordinal(last - 1))
            day = table.due_on(begins, amount).toordinal()
    return day


def _calendar_ordinal(table: DayTable, begins: int, amount: int, stops: list[Stop]) -> int | None:
    """The first working, running day by which `amount` running calendar days after `begins` have been
    counted.
    """
    nominal = begins + amount
    day = _next_workday(table, nominal)
    for first, last in stops:
        first = max(first, begins + 1)
        if first > day:
            break
        if last is None:
            return None
        if last > first:
            # A stop that begins only in the days the end is put off by has nothing left to count; it holds
            # the end.
            nominal = nominal + last - first if first <= nominal else last
            day = _next_workday(table, nominal)
    return day


def _next_workday(table: DayTable, ordinal: int) -> int:
    if ordinal > LAST_DATE.toordinal():
        raise DateOutOfReach(field="term", text=f"{ordinal}")
    window = table.covering(ordinal, ordinal)
    index = ordinal - window.first
    if window.works[index]:
        return ordinal
    position = window.rank[index]
    if position < len(window.ordinals):
        return window.ordinals[position]
    table.wider(window, named=date.fromordinal(ordinal))
    return _next_workday(table, ordinal)


def _aware(moment: datetime | date) -> datetime:
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise NaiveMoment(field="start", text=moment.isoformat())
    return moment.astimezone(UTC)


def _due_by_instant(table: DayTable, start: datetime | date, term: Term, pauses: tuple[Pause, ...]) -> Due:
    """The first running instant by which the whole time has been counted."""
    position, left = _aware(start), timedelta(hours=term.amount)
    spent = _worked if term.unit is Unit.WORKHOUR else _passed
    for begins, ends in merged(pauses):
        if ends is not None and ends <= position:
            continue
        if begins > position:
            counted = spent(table, position, begins.astimezone(UTC))
            if counted > left or (counted == left and _after(table, term.unit, position, left) < begins):
                break
            left -= counted
        if ends is None:
            return Due(at=None, on=None, provisional=False)
        position = max(position, ends.astimezone(UTC))
    at = _after(table, term.unit, position, left).astimezone(table.zone)
    begun = table.local_date(start)
    provisional = term.unit is Unit.WORKHOUR and table.is_provisional(begun, at.date())
    return Due(at=at, on=at.date(), provisional=provisional)


def _passed(table: DayTable, begins: datetime, ends: datetime) -> timedelta:
    return ends - begins


def _worked(table: DayTable, begins: datetime, ends: datetime) -> timedelta:
    first, last = table.local_date(begins), table.local_date(ends)
    work = table.worktime(table.covering(first.toordinal(), last.toordinal()))
    return timedelta(microseconds=work.total_at(ends, last) - work.total_at(begins, first))


def _after(table: DayTable, unit: Unit, position: datetime, left: timedelta) -> datetime:
    """The earliest instant by which `left` has passed since `position`, no pause between."""
    if not left:
        return position
    if unit is Unit.HOUR:
        try:
            return position + left
        except OverflowError as error:
            raise DateOutOfReach(field="term", text=str(left)) from error
    day = table.local_date(position)
    window = table.covering(day.toordinal(), day.toordinal())
    while True:
        work = table.worktime(window)
        target = work.total_at(position, day) + left // timedelta(microseconds=1)
        if target <= work.whole:
            return work.reached_at(target)
        window = table.wider(window, named=left)


def used(
    table: DayTable, start: datetime | date, until: datetime | date, unit: Unit, pauses: tuple[Pause, ...]
) -> int | float:
    """See DayTable.used."""
    if unit.is_hourly:
        return used_time(table, _aware(start), _aware(until), unit, pauses) / timedelta(hours=1)
    begins, here = table.local_date(start), table.local_date(until)
    if here <= begins:
        return 0
    seen = until if isinstance(until, datetime) else table.close_of(until)
    stops = stops_of(table, pauses, seen) if pauses else []
    earliest, latest = begins.toordinal() + 1, here.toordinal()
    counted = _days(table, unit, earliest, latest + 1)
    for first, last in stops:
        first, last = max(first, earliest), latest + 1 if last is None else min(last, latest + 1)
        if last > first:
            counted -= _days(table, unit, first, last)
    return counted


def _days(table: DayTable, unit: Unit, first: int, beyond: int) -> int:
    """Working or calendar days d with first <= d < beyond."""
    if unit is Unit.WORKDAY:
        return table.workdays_between(date.fromordinal(first - 1), date.fromordinal(beyond - 1))
    return beyond - first


def used_time(
    table: DayTable, start: datetime, until: datetime, unit: Unit, pauses: tuple[Pause, ...]
) -> timedelta:
    """The time used of an hour term between two instants, pauses taken out exactly."""
    begins, ends = _aware(start), _aware(until)
    if ends <= begins:
        return timedelta(0)
    spent = _worked if unit is Unit.WORKHOUR else _passed
    total = spent(table, begins, ends)
    for stop, resume in merged(pauses):
        first = max(begins, stop.astimezone(UTC))
        last = ends if resume is None else min(ends, resume.astimezone(UTC))
        if last > first:
            total -= spent(table, first, last)
    return total
