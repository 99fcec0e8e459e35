from __future__ import annotations

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "zhengxiao.backbone.parties"
    label = "parties"
    verbose_name = "办事主体"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from zhengxiao.backbone.parties import subscribers
        from zhengxiao.backbone.parties.erasing import ERASABLE
        from zhengxiao.backbone.parties.facts import FACTS
        from zhengxiao.backbone.parties.keyring import JOB, reseal_job
        from zhengxiao.backbone.parties.permissions import POLICIES, SEE_OWN
        from zhengxiao.backbone.parties.record import RECORDS
        from zhengxiao.kernel.access.api import register as register_policies
        from zhengxiao.kernel.jobs.api import register_job
        from zhengxiao.kernel.proof.api import register_erasable
        from zhengxiao.kernel.timeline.api import register_facts, register_records
        from zhengxiao.kernel.ui.api import NavEntry, register_nav

        register_policies(POLICIES)
        register_facts("parties", FACTS)
        register_records(RECORDS)
        subscribers.connect()
        register_erasable(ERASABLE)
        register_job(JOB, reseal_job, label="个人信息换用新密钥")
        register_nav(NavEntry("办", _("谁查询过我的信息"), "parties:mine", SEE_OWN, order=60))
