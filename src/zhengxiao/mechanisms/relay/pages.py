"""What the pages of the relay show, put together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from zhengxiao.backbone.cases.api import Case, case_url
from zhengxiao.kernel.access.api import allows
from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.kernel.ui.api import Panel, offers_of
from zhengxiao.kernel.workflow.api import lawful_moves
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.relay import permissions
from zhengxiao.mechanisms.relay.facts import SUBJECT
from zhengxiao.mechanisms.relay.ledger import light_of, relayed_url, subject_shown
from zhengxiao.mechanisms.relay.models import Relayed
from zhengxiao.mechanisms.relay.queries import relayed_shown
from zhengxiao.mechanisms.relay.words import MEASURES
from zhengxiao.mechanisms.relay.workflow import WORKFLOW


def relayed_context(row: Relayed, actor: Actor, at: datetime) -> dict[str, Any]:
    """One licence on its way: where it is, what is lawful now, its story. The case is linked where it may be opened."""
    light, words = light_of(row, at)
    moves = lawful_moves(workflow="relay", obj=row, actor=actor, at=at)
    sees_case = Case.objects.visible_to(actor).filter(pk=row.case_id).exists()
    return {
        "row": row,
        "state": WORKFLOW.state(row.state),
        "light": light,
        "words": words or gettext("不计时"),
        "subject": subject_shown(row),
        "measure": MEASURES.get(row.measure, ""),
        "case_url": case_url(row.case) if sees_case else "",
        "offers": offers_of(moves, lambda step: reverse("relay:move", args=[row.pk, step.name])),
        "told": entries_for(Subject(SUBJECT, row.pk)),
    }


def case_panel(case_id: int, actor: Actor, at: datetime) -> Panel | None:
    """Where the licence of a case is, on the page of the case, for those who may see it."""
    if not allows(actor, permissions.VIEW):
        return None
    row = relayed_shown(actor, at).filter(case_id=case_id).first()
    if row is None:
        return None
    light, words = light_of(row, at)
    context = {
        "row": row,
        "state": WORKFLOW.state(row.state),
        "url": relayed_url(row),
        "light": light,
        "words": words,
    }
    return Panel("relay/_panel.html", context, order=70)
