"""A city with an item in force (statutory 20, promised 10 working days) and short ways to cards in any state."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from zhengxiao.backbone.cases.api import Case
from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.kernel.access.testing import AT
from zhengxiao.kernel.clock.api import Clock, sweep
from zhengxiao.kernel.timeline.api import deliver_due
from zhengxiao.lib.actors import Actor, Role
from zhengxiao.mechanisms.supervision.models import Card
from zhengxiao.mechanisms.supervision.services import card_move

MONDAY = AT - timedelta(days=2)
"""Monday 2 March 2026, 10 o'clock."""


class Supervised:
    """The world of a case, with the people who supervise it."""

    def __init__(self, cases: CaseWorld) -> None:
        self.cases = cases
        self.org = cases.org

    @property
    def supervisor(self) -> Actor:
        return self.org.actor(Role.SUPERVISOR)

    @property
    def leader(self) -> Actor:
        return self.org.actor(Role.LEADER)

    @property
    def head(self) -> Actor:
        return self.org.actor(Role.DEPARTMENT_HEAD)

    @property
    def approver(self) -> Actor:
        return self.org.actor(Role.APPROVER)

    def case(self, *, at: datetime = MONDAY, **changes: Any) -> Case:
        return self.cases.accepted(at=at, **changes)

    def promised(self, case: Case) -> Clock:
        return Clock.objects.get(subject_kind="case", subject_id=case.pk, kind="promised")

    def statutory(self, case: Case) -> Clock:
        return Clock.objects.get(subject_kind="case", subject_id=case.pk, kind="statutory")

    def look(self, at: datetime) -> None:
        """What the runner does: sweep, and deliver until nothing waits."""
        sweep(at=at)
        while deliver_due(at=at).done:
            pass

    def yellow(self, case: Case | None = None) -> tuple[Card, datetime]:
        """A yellow card for a case whose promise has just broken, and the moment a minute later."""
        found = case or self.case()
        moment = self.promised(found).yellow_at
        assert moment is not None
        self.look(moment)
        card = Card.objects.get(subject_kind="case", subject_id=found.pk, level="yellow")
        return card, moment + timedelta(minutes=1)

    def move(self, card: Card, transition: str, *, at: datetime, actor: Actor, **data: str) -> Card:
        return card_move(card_id=card.pk, transition=transition, actor=actor, at=at, data=data)


@pytest.fixture
def world(db: None) -> Supervised:
    return Supervised(case_world())
