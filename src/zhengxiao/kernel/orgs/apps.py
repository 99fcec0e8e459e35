from __future__ import annotations

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "zhengxiao.kernel.orgs"
    label = "orgs"
    verbose_name = "区划与机构"

    def ready(self) -> None:
        from zhengxiao.kernel.orgs.facts import FACTS
        from zhengxiao.kernel.orgs.record import RECORDS
        from zhengxiao.kernel.timeline.api import register_facts, register_records

        register_facts("orgs", FACTS)
        register_records(RECORDS)
