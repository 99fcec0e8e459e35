"""What the pages of the relay share."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.relay.models import Relayed
from zhengxiao.mechanisms.relay.queries import relayed_shown


class Request(HttpRequest):
    """A request with its moment and actor."""

    actor: Actor
    moment: datetime


def visible_row(request: Request, key: int) -> Relayed:
    """The row, or 404 when there is none or the actor may not see it."""
    return get_object_or_404(relayed_shown(request.actor, request.moment), pk=key)
