from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class CitizenConfig(AppConfig):
    name = "zhengxiao.surfaces.citizen"
    label = "citizen"
    verbose_name = "办事群众"

    def ready(self) -> None:
        from zhengxiao.kernel.jobs.api import Schedule, register_schedule
        from zhengxiao.surfaces.citizen.misses import prune

        register_schedule(Schedule("citizen.prune", timedelta(minutes=10), prune, label="清理查询计数"))
