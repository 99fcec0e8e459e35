from __future__ import annotations

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "zhengxiao.kernel.metrics"
    label = "metrics"
    verbose_name = "指标"
