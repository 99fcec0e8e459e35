from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from zhengxiao.kernel.access.testing import SampleOrg, sample_org
from zhengxiao.kernel.timeline.api import Subject, deliver_due, record
from zhengxiao.kernel.webhooks.dispatch import send_due
from zhengxiao.kernel.webhooks.listening import WANTED
from zhengxiao.kernel.webhooks.models import WebhookTarget
from zhengxiao.kernel.webhooks.services import target_move, target_propose
from zhengxiao.lib.actors import SYSTEM, Actor, Role
from zhengxiao.lib.addresses import Target
from zhengxiao.lib.outbound import Reply

AT = datetime.fromisoformat("2026-03-04T10:00:00+08:00")
FACT = "webhooks.messages_resent"
"""Facts about targets stand for any fact here: this package knows no case."""


@pytest.fixture(autouse=True)
def _nobody_wants_anything() -> Iterator[None]:
    WANTED.forget()
    yield
    WANTED.forget()


@dataclass
class Post:
    """What goes out, and how the other side answers: by default it takes everything."""

    now: datetime = AT
    sent: list[tuple[Target, bytes, Mapping[str, str]]] = field(default_factory=list)
    answer: Callable[[int], Reply] = lambda number: Reply("answered", 3, 200)

    def __call__(self, target: Target, body: bytes, headers: Mapping[str, str]) -> Reply:
        self.sent.append((target, body, headers))
        return self.answer(len(self.sent))

    def go(self, target: WebhookTarget) -> int:
        return send_due(target_id=target.pk, now=lambda: self.now, send=self, jitter=lambda: 0.5)

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _target, _body, headers in self.sent]


@dataclass
class Office:
    """The sample organisation, and how targets come to be in it."""

    org: SampleOrg

    @property
    def system_admin(self) -> Actor:
        return self.org.actor(Role.SYSTEM_ADMIN)

    @property
    def security_admin(self) -> Actor:
        return self.org.actor(Role.SECURITY_ADMIN)

    def proposed(self, name: str = "交换平台", **changes: Any) -> tuple[WebhookTarget, str]:
        values: dict[str, Any] = {
            "owner": self.org.market,
            "user": self.org.users[Role.AUDITOR],
            "url": "https://example.com/hook",
            "facts": [FACT],
            **changes,
        }
        return target_propose(name=name, actor=self.system_admin, at=AT - timedelta(days=30), **values)

    def active(self, name: str = "交换平台", **changes: Any) -> WebhookTarget:
        target, _secret = self.proposed(name, **changes)
        at = AT - timedelta(days=29)
        done = target_move(target=target, transition="confirm", data={}, actor=self.security_admin, at=at)
        WANTED.read()
        return done

    def subject(self, name: str) -> WebhookTarget:
        """Something to tell facts about."""
        return self.proposed(name)[0]

    def told(self, *subjects: WebhookTarget, times: int = 1, at: datetime = AT) -> list[int]:
        """Record facts about subjects and hand them over; answers their ids."""
        with transaction.atomic():
            found = [
                record(
                    fact=FACT,
                    subject=Subject("webhook_target", row.pk),
                    actor=SYSTEM,
                    at=at,
                    data={"name": "示例"},
                )
                for _turn in range(times)
                for row in subjects
            ]
        deliver_due(at=at, limit=1000)
        return [entry.pk for entry in found]


@pytest.fixture
def office(db: Any) -> Office:
    return Office(sample_org())


@pytest.fixture
def post() -> Post:
    return Post()
