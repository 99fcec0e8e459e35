from __future__ import annotations

from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "zhengxiao.kernel.clock"
    label = "clock"
    verbose_name = "时限"

    def ready(self) -> None:
        from zhengxiao.kernel.clock.facts import FACTS
        from zhengxiao.kernel.timeline.api import register_facts

        register_facts("clock", FACTS)
