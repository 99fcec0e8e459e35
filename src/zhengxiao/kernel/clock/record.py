"""The clock's tables of record. What follows from rows, rule and calendar is a cache and is made again by `checking.py`."""

from __future__ import annotations

from zhengxiao.kernel.clock.models import Clock, ClockRow, ClockRule, ClockRung
from zhengxiao.kernel.timeline.api import Record

CACHES = (
    "revision", "extension_amount", "plain", "due_at", "due_on", "provisional", "paused_since", "paused_until",
    "blue_at", "yellow_at", "red_at", "fired", "next_look_at", "calendar_version", "used",
)  # fmt: skip

RECORDS = (
    Record(ClockRule, key="pk", kind="clock_rule"),
    Record(
        Clock,
        key="subject_id",
        kind_from="subject_kind",
        caches=CACHES,
        frozen_by="stopped_at",
        given={"due_at": "source_due", "calendar_version": "source_due"},
    ),
    Record(ClockRow, key="clock__subject_id", kind_from="clock__subject_kind"),
    Record(ClockRung, key="clock__subject_id", kind_from="clock__subject_kind"),
)
