from __future__ import annotations

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "zhengxiao.kernel.calendar"
    label = "calendar"
    verbose_name = "工作日历"

    def ready(self) -> None:
        from zhengxiao.kernel.calendar.facts import FACTS
        from zhengxiao.kernel.calendar.record import RECORDS
        from zhengxiao.kernel.timeline.api import register_facts, register_records

        register_facts("calendar", FACTS)
        register_records(RECORDS)
