"""Who opens the cockpit. What it counts is scoped by the policy of cases, not here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

POLICY = PolicyTable(
    app="cockpit",
    labels={"cockpit.view": _("查看驾驶舱与指标")},
    rows=(
        Row("cockpit.view", Role.SUPERVISOR, Scope.REGION),
        Row("cockpit.view", Role.LEADER, Scope.REGION),
        Row("cockpit.view", Role.DEPARTMENT_HEAD, Scope.DEPARTMENT),
    ),
)
