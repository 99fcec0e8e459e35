from __future__ import annotations

from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "zhengxiao.surfaces.cockpit"
    label = "cockpit"
    verbose_name = "驾驶舱"
