from __future__ import annotations

from django.apps import AppConfig


class SampleConfig(AppConfig):
    name = "zhengxiao.surfaces.sample"
    label = "sample"
    verbose_name = "示例城市"
