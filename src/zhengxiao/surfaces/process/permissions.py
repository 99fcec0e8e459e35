"""Who looks at processes; the cases behind them are those that this right reaches."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

VIEW, EXPORT = "process.view", "process.export"
POLICY = PolicyTable(
    app="process",
    labels={VIEW: _("查看流程透视"), EXPORT: _("导出流程事件日志")},
    rows=(
        Row(VIEW, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(VIEW, Role.SUPERVISOR, Scope.REGION),
        Row(VIEW, Role.LEADER, Scope.REGION),
        Row(VIEW, Role.AUDITOR, Scope.ALL),
        Row(EXPORT, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(EXPORT, Role.SUPERVISOR, Scope.REGION),
        Row(EXPORT, Role.AUDITOR, Scope.ALL),
    ),
)
