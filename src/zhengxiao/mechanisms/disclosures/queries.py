"""Reads of double publicity, scoped to the actor."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.disclosures import permissions
from zhengxiao.mechanisms.disclosures.models import Disclosure

SHOWN_TOGETHER = ("department", "unit", "clock", "takedown_clock")
COUNT_CAP = 999


def disclosures_shown(actor: Actor, at: datetime) -> QuerySet[Disclosure]:
    """Visible records with what the ledger reads of each."""
    return Disclosure.objects.visible_to(actor).select_related(*SHOWN_TOGETHER)


def todo_count(actor: Actor, at: datetime) -> int | None:
    """How many records the actor's department still has to report, correct or take down, at most COUNT_CAP."""
    mine = Disclosure.objects.visible_to(actor, permissions.EDIT).filter(
        state__in=("due", "rejected", "corrected", "revoked")
    )
    return mine.order_by().values("pk")[:COUNT_CAP].count() or None
