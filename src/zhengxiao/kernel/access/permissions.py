"""Policies of the packages below this one, which cannot state their own: accounts, organisation, calendar,
jobs.

Three administrators keep each other in check: one runs the system, one gives rights, one reads the records.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.rules import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

IDENTITY = PolicyTable(
    app="identity",
    labels={
        "identity.view": _("查看用户"),
        "identity.manage": _("开立和停用用户"),
        "identity.secure": _("解除锁定和重置二次验证"),
        "identity.self": _("管理自己的账号"),
    },
    rows=(
        Row("identity.view", Role.SYSTEM_ADMIN, Scope.ALL),
        Row("identity.view", Role.SECURITY_ADMIN, Scope.ALL),
        Row("identity.view", Role.AUDITOR, Scope.ALL),
        Row("identity.manage", Role.SYSTEM_ADMIN, Scope.ALL),
        Row("identity.secure", Role.SECURITY_ADMIN, Scope.ALL),
    ),
    open_actions=frozenset({"identity.self"}),
)
ORGS = PolicyTable(
    app="orgs",
    labels={
        "orgs.view": _("查看机构与岗位"),
        "orgs.manage": _("维护区划与机构"),
        "orgs.assign_posts": _("任免岗位"),
        "orgs.delegate": _("委托本人岗位"),
    },
    rows=(
        *(
            Row("orgs.view", role, Scope.ALL)
            for role in Role
            if role not in {Role.CITIZEN, Role.SYSTEM_CLIENT}
        ),
        Row("orgs.manage", Role.SYSTEM_ADMIN, Scope.ALL),
        Row("orgs.assign_posts", Role.SECURITY_ADMIN, Scope.ALL),
        Row("orgs.delegate", Role.WINDOW_CLERK, Scope.OWN),
        Row("orgs.delegate", Role.APPROVER, Scope.OWN),
        Row("orgs.delegate", Role.DEPARTMENT_HEAD, Scope.OWN),
        Row("orgs.delegate", Role.SUPERVISOR, Scope.OWN),
        Row("orgs.delegate", Role.LEADER, Scope.OWN),
    ),
)
CALENDAR = PolicyTable(
    app="calendar",
    labels={
        "calendar.view": _("查看工作日历"),
        "calendar.propose": _("拟定工作日历"),
        "calendar.confirm": _("确认工作日历"),
    },
    rows=(
        *(Row("calendar.view", role, Scope.ALL) for role in Role),
        Row("calendar.propose", Role.SYSTEM_ADMIN, Scope.ALL),
        Row("calendar.confirm", Role.SECURITY_ADMIN, Scope.ALL),
        Row("calendar.confirm", Role.SUPERVISOR, Scope.ALL),
    ),
)
JOBS = PolicyTable(
    app="jobs",
    labels={"jobs.view": _("查看后台任务"), "jobs.manage": _("重试和停止后台任务")},
    rows=(
        Row("jobs.view", Role.SYSTEM_ADMIN, Scope.ALL),
        Row("jobs.view", Role.AUDITOR, Scope.ALL),
        Row("jobs.manage", Role.SYSTEM_ADMIN, Scope.ALL),
    ),
)
ACCESS = PolicyTable(
    app="access",
    labels={"access.view": _("查看权限矩阵")},
    rows=(
        Row("access.view", Role.SECURITY_ADMIN, Scope.ALL),
        Row("access.view", Role.SYSTEM_ADMIN, Scope.ALL),
        Row("access.view", Role.AUDITOR, Scope.ALL),
    ),
)
TABLES = (IDENTITY, ORGS, CALENDAR, JOBS, ACCESS)
