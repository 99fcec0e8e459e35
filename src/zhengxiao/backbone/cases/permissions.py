"""Who may do what with cases. A window clerk reaches the cases of the own window; UNIT scope compares the window."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

CLERK, APPROVER, HEAD = Role.WINDOW_CLERK, Role.APPROVER, Role.DEPARTMENT_HEAD

TABLE = PolicyTable(
    app="cases",
    labels={
        "cases.view": _("查看办件"),
        "cases.receive": _("收件"),
        "cases.accept": _("受理审查"),
        "cases.review": _("审查"),
        "cases.decide": _("作出决定"),
        "cases.extend": _("批准延期"),
        "cases.deliver": _("送达"),
        "cases.withdraw": _("登记撤回"),
        "cases.correct": _("更正"),
        "cases.archive": _("归档"),
        "cases.assign": _("指定经办人"),
        "cases.export": _("导出办件"),
        "cases.file_material": _("上传材料"),
        "cases.read_material": _("下载材料"),
    },
    rows=(
        Row("cases.view", CLERK, Scope.UNIT),
        Row("cases.view", APPROVER, Scope.DEPARTMENT),
        Row("cases.view", HEAD, Scope.DEPARTMENT),
        Row("cases.view", Role.SUPERVISOR, Scope.REGION),
        Row("cases.view", Role.LEADER, Scope.REGION),
        Row("cases.view", Role.AUDITOR, Scope.ALL),
        Row("cases.view", Role.SYSTEM_CLIENT, Scope.DEPARTMENT),
        Row("cases.receive", CLERK, Scope.UNIT),
        Row("cases.receive", APPROVER, Scope.DEPARTMENT),
        Row("cases.receive", Role.SYSTEM_CLIENT, Scope.DEPARTMENT),
        Row("cases.accept", CLERK, Scope.UNIT),
        Row("cases.accept", APPROVER, Scope.DEPARTMENT),
        Row("cases.review", APPROVER, Scope.DEPARTMENT),
        Row("cases.decide", APPROVER, Scope.DEPARTMENT),
        Row("cases.decide", HEAD, Scope.DEPARTMENT),
        Row("cases.extend", HEAD, Scope.DEPARTMENT),
        Row("cases.deliver", CLERK, Scope.UNIT),
        Row("cases.deliver", APPROVER, Scope.DEPARTMENT),
        Row("cases.withdraw", CLERK, Scope.UNIT),
        Row("cases.withdraw", APPROVER, Scope.DEPARTMENT),
        Row("cases.correct", APPROVER, Scope.DEPARTMENT),
        Row("cases.correct", HEAD, Scope.DEPARTMENT),
        Row("cases.archive", APPROVER, Scope.DEPARTMENT),
        Row("cases.archive", CLERK, Scope.UNIT),
        Row("cases.assign", HEAD, Scope.DEPARTMENT),
        Row("cases.assign", APPROVER, Scope.DEPARTMENT),
        Row("cases.export", HEAD, Scope.DEPARTMENT),
        Row("cases.export", Role.SUPERVISOR, Scope.REGION),
        Row("cases.export", Role.AUDITOR, Scope.ALL),
        Row("cases.file_material", CLERK, Scope.UNIT),
        Row("cases.file_material", APPROVER, Scope.DEPARTMENT),
        Row("cases.file_material", Role.SYSTEM_CLIENT, Scope.DEPARTMENT),
        Row("cases.read_material", CLERK, Scope.UNIT),
        Row("cases.read_material", APPROVER, Scope.DEPARTMENT),
        Row("cases.read_material", HEAD, Scope.DEPARTMENT),
        Row("cases.read_material", Role.SUPERVISOR, Scope.REGION),
        Row("cases.read_material", Role.AUDITOR, Scope.ALL),
        Row("cases.read_material", Role.SYSTEM_CLIENT, Scope.DEPARTMENT),
        Row("cases.read_material", Role.LEADER, Scope.NONE),
    ),
)
