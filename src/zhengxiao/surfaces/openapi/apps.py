from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class OpenApiConfig(AppConfig):
    name = "zhengxiao.surfaces.openapi"
    label = "openapi"
    verbose_name = "开放接口"

    def ready(self) -> None:
        from zhengxiao.kernel.access.api import register
        from zhengxiao.kernel.jobs.api import Schedule, register_schedule
        from zhengxiao.kernel.timeline.api import register_facts
        from zhengxiao.surfaces.openapi.facts import FACTS
        from zhengxiao.surfaces.openapi.keys import prune
        from zhengxiao.surfaces.openapi.permissions import POLICY

        register(POLICY)
        register_facts("openapi", FACTS)
        register_schedule(Schedule("openapi.prune", timedelta(hours=1), prune, label="清理接口幂等键"))
