from __future__ import annotations

from datetime import datetime, timedelta

from django.apps import AppConfig

ROUNDS, PER_ROUND = 20, 250


class TimelineConfig(AppConfig):
    name = "zhengxiao.kernel.timeline"
    label = "timeline"
    verbose_name = "时间线"

    def ready(self) -> None:
        from zhengxiao.kernel.jobs.api import SHORT_LEASE, Schedule, register_schedule

        register_schedule(
            Schedule("timeline.deliver", timedelta(seconds=2), deliver, label="事实送达", lease=SHORT_LEASE)
        )


def deliver(at: datetime) -> None:
    """What the runner does every two seconds: deliver until nothing waits, at most 5,000 before others have their turn."""
    from zhengxiao.kernel.timeline.deliveries import deliver_due

    for _ in range(ROUNDS):
        if deliver_due(at=at, limit=PER_ROUND).done == 0:
            break
