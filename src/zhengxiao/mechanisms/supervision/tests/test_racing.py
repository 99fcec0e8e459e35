"""Two runners at once: no card twice, none missing. Long behind ZX_RACES (1,000), short in the checks."""

from __future__ import annotations

import os
import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections

from zhengxiao.backbone.cases.testing import case_world
from zhengxiao.kernel.clock.api import Clock, sweep
from zhengxiao.kernel.timeline.api import deliver_due
from zhengxiao.mechanisms.supervision.models import Card
from zhengxiao.mechanisms.supervision.tests.conftest import MONDAY, Supervised

RACES = int(os.environ.get("ZX_RACES", "40"))
CASES = 4


@pytest.mark.django_db(transaction=True)
def test_two_runners_at_once_issue_every_card_once():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; real concurrency is tried on PostgreSQL")
    world = Supervised(case_world())
    cases = [world.case(at=MONDAY + timedelta(minutes=number)) for number in range(CASES)]
    moments = sorted(_moments(case.pk) for case in cases)
    first = moments[0][0]
    for race in range(RACES):
        _run_two(first + timedelta(hours=race))
    after = max(last for _, last in moments) + timedelta(days=1)
    _run_two(after)
    while deliver_due(at=after + timedelta(hours=12)).done:
        pass
    found = list(Card.objects.values_list("subject_id", "level"))
    assert len(found) == len(set(found))
    assert set(found) == {(case.pk, level) for case in cases for level in ("blue", "yellow", "red")}
    for case in cases:
        cards = Card.objects.filter(subject_id=case.pk)
        assert [card.level for card in cards.filter(highest=True)] == ["red"]


def _moments(case_id: int) -> tuple[datetime, datetime]:
    clocks = Clock.objects.filter(subject_kind="case", subject_id=case_id, kind__in=["promised", "statutory"])
    found = [
        moment for clock in clocks for moment in (clock.blue_at, clock.yellow_at, clock.red_at) if moment
    ]
    return min(found), max(found)


def _run_two(at: datetime) -> None:
    barrier, errors = threading.Barrier(2), []

    def run() -> None:
        try:
            barrier.wait()
            sweep(at=at)
            deliver_due(at=at)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
