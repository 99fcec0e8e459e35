"""Events out of the sample city: what a shared platform was sent and what it did not take, and a target that still waits.

Nothing leaves the machine: the answers are made up here, and the target is stopped before anybody could send to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.identity.api import User, user_by_username
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.kernel.webhooks.api import (
    WebhookTarget,
    heard_many,
    send_due,
    target_disable,
    target_move,
    target_propose,
)
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.outbound import Reply
from zhengxiao.surfaces.sample.place import Place

OWN = "A-APPROVAL"
TAKEN, ASKED = "https://events.share.example.invalid/zhengxiao", "https://credit.example.invalid/inbox"
FACTS = ("cases.received", "cases.accepted", "cases.extension_requested", "cases.review_started")
MOST = 40
REFUSED_FROM = 3
"""The last messages meet a platform that is being serviced."""
WHY = "示例：共享平台停机检修，恢复前先停用。"


def tell_platforms(place: Place, since: datetime, at: datetime) -> None:
    """A target of the approval office since `since`: most of today's events taken, the last ones not; another proposed."""
    people = {name: user for name in ("sysadmin", "secadmin", "client") if (user := user_by_username(name))}
    if len(people) < 3:
        return
    office = place.units[OWN]
    proposer, confirmer = (actor_for(people[name], at=since) for name in ("sysadmin", "secadmin"))
    target = _proposed("市数据共享平台（示例）", office, people["client"], TAKEN, proposer, since)
    target = target_move(target=target, transition="confirm", data={}, actor=confirmer, at=since)
    today = Entry.objects.filter(fact__in=FACTS, at__gte=since, recorded_at__gte=since, recorded_at__lt=at)
    heard_many(list(today.order_by("pk")[:MOST]))
    send_due(target_id=target.pk, now=lambda: at, send=_platform(target), jitter=lambda: 0.5)
    target_disable(target=WebhookTarget.objects.get(pk=target.pk), reason=WHY, at=at)
    _proposed("信用信息平台（示例）", office, people["client"], ASKED, proposer, at - timedelta(minutes=5))


def _proposed(name: str, owner: Unit, user: User, url: str, actor: Actor, at: datetime) -> WebhookTarget:
    facts = list(FACTS)
    return target_propose(name=name, owner=owner, user=user, url=url, facts=facts, actor=actor, at=at)[0]


def _platform(target: WebhookTarget) -> Callable[..., Reply]:
    """What stands for the other side: takes all but the last few, of which one runs into the limit of time."""
    left = target.messages.count()

    def answer(_where: object, _body: bytes, _headers: Mapping[str, str]) -> Reply:
        nonlocal left
        left -= 1
        if left >= REFUSED_FROM:
            return Reply("answered", 20 + left, 204)
        if left == 0:
            return Reply("timeout", 10_000)
        return Reply("answered", 35, 503, "系统检修，请稍后重试".encode())

    return answer
