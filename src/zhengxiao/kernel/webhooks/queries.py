"""Reads: what waits and for how long, and the ledgers' rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from zhengxiao.kernel.webhooks.models import Message, MessageState, WebhookTarget
from zhengxiao.lib.actors import Actor


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is owed to other systems: waiting, since when the oldest of it, and what could not be delivered."""

    waiting: int
    dead: int
    oldest: datetime | None


def backlog() -> Backlog:
    """What all targets together are owed."""
    found = Message.objects.filter(state__in=(MessageState.WAITING, MessageState.DEAD)).aggregate(
        waiting=Count("pk", filter=Q(state=MessageState.WAITING)),
        dead=Count("pk", filter=Q(state=MessageState.DEAD)),
        oldest=Min("created_at", filter=Q(state=MessageState.WAITING)),
    )
    return Backlog(**found)


def targets_for(actor: Actor) -> QuerySet[WebhookTarget]:
    """Targets the actor may see, with what is owed to each."""
    waiting = Count("messages", filter=Q(messages__state=MessageState.WAITING))
    dead = Count("messages", filter=Q(messages__state=MessageState.DEAD))
    rows = WebhookTarget.objects.visible_to(actor).annotate(waiting_count=waiting, dead_count=dead)
    return rows.select_related("owner", "user", "proposed_by", "decided_by")


def messages_for(actor: Actor) -> QuerySet[Message]:
    """Messages the actor may see, with the number and outcome of their last try."""
    return Message.objects.visible_to(actor).select_related("target", "entry").prefetch_related("tries")
