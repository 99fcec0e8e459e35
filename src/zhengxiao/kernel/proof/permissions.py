"""Who may erase personal data from the record (the security administrator, not whoever runs the system), and who may
say that a history goes on after a loss (whoever runs the system; it stands on the timeline and outside)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

ERASE = "proof.erase"
ACCEPT_LOSS = "proof.accept_loss"

POLICY = PolicyTable(
    app="proof",
    labels={ERASE: _("清除个人信息"), ACCEPT_LOSS: _("接受存证丢失")},
    rows=(
        Row(ERASE, Role.SECURITY_ADMIN, Scope.ALL),
        Row(ACCEPT_LOSS, Role.SYSTEM_ADMIN, Scope.ALL),
    ),
)
