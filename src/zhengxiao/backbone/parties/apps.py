from __future__ import annotations

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "zhengxiao.backbone.parties"
    label = "parties"
    verbose_name = "办事主体"

    def ready(self) -> None:
        from zhengxiao.backbone.parties.facts import FACTS
        from zhengxiao.backbone.parties.permissions import POLICIES
        from zhengxiao.kernel.access.api import register as register_policies
        from zhengxiao.kernel.timeline.api import register_facts

        register_policies(POLICIES)
        register_facts("parties", FACTS)
