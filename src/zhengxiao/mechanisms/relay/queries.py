"""Reads of the relay, scoped to the actor."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from zhengxiao.kernel.access.api import allows
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.relay import permissions
from zhengxiao.mechanisms.relay.models import Relayed
from zhengxiao.mechanisms.relay.services import WITH

COUNT_CAP = 999


def relayed_shown(actor: Actor, at: datetime) -> QuerySet[Relayed]:
    """Visible rows with what the ledger reads of each."""
    return Relayed.objects.visible_to(actor).select_related(*WITH)


def todo_count(actor: Actor, at: datetime) -> int | None:
    """What the actor has to claim, answer or route, at most COUNT_CAP."""
    waiting = Q(pk__in=[])
    if allows(actor, permissions.CLAIM):
        mine = Relayed.objects.visible_to(actor, permissions.CLAIM).filter(state__in=("pushed", "claimed"))
        waiting |= Q(pk__in=mine.values("pk"))
    if allows(actor, permissions.ROUTE):
        back = Relayed.objects.visible_to(actor, permissions.ROUTE).filter(state="returned")
        waiting |= Q(pk__in=back.values("pk"))
    return Relayed.objects.filter(waiting).order_by().values("pk")[:COUNT_CAP].count() or None
