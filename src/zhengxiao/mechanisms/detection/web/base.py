"""What the pages share: the request as the middleware hands it on."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from zhengxiao.lib.actors import Actor


class Request(HttpRequest):
    """A request with its moment and actor."""

    actor: Actor
    moment: datetime
