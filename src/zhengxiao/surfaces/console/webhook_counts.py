"""Targets in the navigation and in notices."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from zhengxiao.kernel.access.api import allows
from zhengxiao.kernel.notices.api import About
from zhengxiao.kernel.webhooks.api import TargetState, WebhookTarget
from zhengxiao.lib.actors import Actor


def waiting_targets(actor: Actor, at: datetime) -> int | None:
    """How many targets wait for this actor's confirmation; None for those who confirm nothing."""
    if not allows(actor, "webhooks.confirm"):
        return None
    return (
        WebhookTarget.objects.visible_to(actor, "webhooks.confirm").filter(state=TargetState.PROPOSED).count()
    )


def about_target(target_id: int) -> About:
    """How notices name a target and where they lead."""
    target = WebhookTarget.objects.filter(pk=target_id).first()
    return (
        About()
        if target is None
        else About(label=target.name, url=reverse("console:webhook", args=[target_id]))
    )
