"""What the pages of double publicity share."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.disclosures.models import Disclosure

WITH = ("region", "department", "unit", "clock", "takedown_clock", "case", "finding")


class Request(HttpRequest):
    """A request with its moment and actor."""

    actor: Actor
    moment: datetime


def visible_record(request: Request, key: int) -> Disclosure:
    """The record, or 404 when there is none or the actor may not see it."""
    return get_object_or_404(Disclosure.objects.visible_to(request.actor).select_related(*WITH), pk=key)
