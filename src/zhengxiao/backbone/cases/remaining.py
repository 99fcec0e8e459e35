"""How much time is left, in the words of an office: which clock speaks for a case, and what it says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from zhengxiao.kernel.calendar.api import DayTable, Unit, day_table
from zhengxiao.kernel.clock.api import GRAVITY, Clock, Light

FAR = date.max


def speaking_clock(clocks: Iterable[Clock], at: datetime) -> Clock | None:
    """The running clock that decides the light: the gravest, of equals the one due first."""
    running = [(light, clock) for clock in clocks if (light := clock.light(at)) is not None]
    first = min(running, key=lambda one: (-GRAVITY[one[0]], one[1].due_on or FAR, one[1].pk), default=None)
    return None if first is None else first[1]


def remaining_words(clock: Clock, at: datetime, table: DayTable | None = None) -> str:
    """The time left: "还剩 3 个工作日（含今日）", "今日到期", "今日 17:30 前", "超期 2 个工作日", "暂停中".

    On unpublished days "暂定" is added. `table`: the clock's day table, where many are read at once.
    """
    light = clock.light(at)
    if light is None:
        return gettext("已停止")
    if clock.due_at is None or clock.due_on is None:
        return gettext("暂停中")
    late = at > clock.due_at
    if light is Light.GREY and not late:
        return gettext("暂停中")
    table = table or day_table(clock.region)
    unit = Unit(clock.term_unit)
    if unit in (Unit.HOUR, Unit.WORKHOUR):
        words = _late_hours(clock.due_at, at) if late else _hours_left(clock.due_at, at, table)
    elif unit is Unit.WORKDAY:
        words = _workdays(clock, clock.due_on, at, table, late=late)
    else:
        words = _days(clock.due_on, table.local_date(at), late=late)
    return gettext("{words}，暂定").format(words=words) if clock.provisional else words


def remaining_short(clock: Clock, at: datetime, table: DayTable | None = None) -> str:
    """The same in a few signs, for dense lists: "剩 3 工作日", "超 2 工作日", "今日"; other units as in full."""
    light = clock.light(at)
    if light is None or clock.due_at is None or clock.due_on is None or clock.term_unit != Unit.WORKDAY:
        return remaining_words(clock, at, table)
    late = at > clock.due_at
    if light is Light.GREY and not late:
        return gettext("暂停中")
    table = table or day_table(clock.region)
    today = table.local_date(at)
    doubt = gettext("（暂定）") if clock.provisional else ""
    if late:
        over = table.workdays_between(clock.due_on, today)
        return ngettext("超 {n} 工作日", "超 {n} 工作日", over).format(n=over) if over else gettext("已超期")
    if clock.due_on == today:
        return gettext("今日到期") + doubt
    first = today if table.local_date(clock.started_at) == today else today - timedelta(days=1)
    left = table.workdays_between(first, clock.due_on)
    return ngettext("剩 {n} 工作日", "剩 {n} 工作日", left).format(n=left) + doubt


def _workdays(clock: Clock, due: date, at: datetime, table: DayTable, *, late: bool) -> str:
    today = table.local_date(at)
    if late:
        over = table.workdays_between(due, today)
        return (
            ngettext("超期 {n} 个工作日", "超期 {n} 个工作日", over).format(n=over)
            if over
            else gettext("已超期")
        )
    if due == today:
        return gettext("今日到期")
    # The day of the start does not count (Civil Code art. 201), so it is not among the days left either.
    if table.is_workday(today) and table.local_date(clock.started_at) != today:
        left = table.workdays_between(today - timedelta(days=1), due)
        return ngettext("还剩 {n} 个工作日（含今日）", "还剩 {n} 个工作日（含今日）", left).format(n=left)
    left = table.workdays_between(today, due)
    return ngettext("还剩 {n} 个工作日", "还剩 {n} 个工作日", left).format(n=left)


def _days(due: date, today: date, *, late: bool) -> str:
    if late:
        over = (today - due).days
        return ngettext("超期 {n} 天", "超期 {n} 天", over).format(n=over)
    if due == today:
        return gettext("今日到期")
    left = (due - today).days + 1
    return ngettext("还剩 {n} 天（含今日）", "还剩 {n} 天（含今日）", left).format(n=left)


def _hours_left(due_at: datetime, at: datetime, table: DayTable) -> str:
    local = due_at.astimezone(table.zone)
    if local.date() == table.local_date(at):
        return gettext("今日 {time} 前").format(time=f"{local:%H:%M}")
    return gettext("{day} {time} 前").format(day=date_format(local, gettext("n月j日")), time=f"{local:%H:%M}")


def _late_hours(due_at: datetime, at: datetime) -> str:
    over = max(1, int((at - due_at).total_seconds() // 3600))
    return ngettext("超时 {n} 小时", "超时 {n} 小时", over).format(n=over)
