"""Who may do what with the duties of double publicity. The public list is open to everybody and has rows of its own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

VIEW, EDIT, REPORT, EXEMPT, REPAIR, INSPECT, EXPORT, PUBLIC = (
    f"disclosures.{verb}"
    for verb in ("view", "edit", "report", "exempt", "repair", "inspect", "export", "public")
)

TABLE = PolicyTable(
    app="disclosures",
    labels={
        VIEW: _("查看双公示"),
        EDIT: _("填写双公示记录"),
        REPORT: _("报送双公示"),
        EXEMPT: _("批准依法不公开"),
        REPAIR: _("准予信用修复"),
        INSPECT: _("检查认定瞒报"),
        EXPORT: _("导出双公示"),
        PUBLIC: _("查看公示"),
    },
    rows=(
        Row(VIEW, Role.APPROVER, Scope.DEPARTMENT),
        Row(VIEW, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(VIEW, Role.SUPERVISOR, Scope.REGION),
        Row(VIEW, Role.LEADER, Scope.REGION),
        Row(VIEW, Role.AUDITOR, Scope.ALL),
        Row(VIEW, Role.SYSTEM_CLIENT, Scope.DEPARTMENT),
        Row(EDIT, Role.APPROVER, Scope.DEPARTMENT),
        Row(EDIT, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(REPORT, Role.APPROVER, Scope.DEPARTMENT),
        Row(REPORT, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(REPORT, Role.SYSTEM_CLIENT, Scope.DEPARTMENT),
        Row(EXEMPT, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(REPAIR, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(INSPECT, Role.SUPERVISOR, Scope.REGION),
        Row(EXPORT, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(EXPORT, Role.SUPERVISOR, Scope.REGION),
        Row(EXPORT, Role.AUDITOR, Scope.ALL),
    ),
    open_actions=frozenset({PUBLIC}),
)
