"""What the pages of a case share: the request as the middleware hands it on, and the case by its number."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from zhengxiao.backbone.cases.models import Case
from zhengxiao.lib.actors import Actor

WITH = (
    "item",
    "item_version",
    "party",
    "region",
    "department",
    "unit",
    "window",
    "handler",
    "promised_clock",
    "statutory_clock",
    "refiled_from",
)


class Request(HttpRequest):
    """A request with its moment and actor."""

    actor: Actor
    moment: datetime


def visible_case(request: Request, number: str) -> Case:
    """The case, or 404 when there is none or the actor may not see it."""
    return get_object_or_404(Case.objects.visible_to(request.actor).select_related(*WITH), number=number)
