from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "zhengxiao.surfaces.console"
    label = "console"
    verbose_name = "管理台"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from zhengxiao.kernel.access.api import register
        from zhengxiao.kernel.exports.api import KIND as EXPORT_KIND
        from zhengxiao.kernel.notices.api import register_subject
        from zhengxiao.kernel.timeline.api import register_facts
        from zhengxiao.kernel.ui.api import NavEntry, register_nav, register_waiting
        from zhengxiao.kernel.webhooks.api import KIND
        from zhengxiao.surfaces.console.export_counts import about_export, exports_on_desk, waiting_exports
        from zhengxiao.surfaces.console.facts import FACTS
        from zhengxiao.surfaces.console.permissions import POLICY
        from zhengxiao.surfaces.console.web.calendar_counts import waiting_count
        from zhengxiao.surfaces.console.webhook_counts import about_target, waiting_targets

        register(POLICY)
        register_facts("console", FACTS)
        register_nav(NavEntry("办", _("期限计算"), "console:due", "console.due", order=80))
        register_nav(
            NavEntry(
                "设置", _("工作日历"), "console:calendar", "calendar.view", order=20, count=waiting_count
            )
        )
        register_nav(NavEntry("设置", _("数据导入"), "console:imports", "imports.view", order=40))
        register_nav(
            NavEntry(
                "设置", _("事件推送"), "console:webhooks", "webhooks.view", order=50, count=waiting_targets
            )
        )
        register_subject(KIND, about_target)
        register_nav(
            NavEntry(
                "设置", _("导出申请"), "console:exports", "exports.view", order=55, count=waiting_exports
            )
        )
        register_subject(EXPORT_KIND, about_export)
        register_waiting("exports", _("导出申请"), exports_on_desk)
        register_nav(NavEntry("设置", _("账号与岗位"), "console:accounts", "identity.view", order=60))
        register_nav(NavEntry("设置", _("审计日志"), "console:audit", "console.audit", order=70))
        register_nav(NavEntry("设置", _("清除个人信息"), "console:erase", "proof.erase", order=80))
