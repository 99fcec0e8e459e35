from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "zhengxiao.kernel.access"
    label = "access"
    verbose_name = "权限"

    def ready(self) -> None:
        from zhengxiao.kernel.access.permissions import TABLES
        from zhengxiao.kernel.access.policies import register

        for table in TABLES:
            register(table)
