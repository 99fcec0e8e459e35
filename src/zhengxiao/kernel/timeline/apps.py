from __future__ import annotations

from django.apps import AppConfig


class TimelineConfig(AppConfig):
    name = "zhengxiao.kernel.timeline"
    label = "timeline"
    verbose_name = "时间线"
