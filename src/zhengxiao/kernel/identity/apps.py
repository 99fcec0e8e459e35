from __future__ import annotations

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "zhengxiao.kernel.identity"
    label = "identity"
    verbose_name = "用户"
