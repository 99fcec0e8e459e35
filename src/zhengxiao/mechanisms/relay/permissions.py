"""Who may do what with licences on their way to supervision. The scope is the supervising side."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

VIEW, CLAIM, ROUTE, EXPORT = (f"relay.{verb}" for verb in ("view", "claim", "route", "export"))

TABLE = PolicyTable(
    app="relay",
    labels={
        VIEW: _("查看审管衔接"),
        CLAIM: _("认领与反馈许可信息"),
        ROUTE: _("改派监管单位"),
        EXPORT: _("导出审管衔接"),
    },
    rows=(
        Row(VIEW, Role.APPROVER, Scope.DEPARTMENT),
        Row(VIEW, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(VIEW, Role.SUPERVISOR, Scope.REGION),
        Row(VIEW, Role.LEADER, Scope.REGION),
        Row(VIEW, Role.AUDITOR, Scope.ALL),
        Row(CLAIM, Role.APPROVER, Scope.DEPARTMENT),
        Row(CLAIM, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(ROUTE, Role.SUPERVISOR, Scope.REGION),
        Row(EXPORT, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(EXPORT, Role.SUPERVISOR, Scope.REGION),
        Row(EXPORT, Role.AUDITOR, Scope.ALL),
    ),
)
