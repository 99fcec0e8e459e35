"""Who may erase personal data from the record. The security administrator, who gives rights; not whoever runs the system."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

ERASE = "proof.erase"

POLICY = PolicyTable(
    app="proof",
    labels={ERASE: _("清除个人信息")},
    rows=(Row(ERASE, Role.SECURITY_ADMIN, Scope.ALL),),
)
