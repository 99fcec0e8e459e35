from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "zhengxiao.kernel.notices"
    label = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        from zhengxiao.kernel.access.api import register
        from zhengxiao.kernel.notices.permissions import POLICY
        from zhengxiao.kernel.notices.subscribers import HEARD, clock_told, clocks_told
        from zhengxiao.kernel.timeline.api import subscribe

        register(POLICY)
        for fact in HEARD:
            subscribe(fact, name=f"notices.{fact.replace('.', '_')}", handler=clock_told, batch=clocks_told)
