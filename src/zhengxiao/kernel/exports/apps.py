from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "zhengxiao.kernel.exports"
    label = "exports"
    verbose_name = "导出审批"

    def ready(self) -> None:
        from zhengxiao.kernel.access.api import register as register_policies
        from zhengxiao.kernel.exports.facts import FACTS
        from zhengxiao.kernel.exports.gate import gate
        from zhengxiao.kernel.exports.permissions import POLICY
        from zhengxiao.kernel.exports.record import RECORDS
        from zhengxiao.kernel.exports.resources import RESOURCES
        from zhengxiao.kernel.exports.services import exports_lapse
        from zhengxiao.kernel.exports.subscribers import connect
        from zhengxiao.kernel.exports.workflow import WORKFLOW
        from zhengxiao.kernel.jobs.api import Schedule, register_schedule
        from zhengxiao.kernel.timeline.api import register_facts, register_records
        from zhengxiao.kernel.ui.api import register_gate, register_resource
        from zhengxiao.kernel.workflow.api import register as register_workflow

        register_policies(POLICY)
        register_facts("exports", FACTS)
        register_records(RECORDS)
        register_workflow(WORKFLOW)
        register_gate(gate)
        for resource in RESOURCES:
            register_resource(resource)
        connect()
        register_schedule(Schedule("exports.lapse", timedelta(hours=1), exports_lapse, label="导出申请过期"))
