"""Who sees rules and findings, who proposes a rule and who confirms it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

VIEW, TRIAL, RULES = "detection.view", "detection.trial", "detection.rules"
PROPOSE, CONFIRM = "detection.propose", "detection.confirm"

POLICIES = PolicyTable(
    app="detection",
    labels={
        VIEW: _("查看监察发现"),
        TRIAL: _("查看试运行规则的发现"),
        RULES: _("查看监察规则"),
        PROPOSE: _("起草、试运行和提请启用监察规则"),
        CONFIRM: _("确认启用或停用监察规则"),
    },
    rows=(
        Row(VIEW, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(VIEW, Role.SUPERVISOR, Scope.REGION),
        Row(VIEW, Role.LEADER, Scope.REGION),
        Row(VIEW, Role.AUDITOR, Scope.ALL),
        # A rule on trial must have no consequence, and being shown to the unit would be one.
        Row(TRIAL, Role.SUPERVISOR, Scope.REGION),
        Row(TRIAL, Role.LEADER, Scope.REGION),
        Row(TRIAL, Role.AUDITOR, Scope.ALL),
        Row(RULES, Role.DEPARTMENT_HEAD, Scope.ALL),
        Row(RULES, Role.SUPERVISOR, Scope.ALL),
        Row(RULES, Role.LEADER, Scope.ALL),
        Row(RULES, Role.AUDITOR, Scope.ALL),
        Row(PROPOSE, Role.SUPERVISOR, Scope.ALL),
        Row(CONFIRM, Role.SUPERVISOR, Scope.ALL),
        Row(CONFIRM, Role.LEADER, Scope.ALL),
    ),
)
