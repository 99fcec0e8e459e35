"""Who may bring files in, and who may look at what came in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

POLICY = PolicyTable(
    app="imports",
    labels={"imports.run": _("导入数据"), "imports.view": _("查看导入批次")},
    rows=(
        Row("imports.run", Role.SYSTEM_ADMIN, Scope.ALL),
        Row("imports.run", Role.SUPERVISOR, Scope.OWN),
        Row("imports.view", Role.SYSTEM_ADMIN, Scope.ALL),
        Row("imports.view", Role.SUPERVISOR, Scope.OWN),
        Row("imports.view", Role.AUDITOR, Scope.ALL),
    ),
)
