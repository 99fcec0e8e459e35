from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "zhengxiao.surfaces.console"
    label = "console"
    verbose_name = "管理台"
