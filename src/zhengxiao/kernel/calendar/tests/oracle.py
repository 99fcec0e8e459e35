"""A second, slow and independent way to the same answers: walk day by day, minute by minute, and count."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Interval = tuple[datetime, datetime | None]
ONE = timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def runs_at_close(day: date, pauses: Sequence[Interval], zone: ZoneInfo = SHANGHAI) -> bool:
    """Whether no pause covers the last moment of the day."""
    midnight = datetime.combine(day + ONE, time(0), zone)
    return not any(begins < midnight and (ends is None or ends >= midnight) for begins, ends in pauses)


def corresponding_day(start: date, months: int) -> date:
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def length(start: date, amount: int, unit: str) -> int:
    """Days to count: working days for wd, else calendar days."""
    if unit in ("wd", "d"):
        return amount
    return (corresponding_day(start, amount * (12 if unit == "y" else 1)) - start).days


def due_on(
    is_workday: Callable[[date], bool],
    start: date,
    amount: int,
    unit: str,
    pauses: Sequence[Interval] = (),
    zone: ZoneInfo = SHANGHAI,
) -> date | None:
    """Walk from the day after the start; None when an open pause keeps the walk from ever ending."""
    left = length(start, amount, unit)
    open_from = min(
        (begins.astimezone(zone).date() for begins, ends in pauses if ends is None), default=date.max
    )
    day = start
    while True:
        day += ONE
        if day >= open_from:
            return None
        if pauses and not runs_at_close(day, pauses, zone):
            continue
        if unit != "wd" or is_workday(day):
            left -= 1
        if left <= 0 and is_workday(day):
            return day


def minutes_at_work(
    is_workday: Callable[[date], bool],
    start: datetime,
    minutes: int,
    pauses: Sequence[Interval] = (),
    sessions: Sequence[tuple[time, time]] = ((time(9), time(12)), (time(13, 30), time(17, 30))),
    zone: ZoneInfo = SHANGHAI,
) -> datetime:
    """The end of the `minutes`-th minute inside the sessions and outside the pauses; starts on whole
    minutes.
    """
    moment, step = start, timedelta(minutes=1)
    while minutes:
        local = moment.astimezone(zone)
        opens = is_workday(local.date()) and any(b <= local.time() < e for b, e in sessions)
        held = any(begins <= moment and (ends is None or moment < ends) for begins, ends in pauses)
        minutes -= opens and not held
        moment += step
    return moment
