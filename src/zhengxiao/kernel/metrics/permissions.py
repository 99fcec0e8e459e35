"""Who may do what with figures. What a figure counts is scoped by its population, not here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import PolicyTable, Row, Scope
from zhengxiao.lib.actors import Role

POLICY = PolicyTable(
    app="metrics",
    labels={"metrics.freeze": _("发布统计数据")},
    rows=(Row("metrics.freeze", Role.SUPERVISOR, Scope.ALL),),
)
