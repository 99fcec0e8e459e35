from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "zhengxiao.surfaces.portal"
    label = "portal"
    verbose_name = "门户"
