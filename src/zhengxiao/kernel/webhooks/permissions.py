"""Who may open a way out: one administrator proposes, another confirms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

VIEW, PROPOSE, CONFIRM = "webhooks.view", "webhooks.propose", "webhooks.confirm"
CLOSE, RESEND = "webhooks.close", "webhooks.resend"

POLICY = PolicyTable(
    app="webhooks",
    labels={
        VIEW: _("查看事件推送"),
        PROPOSE: _("提出事件推送目标"),
        CONFIRM: _("确认事件推送目标"),
        CLOSE: _("关闭事件推送目标"),
        RESEND: _("重新推送"),
    },
    rows=(
        Row(VIEW, Role.SYSTEM_ADMIN, Scope.ALL),
        Row(VIEW, Role.SECURITY_ADMIN, Scope.ALL),
        Row(VIEW, Role.AUDITOR, Scope.ALL),
        Row(PROPOSE, Role.SYSTEM_ADMIN, Scope.ALL),
        Row(CONFIRM, Role.SECURITY_ADMIN, Scope.ALL),
        Row(CLOSE, Role.SYSTEM_ADMIN, Scope.ALL),
        Row(CLOSE, Role.SECURITY_ADMIN, Scope.ALL),
        Row(RESEND, Role.SYSTEM_ADMIN, Scope.ALL),
    ),
)
