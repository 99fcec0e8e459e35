"""Who may do what in supervision. Who rules must stand outside the unit besides; guards.py sees to that."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

CLERK, APPROVER, HEAD = Role.WINDOW_CLERK, Role.APPROVER, Role.DEPARTMENT_HEAD
SUPERVISOR, LEADER, AUDITOR = Role.SUPERVISOR, Role.LEADER, Role.AUDITOR

TABLE = PolicyTable(
    app="supervision",
    labels={
        "supervision.view": _("查看红黄牌与督办"),
        "supervision.issue": _("发牌"),
        "supervision.confirm": _("确认发牌"),
        "supervision.explain": _("提交说明"),
        "supervision.appeal": _("申诉"),
        "supervision.rule_on": _("裁定"),
        "supervision.order": _("督办"),
        "supervision.answer": _("签收和报告督办"),
        "supervision.export": _("导出红黄牌与督办"),
        "supervision.view_rules": _("查看置牌规则"),
        "supervision.propose_rules": _("提出置牌规则"),
        "supervision.confirm_rules": _("确认置牌规则"),
    },
    rows=(
        Row("supervision.view", CLERK, Scope.OWN),
        Row("supervision.view", APPROVER, Scope.DEPARTMENT),
        Row("supervision.view", HEAD, Scope.DEPARTMENT),
        Row("supervision.view", SUPERVISOR, Scope.REGION),
        Row("supervision.view", LEADER, Scope.REGION),
        Row("supervision.view", AUDITOR, Scope.ALL),
        Row("supervision.view", Role.SYSTEM_CLIENT, Scope.DEPARTMENT),
        Row("supervision.issue", SUPERVISOR, Scope.REGION),
        Row("supervision.confirm", SUPERVISOR, Scope.REGION),
        Row("supervision.explain", APPROVER, Scope.DEPARTMENT),
        Row("supervision.explain", HEAD, Scope.DEPARTMENT),
        Row("supervision.appeal", HEAD, Scope.DEPARTMENT),
        Row("supervision.rule_on", SUPERVISOR, Scope.REGION),
        Row("supervision.rule_on", LEADER, Scope.REGION),
        Row("supervision.order", SUPERVISOR, Scope.REGION),
        Row("supervision.answer", APPROVER, Scope.DEPARTMENT),
        Row("supervision.answer", HEAD, Scope.DEPARTMENT),
        Row("supervision.export", HEAD, Scope.DEPARTMENT),
        Row("supervision.export", SUPERVISOR, Scope.REGION),
        Row("supervision.export", AUDITOR, Scope.ALL),
        *(
            Row("supervision.view_rules", role, Scope.ALL)
            for role in (APPROVER, HEAD, SUPERVISOR, LEADER, AUDITOR)
        ),
        Row("supervision.propose_rules", SUPERVISOR, Scope.ALL),
        Row("supervision.confirm_rules", SUPERVISOR, Scope.ALL),
        Row("supervision.confirm_rules", LEADER, Scope.ALL),
    ),
)
