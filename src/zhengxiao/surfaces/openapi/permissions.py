"""What only machines need: working days out loud. Everything else stands behind the policies of the packages shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

POLICY = PolicyTable(
    app="openapi",
    labels={"openapi.due": _("通过接口计算期限")},
    rows=tuple(Row("openapi.due", role, Scope.ALL) for role in Role if role != Role.CITIZEN),
)
