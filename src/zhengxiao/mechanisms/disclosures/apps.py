from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    name = "zhengxiao.mechanisms.disclosures"
    label = "disclosures"
    verbose_name = "双公示"

    def ready(self) -> None:
        from zhengxiao.kernel.access.api import register as register_policies
        from zhengxiao.kernel.clock.api import register_rules
        from zhengxiao.kernel.jobs.api import Schedule, register_schedule
        from zhengxiao.kernel.metrics.api import register_metrics, register_population
        from zhengxiao.kernel.timeline.api import register_facts
        from zhengxiao.kernel.workflow.api import register as register_workflow
        from zhengxiao.mechanisms.disclosures import (
            clocks,
            duties,
            facts,
            metrics,
            permissions,
            subscribers,
            workflow,
        )

        register_facts("disclosures", facts.FACTS)
        register_policies(permissions.TABLE)
        register_rules(clocks.RULES)
        register_workflow(workflow.WORKFLOW)
        register_population(metrics.POPULATION)
        register_metrics("disclosures", metrics.METRICS)
        register_schedule(
            Schedule(
                "disclosures.complete",
                timedelta(hours=1),
                lambda at: duties.duties_complete(at=at),
                "双公示应报核对",
            )
        )
        subscribers.connect()
        self._pages()

    def _pages(self) -> None:
        """Entries of the navigation, and how notices name a record."""
        from django.utils.translation import gettext_lazy as _

        from zhengxiao.kernel.notices.api import register_subject
        from zhengxiao.kernel.ui.api import NavEntry, register_nav
        from zhengxiao.mechanisms.disclosures import ledger, permissions, queries
        from zhengxiao.mechanisms.disclosures.facts import SUBJECT

        register_subject(SUBJECT, ledger.about_disclosure)
        register_nav(
            NavEntry(
                "督", _("双公示"), "disclosures:ledger", permissions.VIEW, order=40, count=queries.todo_count
            )
        )
