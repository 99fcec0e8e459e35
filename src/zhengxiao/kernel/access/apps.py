from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "zhengxiao.kernel.access"
    label = "access"
    verbose_name = "权限"
