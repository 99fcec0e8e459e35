"""The figures of the relay from a constructed population."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhengxiao.backbone.cases.testing import case_world
from zhengxiao.kernel.metrics.api import compute
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.mechanisms.relay.services import relay_move
from zhengxiao.mechanisms.relay.testing import at, pushed

pytestmark = pytest.mark.django_db
MARCH = {"period_from": date(2026, 3, 1), "period_to": date(2026, 4, 1), "actor": SYSTEM}


def test_claimed_in_time_late_and_not_at_all_are_told_apart() -> None:
    """Four of Monday 2 March, due on Thursday 5: two claimed in time, one on Friday, one never; a fifth may still be."""
    world = case_world()
    approver = world.org.actor(Role.APPROVER)
    rows = [pushed(world, number=number, applicant_name=f"示例{number}公司") for number in range(1, 5)]
    pushed(world, day="2026-03-05", number=5, applicant_name="示例五公司")
    for row, day in zip(rows, ("2026-03-03", "2026-03-05", "2026-03-06"), strict=False):
        relay_move(relayed_id=row.pk, transition="claim", actor=approver, at=at(day, 17))
    cut = at("2026-03-09", 8)
    (claimed,) = compute("relay.claim_rate", as_of=cut, **MARCH)
    (in_time,) = compute("relay.claim_in_time_rate", as_of=cut, **MARCH)
    assert (claimed.n, claimed.value) == (4, Decimal("0.75"))
    assert (in_time.n, in_time.value) == (4, Decimal("0.5"))


def test_without_a_licence_there_is_no_figure() -> None:
    case_world()
    (rate,) = compute("relay.claim_rate", as_of=at("2026-03-31"), **MARCH)
    assert (rate.n, rate.value) == (0, None)
