from __future__ import annotations

from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "zhengxiao.kernel.clock"
    label = "clock"
    verbose_name = "时限"
