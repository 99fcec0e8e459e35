from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "zhengxiao.kernel.ui"
    label = "ui"
    verbose_name = "界面"

    def ready(self) -> None:
        from django.core.checks import register

        from zhengxiao.kernel.ui.checks import navigation_addresses_exist

        register(navigation_addresses_exist)
