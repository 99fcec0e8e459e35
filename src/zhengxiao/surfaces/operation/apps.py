from __future__ import annotations

from django.apps import AppConfig


class OperationConfig(AppConfig):
    name = "zhengxiao.surfaces.operation"
    label = "operation"
    verbose_name = "运行"
