"""Who may ask for a file that needs a second person, who decides, and who watches.

The head decides for the own department, the security administrator for all; nobody for himself (the workflow sees to it).
Whether somebody may export a ledger at all is that ledger's own policy.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

VIEW, ASK, DECIDE = "exports.view", "exports.ask", "exports.decide"
ASKERS = (
    Role.WINDOW_CLERK,
    Role.APPROVER,
    Role.DEPARTMENT_HEAD,
    Role.SUPERVISOR,
    Role.LEADER,
    Role.AUDITOR,
    Role.SYSTEM_ADMIN,
    Role.SECURITY_ADMIN,
)

POLICY = PolicyTable(
    app="exports",
    labels={VIEW: _("查看导出申请"), ASK: _("申请导出"), DECIDE: _("审批导出申请")},
    rows=(
        *(Row(ASK, role, Scope.OWN) for role in ASKERS),
        *(Row(VIEW, role, Scope.OWN) for role in ASKERS),
        Row(VIEW, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(VIEW, Role.SUPERVISOR, Scope.REGION),
        Row(VIEW, Role.AUDITOR, Scope.ALL),
        Row(VIEW, Role.SECURITY_ADMIN, Scope.ALL),
        Row(DECIDE, Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
        Row(DECIDE, Role.SECURITY_ADMIN, Scope.ALL),
        Row(DECIDE, Role.AUDITOR, Scope.NONE),
        Row(DECIDE, Role.SYSTEM_ADMIN, Scope.NONE),
    ),
)
