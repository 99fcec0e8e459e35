from __future__ import annotations

from django.apps import AppConfig


class RelayConfig(AppConfig):
    name = "zhengxiao.mechanisms.relay"
    label = "relay"
    verbose_name = "审管衔接"

    def ready(self) -> None:
        from zhengxiao.kernel.access.api import register as register_policies
        from zhengxiao.kernel.clock.api import register_rules
        from zhengxiao.kernel.metrics.api import register_metrics, register_population
        from zhengxiao.kernel.timeline.api import register_facts, register_records
        from zhengxiao.kernel.workflow.api import register as register_workflow
        from zhengxiao.mechanisms.relay import (
            clocks,
            facts,
            metrics,
            permissions,
            record,
            subscribers,
            workflow,
        )

        register_facts("relay", facts.FACTS)
        register_records(record.RECORDS)
        register_policies(permissions.TABLE)
        register_rules(clocks.RULES)
        register_workflow(workflow.WORKFLOW)
        register_population(metrics.POPULATION)
        register_metrics("relay", metrics.METRICS)
        subscribers.connect()
        self._pages()

    def _pages(self) -> None:
        """The navigation, the names in notices, the panel on the page of a case, and what machines get."""
        from django.utils.translation import gettext_lazy as _

        from zhengxiao.kernel.notices.api import register_subject
        from zhengxiao.kernel.ui.api import (
            Behind,
            NavEntry,
            register_behind,
            register_nav,
            register_panel,
            register_resource,
        )
        from zhengxiao.mechanisms.relay import ledger, pages, permissions, queries, resources
        from zhengxiao.mechanisms.relay.facts import SUBJECT

        register_subject(SUBJECT, ledger.about_relayed)
        register_nav(
            NavEntry(
                "督", _("审管衔接"), "relay:ledger", permissions.VIEW, order=50, count=queries.todo_count
            )
        )
        register_panel("case", "relay", pages.case_panel)
        register_behind("relay", Behind(ledger.LEDGER, queries.relayed_shown, permissions.EXPORT))
        for resource in resources.RESOURCES:
            register_resource(resource)
