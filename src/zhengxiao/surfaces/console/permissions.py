"""What may be done on the console itself; its other pages stand behind the policies of the packages they
show.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

POLICY = PolicyTable(
    app="console",
    labels={
        "console.style": _("查看界面样张"),
        "console.due": _("使用期限计算"),
        "console.audit": _("查看和导出审计日志"),
    },
    rows=(
        Row("console.audit", Role.AUDITOR, Scope.ALL),
        *(Row("console.style", role, Scope.ALL) for role in Role),
        *(
            Row("console.due", role, Scope.ALL)
            for role in Role
            if role not in {Role.CITIZEN, Role.SYSTEM_CLIENT}
        ),
    ),
)
