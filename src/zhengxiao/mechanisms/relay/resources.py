"""The relay for machines, as data: the same ledger, reach and verbs as on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.ui.api import Column, Resource
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.relay import permissions
from zhengxiao.mechanisms.relay.facts import SUBJECT
from zhengxiao.mechanisms.relay.ledger import LEDGER
from zhengxiao.mechanisms.relay.queries import relayed_shown
from zhengxiao.mechanisms.relay.services import relay_move


def _move(*, obj: Any, transition: str, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    return relay_move(relayed_id=obj.pk, transition=transition, data=data, actor=actor, at=at)


RESOURCES = (
    Resource(
        name="relayed-licences",
        singular="relayed-licence",
        label=_("审管衔接"),
        view=permissions.VIEW,
        rows=relayed_shown,
        ledger=LEDGER,
        extra=(Column("state_code", _("状态代码"), value="state"),),
        detail=lambda row, at: {"case": row.case.number, "answer": row.answer},
        workflow="relay",
        move=_move,
        subject_kind=SUBJECT,
    ),
)
