from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    name = "zhengxiao.mechanisms.disclosures"
    label = "disclosures"
    verbose_name = "双公示"

    def ready(self) -> None:
        from zhengxiao.backbone.parties.api import SealedColumn, register_sealed
        from zhengxiao.kernel.access.api import register as register_policies
        from zhengxiao.kernel.clock.api import register_rules
        from zhengxiao.kernel.exchange.api import register_profiles, register_target
        from zhengxiao.kernel.jobs.api import Schedule, register_schedule
        from zhengxiao.kernel.metrics.api import register_metrics, register_population
        from zhengxiao.kernel.timeline.api import register_facts, register_records
        from zhengxiao.kernel.workflow.api import register as register_workflow
        from zhengxiao.mechanisms.disclosures import (
            clocks,
            duties,
            exchange,
            facts,
            metrics,
            permissions,
            record,
            subscribers,
            workflow,
        )
        from zhengxiao.mechanisms.disclosures.contents import PURPOSE
        from zhengxiao.mechanisms.disclosures.models import Content

        register_facts("disclosures", facts.FACTS)
        register_records(record.RECORDS)
        register_sealed(
            SealedColumn(
                Content,
                "sealed",
                PURPOSE,
                fact="disclosures.resealed",
                kind=facts.SUBJECT,
                key="disclosure_id",
            )
        )
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
        for target in exchange.TARGETS:
            register_target(target)
        register_profiles("disclosures", Path(__file__).parent / "profiles")
        subscribers.connect()
        self._pages()

    def _pages(self) -> None:
        """Entries of the navigation, and how notices name a record."""
        from django.utils.translation import gettext_lazy as _

        from zhengxiao.kernel.notices.api import register_subject
        from zhengxiao.kernel.ui.api import (
            Behind,
            Finder,
            NavEntry,
            register_behind,
            register_finder,
            register_nav,
            register_panel,
            register_resource,
            register_waiting,
        )
        from zhengxiao.mechanisms.disclosures import ledger, permissions, places, queries, resources
        from zhengxiao.mechanisms.disclosures.facts import SUBJECT

        register_subject(SUBJECT, ledger.about_disclosure)
        view, report = permissions.VIEW, permissions.REPORT
        register_nav(
            NavEntry("督", _("双公示"), "disclosures:ledger", view, order=40, count=queries.todo_count)
        )
        register_nav(NavEntry("督", _("双公示报送"), "disclosures:batches", report, order=41))
        register_panel("case", "disclosures", places.case_panel)
        register_waiting("disclosures", _("双公示"), places.waiting)
        register_finder("disclosures", Finder(_("双公示"), places.find, places.exact))
        register_behind("disclosures", Behind(ledger.LEDGER, queries.disclosures_shown, permissions.EXPORT))
        for resource in resources.RESOURCES:
            register_resource(resource)
