from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "zhengxiao.surfaces.console"
    label = "console"
    verbose_name = "管理台"

    def ready(self) -> None:
        from zhengxiao.kernel.access.api import register
        from zhengxiao.surfaces.console.permissions import POLICY

        register(POLICY)
