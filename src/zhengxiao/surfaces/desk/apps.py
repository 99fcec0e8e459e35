from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "zhengxiao.surfaces.desk"
    label = "desk"
    verbose_name = "工作台"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from zhengxiao.backbone.cases.api import todo_count
        from zhengxiao.kernel.access.api import register
        from zhengxiao.kernel.notices.api import unread_count
        from zhengxiao.kernel.ui.api import NavEntry, SearchTarget, register_nav, register_search
        from zhengxiao.surfaces.desk import permissions

        register(permissions.TABLE)
        register_nav(NavEntry("办", _("我的待办"), "desk:home", "desk.view", order=10, count=todo_count))
        register_nav(
            NavEntry("办", _("我的通知"), "desk:notices", "notices.view", order=90, count=unread_count)
        )
        register_search(SearchTarget("desk:search", _("搜索办件、事项、申请人"), "desk.view"))
