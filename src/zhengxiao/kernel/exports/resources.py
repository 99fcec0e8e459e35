"""Requests for machines: read them and decide on them. Asking and fetching belong to the page that makes the file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.exports import permissions
from zhengxiao.kernel.exports.facts import KIND
from zhengxiao.kernel.exports.ledger import EXPORTS
from zhengxiao.kernel.exports.queries import exports_for
from zhengxiao.kernel.exports.services import export_move
from zhengxiao.kernel.exports.workflow import NAME
from zhengxiao.kernel.ui.api import Column, Resource
from zhengxiao.lib.actors import Actor


def _move(*, obj: Any, transition: str, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    return export_move(request=obj, transition=transition, data=data, actor=actor, at=at)


RESOURCES = (
    Resource(
        name="exports",
        singular="export",
        label=_("导出申请"),
        view=permissions.VIEW,
        rows=lambda actor, at: exports_for(actor),
        ledger=EXPORTS,
        extra=(
            Column("conditions", _("条件")),
            Column("columns", _("列")),
            Column("personal", _("未遮盖的列")),
            Column("reason", _("理由")),
        ),
        workflow=NAME,
        move=_move,
        subject_kind=KIND,
    ),
)
