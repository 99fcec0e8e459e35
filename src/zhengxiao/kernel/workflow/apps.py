from __future__ import annotations

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "zhengxiao.kernel.workflow"
    label = "workflow"
    verbose_name = "流程"
