"""What happens to calendars below the clock, in words. What people propose and confirm is told by the clock, which moves the
deadlines with it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.timeline.api import Fact

CALENDAR, VERSION = "calendar", "calendar_version"

FACTS = (
    Fact("calendar.defined", _("建立日历"), _("建立日历 {key}（{name}）"), CALENDAR),
    Fact("calendar.proposed", _("日历版本录入"), _("日历 {key} 第 {number} 版录入：{source}"), VERSION),
    Fact("calendar.decided", _("日历版本处理"), _("日历 {key} 第 {number} 版：{state}"), VERSION),
)
