from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "zhengxiao.kernel.webhooks"
    label = "webhooks"
    verbose_name = "事件推送"

    def ready(self) -> None:
        from zhengxiao.kernel.access.api import register as register_policies
        from zhengxiao.kernel.jobs.api import Schedule, register_schedule
        from zhengxiao.kernel.timeline.api import (
            register_facts,
            register_records,
            subscribe,
            subscribe_to_any,
        )
        from zhengxiao.kernel.ui.api import register_resource
        from zhengxiao.kernel.webhooks.dispatch import dispatch
        from zhengxiao.kernel.webhooks.facts import FACTS
        from zhengxiao.kernel.webhooks.listening import LISTENER, WANTED, heard, heard_many
        from zhengxiao.kernel.webhooks.permissions import POLICY
        from zhengxiao.kernel.webhooks.record import RECORDS
        from zhengxiao.kernel.webhooks.resources import RESOURCES
        from zhengxiao.kernel.webhooks.services import prune
        from zhengxiao.kernel.webhooks.subscribers import target_disabled
        from zhengxiao.kernel.webhooks.workflow import WORKFLOW
        from zhengxiao.kernel.workflow.api import register as register_workflow

        register_policies(POLICY)
        register_facts("webhooks", FACTS)
        register_records(RECORDS)
        register_workflow(WORKFLOW)
        for resource in RESOURCES:
            register_resource(resource)
        subscribe_to_any(name=LISTENER, wanted=WANTED, handler=heard, batch=heard_many)
        subscribe("webhooks.target_disabled", name="webhooks.disabled_told", handler=target_disabled)
        register_schedule(Schedule("webhooks.dispatch", timedelta(seconds=2), dispatch, label="事件推送"))
        register_schedule(Schedule("webhooks.prune", timedelta(hours=6), prune, label="清理推送记录"))
