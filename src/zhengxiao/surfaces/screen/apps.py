from __future__ import annotations

from django.apps import AppConfig


class ScreenConfig(AppConfig):
    name = "zhengxiao.surfaces.screen"
    label = "screen"
    verbose_name = "大厅屏"
