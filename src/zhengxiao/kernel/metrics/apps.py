from __future__ import annotations

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "zhengxiao.kernel.metrics"
    label = "metrics"
    verbose_name = "指标"

    def ready(self) -> None:
        from zhengxiao.kernel.access.api import register
        from zhengxiao.kernel.metrics.facts import FACTS
        from zhengxiao.kernel.metrics.permissions import POLICY
        from zhengxiao.kernel.timeline.api import register_facts

        register(POLICY)
        register_facts("metrics", FACTS)
