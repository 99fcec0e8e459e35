from __future__ import annotations

from datetime import datetime, timedelta

from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "zhengxiao.kernel.clock"
    label = "clock"
    verbose_name = "时限"

    def ready(self) -> None:
        from zhengxiao.kernel.clock.checking import check_caches
        from zhengxiao.kernel.clock.facts import FACTS
        from zhengxiao.kernel.clock.record import RECORDS
        from zhengxiao.kernel.jobs.api import SHORT_LEASE, Schedule, register_schedule
        from zhengxiao.kernel.timeline.api import register_cache_check, register_facts, register_records

        register_facts("clock", FACTS)
        register_records(RECORDS)
        register_cache_check("clock", check_caches)
        register_schedule(
            Schedule("clock.sweep", timedelta(seconds=15), swept, label="时限巡检", lease=SHORT_LEASE)
        )


def swept(at: datetime) -> None:
    """What the runner does every quarter of a minute: look at the clocks whose next moment has come."""
    from zhengxiao.kernel.clock.sweeping import sweep

    sweep(at=at)
