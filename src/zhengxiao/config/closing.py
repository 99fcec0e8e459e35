"""The last app to start: closes every registry, so that nothing can be declared once requests are answered."""

from __future__ import annotations

from django.apps import AppConfig


class ClosingConfig(AppConfig):
    name = "zhengxiao.config"
    label = "config"
    verbose_name = "配置"

    def ready(self) -> None:
        from zhengxiao.kernel.clock.api import close_rules
        from zhengxiao.kernel.exchange.api import close_registry as close_targets
        from zhengxiao.kernel.jobs.api import close_registries as close_jobs
        from zhengxiao.kernel.metrics.api import close_declarations
        from zhengxiao.kernel.proof.api import close_erasables
        from zhengxiao.kernel.timeline.api import close_facts, close_records
        from zhengxiao.kernel.ui.api import close_resources
        from zhengxiao.kernel.workflow.api import close_workflows

        for close in (
            close_facts,
            close_records,
            close_rules,
            close_workflows,
            close_targets,
            close_jobs,
            close_declarations,
            close_resources,
            close_erasables,
        ):
            close()
