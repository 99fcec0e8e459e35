"""What may be done with a case now, ready for the move panel."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from zhengxiao.backbone.cases.models import Case
from zhengxiao.kernel.ui.api import Offer, offers_of
from zhengxiao.kernel.workflow.api import lawful_moves
from zhengxiao.lib.actors import Actor


def offers(case: Case, actor: Actor, at: datetime) -> list[Offer]:
    """The moves of the case as the actor may take them at `at`."""
    moves = lawful_moves(workflow="case", obj=case, actor=actor, at=at)
    return offers_of(moves, lambda step: reverse("cases:move", args=[case.number, step.name]))


def standing_hint(case: Case) -> str:
    """What the law no longer allows in this state, in one sentence."""
    if case.state in ("accepted", "reviewing", "suspended"):
        return gettext("受理后不得再要求补正（行政许可法第三十二条）。")
    if case.state == "supplementing":
        return gettext("补正只告知一次；材料收齐后重新计算五个工作日的受理期限。")
    return ""
