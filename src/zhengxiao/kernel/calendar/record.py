"""The calendar's tables of record: every deadline follows from them."""

from __future__ import annotations

from zhengxiao.kernel.calendar.facts import CALENDAR, VERSION
from zhengxiao.kernel.calendar.models import Calendar, CalendarDay, CalendarSession, CalendarVersion
from zhengxiao.kernel.timeline.api import Record

RECORDS = (
    Record(Calendar, key="pk", kind=CALENDAR),
    Record(CalendarVersion, key="pk", kind=VERSION),
    Record(CalendarDay, key="version_id", kind=VERSION),
    Record(CalendarSession, key="version_id", kind=VERSION),
)
