"""Who has a desk: every person with a post; machine clients have none."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

TABLE = PolicyTable(
    app="desk",
    labels={"desk.view": _("查看工作台")},
    rows=tuple(Row("desk.view", role, Scope.OWN) for role in Role if role != Role.SYSTEM_CLIENT),
)
