"""Who may see and register parties, as data. Numbers are masked for all; revealing one is an act of its own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

VIEW, REGISTER, REVEAL = "parties.view", "parties.register", "parties.reveal"
SEARCH, SEE_LOOKS, SEE_OWN, LINK = (
    "parties.search_number",
    "parties.see_looks",
    "parties.see_own",
    "parties.link_account",
)

POLICIES = PolicyTable(
    app="parties",
    labels={
        VIEW: _("查看办事主体"),
        REGISTER: _("登记办事主体"),
        REVEAL: _("查看完整证件号码与联系方式"),
        SEARCH: _("按证件号码或电话查找"),
        SEE_LOOKS: _("查看个人信息查询记录"),
        SEE_OWN: _("查看谁查询过本人信息"),
        LINK: _("关联本人账号"),
    },
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
        Row(SEARCH, Role.WINDOW_CLERK, Scope.REGION),
        Row(SEARCH, Role.APPROVER, Scope.REGION),
        Row(SEARCH, Role.AUDITOR, Scope.NONE),
        Row(SEE_LOOKS, Role.DEPARTMENT_HEAD, Scope.REGION),
        Row(SEE_LOOKS, Role.SUPERVISOR, Scope.REGION),
        Row(SEE_LOOKS, Role.AUDITOR, Scope.ALL),
        Row(SEE_LOOKS, Role.SECURITY_ADMIN, Scope.ALL),
        Row(SEE_OWN, Role.CITIZEN, Scope.OWN),
        Row(LINK, Role.WINDOW_CLERK, Scope.REGION),
        Row(LINK, Role.APPROVER, Scope.REGION),
        Row(REVEAL, Role.AUDITOR, Scope.NONE),
        Row(REVEAL, Role.SUPERVISOR, Scope.NONE),
    ),
)
