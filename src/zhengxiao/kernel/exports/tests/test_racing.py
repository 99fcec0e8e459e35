"""Two at once: one decision, one fetch, one request, and never more rows than the quota. Long behind ZX_RACES."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from zhengxiao.kernel.access.testing import SampleOrg, sample_org
from zhengxiao.kernel.exports.models import ExportDay, ExportRequest
from zhengxiao.kernel.exports.services import (
    export_ask,
    export_fetch,
    export_leave,
    export_move,
)
from zhengxiao.kernel.exports.tests.conftest import ADDRESS, NOW, PURPOSE, actor, asked, leaving
from zhengxiao.kernel.timeline.models import Entry
from zhengxiao.kernel.workflow.api import MoveNotLawful
from zhengxiao.lib.actors import Role
from zhengxiao.lib.refusals import Refusal, StaleState

RACES = int(os.environ.get("ZX_RACES", "5"))
LATE = {"StaleState", "MoveNotLawful"}


def test_of_two_approvers_who_read_the_same_request_one_decides(org: SampleOrg) -> None:
    row = asked(org)
    first, second = (ExportRequest.objects.get(pk=row.pk) for _ in range(2))
    export_move(request=first, transition="approve", data={}, actor=actor(org, Role.DEPARTMENT_HEAD), at=NOW)
    reason = {"reason": "条件过宽，请缩小范围"}
    with pytest.raises((StaleState, MoveNotLawful)):
        export_move(
            request=second, transition="refuse", data=reason, actor=actor(org, Role.SECURITY_ADMIN), at=NOW
        )
    row.refresh_from_db()
    assert (row.state, row.reason, row.decided_by) == ("approved", "", org.users[Role.DEPARTMENT_HEAD])


def test_of_two_windows_that_fetch_the_same_file_one_gets_it(org: SampleOrg) -> None:
    row = export_move(
        request=asked(org), transition="approve", data={}, actor=actor(org, Role.DEPARTMENT_HEAD), at=NOW
    )
    first, second = (ExportRequest.objects.get(pk=row.pk) for _ in range(2))
    by = actor(org, Role.APPROVER)
    export_fetch(request=first, leaving=leaving(), actor=by, at=NOW)
    with pytest.raises((StaleState, MoveNotLawful)):
        export_fetch(request=second, leaving=leaving(), actor=by, at=NOW)
    assert ExportDay.objects.get().rows == 20


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_one_of_two_is_refused_and_the_count_is_that_of_the_other(settings: Any) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; real concurrency is tried on PostgreSQL")
    settings.ZX_EXPORT_QUOTA = 30
    org = sample_org()
    heads, asker = [Role.DEPARTMENT_HEAD, Role.SECURITY_ADMIN], Role.APPROVER
    for race in range(RACES):
        at = NOW + timedelta(days=race)
        told = both(lambda _one, at=at: ask(org, at))
        assert told == Counter({"": 1, "AlreadyAsked": 1})
        row = ExportRequest.objects.latest("pk")
        assert _one_won(both(lambda one, at=at, row=row: decide(org, row.pk, heads[one], at)))
        assert _one_won(both(lambda _one, at=at, row=row: fetch(org, row.pk, at)))
        assert Entry.objects.filter(fact="exports.fetched", subject_id=row.pk).count() == 1
        # 20 are on the day already: ten more fit once.
        small = leaving(personal="", rows=10)
        told = both(
            lambda _one, at=at, small=small: export_leave(leaving=small, actor=actor(org, asker), at=at)
        )
        assert told == Counter({"": 1, "QuotaReached": 1})
    assert set(ExportDay.objects.values_list("rows", flat=True)) == {30}


def ask(org: SampleOrg, at: Any) -> None:
    address = f"{ADDRESS}&size={at:%d}"
    export_ask(leaving=leaving(), address=address, purpose=PURPOSE, actor=actor(org, Role.APPROVER), at=at)


def decide(org: SampleOrg, row_id: int, who: Role, at: Any) -> None:
    row = ExportRequest.objects.get(pk=row_id)
    export_move(request=row, transition="approve", data={}, actor=actor(org, who), at=at)


def fetch(org: SampleOrg, row_id: int, at: Any) -> None:
    row = ExportRequest.objects.get(pk=row_id)
    export_fetch(request=row, leaving=leaving(), actor=actor(org, Role.APPROVER), at=at)


def both(run: Callable[[int], Any]) -> Counter[str]:
    """How two threads that start together ended: "" for done, else the name of the refusal."""
    barrier, told = threading.Barrier(2), Counter[str]()

    def one(number: int) -> None:
        ended = ""
        try:
            barrier.wait()
            run(number)
        except Refusal as refusal:
            ended = type(refusal).__name__
        finally:
            connections.close_all()
        told[ended] += 1

    threads = [threading.Thread(target=one, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def _one_won(told: Counter[str]) -> bool:
    return told[""] == 1 and sum(told[name] for name in LATE) == 1
