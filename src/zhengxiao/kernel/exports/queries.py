"""Reads: the requests somebody sees, and those that wait for him."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from zhengxiao.kernel.access.api import allows
from zhengxiao.kernel.exports import rules
from zhengxiao.kernel.exports.models import ExportRequest, RequestState
from zhengxiao.kernel.exports.permissions import DECIDE
from zhengxiao.lib.actors import Actor


def exports_for(actor: Actor) -> QuerySet[ExportRequest]:
    """Requests within reach: one's own, those one decides on, those one watches over."""
    rows = ExportRequest.objects.visible_to(actor)
    return rows.select_related("asked_by", "decided_by", "unit", "department")


def exports_waiting(actor: Actor, at: datetime) -> QuerySet[ExportRequest]:
    """Requests this actor may decide on now: of the own reach, by somebody else, not lapsed."""
    if not allows(actor, DECIDE):
        return ExportRequest.objects.none()
    reached = ExportRequest.objects.visible_to(actor, DECIDE).exclude(asked_by_id=actor.user_id or 0)
    return reached.filter(state=RequestState.WAITING, asked_at__gte=at - rules.WAITS_FOR)


def exports_to_fetch(actor: Actor, at: datetime) -> QuerySet[ExportRequest]:
    """One's own approved requests that can be fetched now."""
    mine = ExportRequest.objects.filter(asked_by_id=actor.user_id or 0)
    return mine.filter(state=RequestState.APPROVED, usable_until__gte=at)
