from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "zhengxiao.mechanisms.supervision"
    label = "supervision"
    verbose_name = "督查"

    def ready(self) -> None:
        from zhengxiao.kernel.access.api import register as register_policies
        from zhengxiao.kernel.clock.api import register_rules
        from zhengxiao.kernel.jobs.api import Schedule, register_schedule
        from zhengxiao.kernel.metrics.api import register_metrics, register_population
        from zhengxiao.kernel.timeline.api import register_cache_check, register_facts, register_records
        from zhengxiao.kernel.workflow.api import register as register_workflow
        from zhengxiao.mechanisms.supervision import (
            clocks,
            facts,
            metrics,
            permissions,
            places,
            record,
            subscribers,
            windows,
            workflow,
        )

        register_facts("supervision", facts.FACTS)
        register_records(record.RECORDS)
        register_cache_check("supervision.highest", record.highest_cards)
        register_policies(permissions.TABLE)
        register_rules(clocks.RULES)
        for flow in (workflow.CARD, workflow.ORDER, workflow.POLICY):
            register_workflow(flow)
        for population in (metrics.CARDS, metrics.ORDERS):
            register_population(population)
        register_metrics("supervision", metrics.METRICS)
        register_schedule(
            Schedule(
                "supervision.appeal_windows",
                timedelta(minutes=5),
                windows.appeal_windows_close,
                label="申诉期限届满",
            )
        )
        subscribers.connect()
        places.connect()
