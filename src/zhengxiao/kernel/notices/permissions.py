"""Everybody with a post reads their own notices; nobody reads another's."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

POLICY = PolicyTable(
    app="notices",
    labels={"notices.view": _("查看本人通知")},
    rows=tuple(Row("notices.view", role, Scope.OWN) for role in Role if role != Role.SYSTEM_CLIENT),
)
