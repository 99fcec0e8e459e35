from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "zhengxiao.surfaces.cockpit"
    label = "cockpit"
    verbose_name = "驾驶舱"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from zhengxiao.kernel.access.api import register
        from zhengxiao.kernel.jobs.api import Schedule, register_job, register_schedule
        from zhengxiao.kernel.ui.api import NavEntry, register_nav
        from zhengxiao.surfaces.cockpit import snapshots
        from zhengxiao.surfaces.cockpit.permissions import POLICY

        register(POLICY)
        register_job(snapshots.JOB, snapshots.refresh, label="驾驶舱快照", lease=timedelta(minutes=5))
        register_schedule(
            Schedule("cockpit.ahead", timedelta(minutes=1), snapshots.make_ahead, label="预先生成驾驶舱")
        )
        register_nav(NavEntry("督", _("驾驶舱"), "cockpit:board", "cockpit.view", order=10))
        register_nav(NavEntry("评", _("指标"), "cockpit:figures", "cockpit.view", order=10))
