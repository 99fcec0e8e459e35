"""Checks that a planted bug showed to be missing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from zhengxiao.backbone.cases.testing import case_world
from zhengxiao.kernel.clock.api import sweep
from zhengxiao.kernel.timeline import deliveries
from zhengxiao.kernel.timeline.api import Delivery, Entry, deliver_due


@pytest.mark.django_db
def test_a_delivery_that_another_runner_has_done_is_not_done_again() -> None:
    world, now = case_world(), datetime(2026, 3, 26, 2, 30, tzinfo=UTC)
    world.receive(at=datetime(2026, 3, 5, 2, 30, tzinfo=UTC))
    sweep(at=now)
    seen = list(Delivery.objects.select_related("entry").filter(subscriber="cases.deem_accepted"))
    while deliver_due(at=now, limit=100).done:
        pass
    before = Entry.objects.count()
    assert [deliveries._deliver_one(delivery, now) for delivery in seen] == [False] * len(seen)
    assert Entry.objects.count() == before
    assert all(row.attempts == 1 for row in Delivery.objects.filter(pk__in=[one.pk for one in seen]))
