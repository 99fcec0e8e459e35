from __future__ import annotations

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "zhengxiao.backbone.parties"
    label = "parties"
    verbose_name = "办事主体"
