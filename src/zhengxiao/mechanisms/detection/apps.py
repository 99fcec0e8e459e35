from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class DetectionConfig(AppConfig):
    name = "zhengxiao.mechanisms.detection"
    label = "detection"
    verbose_name = "监察规则"

    def ready(self) -> None:
        from zhengxiao.kernel.access.api import register as register_policies
        from zhengxiao.kernel.jobs.api import Schedule, register_job, register_schedule
        from zhengxiao.kernel.metrics.api import register_metrics, register_population
        from zhengxiao.kernel.timeline.api import register_facts, register_records
        from zhengxiao.kernel.workflow.api import register as register_workflow
        from zhengxiao.mechanisms.detection import (
            backtests,
            facts,
            metrics,
            permissions,
            record,
            running,
            subscribers,
            workflow,
        )

        register_facts("detection", facts.FACTS)
        register_records(record.RECORDS)
        register_policies(permissions.POLICIES)
        register_workflow(workflow.WORKFLOW)
        register_population(metrics.POPULATION)
        register_metrics("detection", metrics.METRICS)
        register_job(backtests.JOB, backtests.run_job, label="监察规则回溯试算", lease=timedelta(minutes=10))
        register_schedule(
            Schedule(
                "detection.nightly",
                timedelta(days=1),
                running.look_nightly,
                label="监察规则夜间检查",
                lease=timedelta(hours=1),
            )
        )
        subscribers.connect()
        self._pages()

    def _pages(self) -> None:
        """Navigation, the panel on the page of a case, and what machines get."""
        from django.utils.translation import gettext_lazy as _

        from zhengxiao.kernel.ui.api import (
            Behind,
            NavEntry,
            register_behind,
            register_nav,
            register_panel,
            register_resource,
        )
        from zhengxiao.mechanisms.detection import permissions
        from zhengxiao.mechanisms.detection.ledger import FINDINGS
        from zhengxiao.mechanisms.detection.pages import case_panel
        from zhengxiao.mechanisms.detection.queries import findings_behind, proposals_waiting
        from zhengxiao.mechanisms.detection.resources import RESOURCES

        register_nav(NavEntry("督", _("监察发现"), "detection:findings", permissions.VIEW, order=40))
        register_nav(
            NavEntry(
                "督", _("监察规则"), "detection:rules", permissions.RULES, order=41, count=proposals_waiting
            )
        )
        register_panel("case", "detection", case_panel)
        register_behind("detection_findings", Behind(FINDINGS, findings_behind, permissions.VIEW))
        for resource in RESOURCES:
            register_resource(resource)
