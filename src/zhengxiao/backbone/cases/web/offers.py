"""What may be done with a case now, ready for the move panel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from zhengxiao.backbone.cases.models import Case
from zhengxiao.kernel.ui.api import refusal_text
from zhengxiao.kernel.workflow.api import Transition, lawful_moves
from zhengxiao.lib.actors import Actor

EMPHASIS = {"primary": 0, "normal": 1, "danger": 2}


@dataclass(frozen=True, slots=True)
class Offer:
    """A move with its page, or the reason against it in the reader's language."""

    transition: Transition
    allowed: bool
    why_not: str
    url: str


def offers(case: Case, actor: Actor, at: datetime) -> list[Offer]:
    """Lawful moves, the expected one first, the grave ones last; then those not lawful now with the reason."""
    found = [
        Offer(
            move.transition,
            move.allowed,
            refusal_text(move.why_not) if move.why_not else "",
            reverse("cases:move", args=[case.number, move.transition.name]),
        )
        for move in lawful_moves(workflow="case", obj=case, actor=actor, at=at)
    ]
    return sorted(found, key=lambda offer: EMPHASIS[offer.transition.emphasis])


def standing_hint(case: Case) -> str:
    """What the law no longer allows in this state, in one sentence."""
    if case.state in ("accepted", "reviewing", "suspended"):
        return gettext("受理后不得再要求补正（行政许可法第三十二条）。")
    if case.state == "supplementing":
        return gettext("补正只告知一次；材料收齐后重新计算五个工作日的受理期限。")
    return ""
