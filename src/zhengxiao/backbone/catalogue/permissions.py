"""Who may do what with items, as data. Published versions are open to everybody, signed in or not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

VIEW, DRAFT, SUBMIT = "catalogue.view", "catalogue.draft", "catalogue.submit"
PUBLISH, CLAIM, ASSIGN = "catalogue.publish", "catalogue.claim", "catalogue.assign"
BROWSE, COMPARE = "catalogue.browse", "catalogue.compare"

POLICIES = PolicyTable(
    app="catalogue",
    labels={
        BROWSE: _("查看已发布的事项"),
        VIEW: _("查看事项草稿与审核中的版本"),
        COMPARE: _("查看十统一差异与基本目录"),
        DRAFT: _("起草事项"),
        SUBMIT: _("提交事项审核"),
        PUBLISH: _("审核发布与停用事项"),
        CLAIM: _("认领基本目录事项"),
        ASSIGN: _("下达认领任务"),
    },
    rows=(
        Row(VIEW, Role.WINDOW_CLERK, Scope.DEPARTMENT),
        Row(VIEW, Role.APPROVER, Scope.DEPARTMENT),
        Row(VIEW, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(VIEW, Role.SUPERVISOR, Scope.REGION),
        Row(VIEW, Role.LEADER, Scope.REGION),
        Row(VIEW, Role.AUDITOR, Scope.ALL),
        Row(COMPARE, Role.WINDOW_CLERK, Scope.DEPARTMENT),
        Row(COMPARE, Role.APPROVER, Scope.DEPARTMENT),
        Row(COMPARE, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(COMPARE, Role.SUPERVISOR, Scope.REGION),
        Row(COMPARE, Role.LEADER, Scope.REGION),
        Row(COMPARE, Role.AUDITOR, Scope.ALL),
        Row(DRAFT, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(SUBMIT, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(CLAIM, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(PUBLISH, Role.SUPERVISOR, Scope.REGION),
        Row(ASSIGN, Role.SUPERVISOR, Scope.REGION),
    ),
    open_actions=frozenset({BROWSE}),
)
