"""Who may see and register parties, as data. Numbers are masked for all; revealing one is an act of its own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

VIEW, REGISTER, REVEAL = "parties.view", "parties.register", "parties.reveal"

POLICIES = PolicyTable(
    app="parties",
    labels={VIEW: _("查看办事主体"), REGISTER: _("登记办事主体"), REVEAL: _("查看完整证件号码与联系方式")},
    rows=(
        Row(VIEW, Role.WINDOW_CLERK, Scope.REGION),
        Row(VIEW, Role.APPROVER, Scope.REGION),
        Row(VIEW, Role.DEPARTMENT_HEAD, Scope.REGION),
        Row(VIEW, Role.SUPERVISOR, Scope.REGION),
        Row(VIEW, Role.AUDITOR, Scope.ALL),
        Row(REGISTER, Role.WINDOW_CLERK, Scope.REGION),
        Row(REGISTER, Role.APPROVER, Scope.REGION),
        Row(REVEAL, Role.WINDOW_CLERK, Scope.REGION),
        Row(REVEAL, Role.APPROVER, Scope.REGION),
        Row(REVEAL, Role.AUDITOR, Scope.NONE),
        Row(REVEAL, Role.SUPERVISOR, Scope.NONE),
    ),
)
