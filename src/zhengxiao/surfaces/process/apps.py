from __future__ import annotations

from django.apps import AppConfig


class ProcessConfig(AppConfig):
    name = "zhengxiao.surfaces.process"
    label = "process"
    verbose_name = "流程透视"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from zhengxiao.kernel.access.api import register
        from zhengxiao.kernel.ui.api import NavEntry, register_nav
        from zhengxiao.surfaces.process import permissions

        register(permissions.POLICY)
        register_nav(NavEntry("督", _("流程透视"), "process:items", permissions.VIEW, order=45))
