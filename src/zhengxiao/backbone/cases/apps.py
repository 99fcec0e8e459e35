from __future__ import annotations

from pathlib import Path

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "zhengxiao.backbone.cases"
    label = "cases"
    verbose_name = "办件"

    def ready(self) -> None:
        from zhengxiao.backbone.cases import (
            clocks,
            erasing,
            exchange_target,
            facts,
            metrics,
            permissions,
            record,
            subscribers,
            workflow,
        )
        from zhengxiao.kernel.access.api import register as register_policies
        from zhengxiao.kernel.clock.api import register_rules
        from zhengxiao.kernel.exchange.api import register_profiles, register_target
        from zhengxiao.kernel.metrics.api import register_metrics, register_population
        from zhengxiao.kernel.proof.api import register_erasable, register_need
        from zhengxiao.kernel.timeline.api import register_facts, register_records
        from zhengxiao.kernel.workflow.api import register as register_workflow

        register_facts("cases", facts.FACTS)
        register_records(record.RECORDS)
        register_policies(permissions.TABLE)
        register_rules(clocks.RULES)
        register_workflow(workflow.WORKFLOW)
        register_population(metrics.POPULATION)
        register_metrics("cases", metrics.METRICS)
        register_target(exchange_target.TARGET)
        register_profiles("cases", Path(__file__).parent / "profiles")
        subscribers.connect()
        register_erasable(erasing.ERASABLE)
        for need in erasing.NEEDS:
            register_need(need)
        self._pages()

    def _pages(self) -> None:
        """Entries of the navigation, and how notices name a case."""
        from django.utils.translation import gettext_lazy as _

        from zhengxiao.backbone.cases.filing import tell_of_refused_file
        from zhengxiao.backbone.cases.ledger import about_case, about_cases
        from zhengxiao.backbone.cases.queries import cases_reached
        from zhengxiao.kernel.files.api import register_scan_listener
        from zhengxiao.kernel.notices.api import register_subject
        from zhengxiao.kernel.ui.api import NavEntry, register_nav
        from zhengxiao.kernel.webhooks.api import Source, register_source

        register_subject("case", about_case, about_cases)
        register_source(Source("case", "cases.view", cases_reached, key="number", address="/cases/{key}"))
        register_scan_listener(tell_of_refused_file)

        register_nav(NavEntry("办", _("收件"), "cases:new", "cases.receive", order=20))
        register_nav(NavEntry("办", _("办件"), "cases:ledger", "cases.view", order=30))
