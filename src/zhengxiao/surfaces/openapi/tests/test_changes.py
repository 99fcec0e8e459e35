"""Nothing is left out of updated_since while others write."""

from __future__ import annotations

import random
import threading
import time

import pytest
from django.db import connection, connections, transaction

from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.testing import case_world
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.lib.actors import Role
from zhengxiao.surfaces.openapi.changes import MOST_MARKS, Since, settle, since_token
from zhengxiao.surfaces.openapi.problems import BadParameter
from zhengxiao.surfaces.openapi.tests.conftest import NOW, make_api

WRITERS, CASES_EACH = 6, 30


def test_a_mark_is_settled_when_all_transactions_of_its_time_are_over():
    first = settle(Since(), oldest=90, drawn=100, top=7)
    assert (first.settled, first.marks) == (0, ((100, 7),))
    second = settle(first, oldest=99, drawn=105, top=9)
    assert second.settled == 0
    third = settle(second, oldest=100, drawn=106, top=12)
    assert (third.settled, third.marks) == (7, ((105, 9), (106, 12)))
    assert settle(third, oldest=200, drawn=200, top=20) == Since(20, ())


def test_a_transaction_that_stays_open_keeps_the_token_short_and_the_start_in_place():
    since = Since(5)
    for number in range(100):
        since = settle(since, oldest=50, drawn=60 + number, top=10 + number)
    assert (since.settled, len(since.marks)) == (5, MOST_MARKS)
    assert settle(since, oldest=60, drawn=500, top=900).settled == 10
    assert since_token(since.token()) == since


def test_a_token_of_ones_own_making_is_refused():
    with pytest.raises(BadParameter):
        since_token("[0, []]")


@pytest.mark.django_db(transaction=True)
def test_no_change_is_lost_beside_writers_that_commit_in_any_order(settings):
    """Writers receive cases and keep their transactions open for random times; a poller follows by tokens alone."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; ids become visible in their order")
    settings.ZX_MOMENT = NOW
    settings.ZX_API_RATE = 10_000
    world = case_world()
    client = make_api(world, Role.APPROVER).client
    clerk = world.clerk
    token = client.list_cases()["next_updated_since"]
    moved = world.receive(at=NOW)  # known before, changed while the writers write
    done = threading.Event()

    def write(seed: int) -> None:
        dice = random.Random(seed)  # noqa: S311
        try:
            for _ in range(CASES_EACH):
                with transaction.atomic():
                    # As case_receive does, save for the number: its counter would make the writers take turns.
                    _entry_first(world, clerk, f"{seed}-{dice.random()}")
                    time.sleep(dice.random() * 0.15)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(WRITERS)]
    for thread in threads:
        thread.start()
    threading.Thread(target=lambda: ([thread.join() for thread in threads], done.set())).start()
    seen: set[str] = set()
    last = False
    while True:
        cursor = None
        while True:
            page = client.list_cases(updated_since=token, limit=200, cursor=cursor)
            seen |= {row["number"] for row in page["results"]}
            cursor = page["next_cursor"]
            if cursor is None:
                break
        token = page["next_updated_since"]
        if last:
            break
        last = done.is_set()
    assert seen == set(Case.objects.values_list("number", flat=True))
    assert len(seen) == WRITERS * CASES_EACH + 1
    assert moved.number in seen
    # Another transaction of the cluster may hold the horizon back: then known cases are told again, never new ones.
    assert {row["number"] for row in client.list_cases(updated_since=token)["results"]} <= seen


def _entry_first(world, clerk, number):
    case = Case.objects.create(
        number=number, state="received", item=world.item, item_version=world.version, item_name="示例", kind="promised",
        applicant_name="示例公司", channel="window", region=world.org.district_a, department=world.org.market,
        unit=world.org.section, window=world.org.window, received_at=NOW, calendar_key="CN",
    )  # fmt: skip
    record(
        fact="cases.received",
        subject=Subject("case", case.pk),
        actor=clerk,
        at=NOW,
        data={"number": number, "materials": 0, "item": world.item.code},
        unit_id=case.unit_id,
    )
