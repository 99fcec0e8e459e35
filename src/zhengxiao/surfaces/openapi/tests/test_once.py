"""One effect per key, whatever the network does."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter, defaultdict

import pytest
from django.db import connection, connections, transaction

from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.testing import case_world
from zhengxiao.kernel.exchange.api import profile_names
from zhengxiao.kernel.timeline.models import Entry
from zhengxiao.lib.actors import Role
from zhengxiao.surfaces.openapi import case_operations
from zhengxiao.surfaces.openapi.keys import _claim
from zhengxiao.surfaces.openapi.limits import BUCKETS
from zhengxiao.surfaces.openapi.models import ApiClient, IdempotencyKey
from zhengxiao.surfaces.openapi.tests.conftest import NOW, Api, make_api
from zhengxiao_client import ApiProblem


def test_a_key_is_required_and_must_be_readable(api_for, intake):
    api = api_for(Role.WINDOW_CLERK)
    for key in (None, "x" * 201, "two words"):
        answer = api.post("/cases", intake, key=key)
        assert (answer.status_code, answer.json()["code"]) == (400, "IdempotencyKeyMissing")
    assert not Case.objects.exists()


def test_the_same_call_again_is_answered_with_the_same_bytes(api_for, intake):
    api = api_for(Role.WINDOW_CLERK)
    first, again = (api.post("/cases", intake, key="k") for _ in range(2))
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert Case.objects.count() == IdempotencyKey.objects.count() == 1


def test_the_same_key_for_another_call_is_refused(api_for, intake):
    api = api_for(Role.WINDOW_CLERK)
    number = api.post("/cases", intake, key="k").json()["number"]
    for path, body in (
        ("/cases", intake | {"summary": "别的"}),
        (f"/cases/{number}/moves/accept", {"data": {}}),
    ):
        answer = api.post(path, body, key="k")
        assert (answer.status_code, answer.json()["code"]) == (422, "KeyReused")
    assert Case.objects.get().state == "received"


def test_addresses_that_differ_at_their_end_only_are_other_calls(api_for):
    client = api_for(Role.SUPERVISOR).client
    profile, name = profile_names()[0][0], "长" * 90
    client.upload_feed(b"a\n", profile=profile, file_name=f"{name}1.csv", idempotency_key="k")
    with pytest.raises(ApiProblem, match="KeyReused"):
        client.upload_feed(b"a\n", profile=profile, file_name=f"{name}2.csv", idempotency_key="k")


def test_another_clients_key_is_another_key(api_for, intake):
    for role in (Role.WINDOW_CLERK, Role.APPROVER):
        assert api_for(role).post("/cases", intake | {"window": None}, key="k").status_code in {201, 403}
    assert Case.objects.count() == IdempotencyKey.objects.count() > 0


def test_a_refused_call_leaves_neither_key_nor_effect(api_for, intake):
    api = api_for(Role.WINDOW_CLERK)
    assert api.post("/cases", intake | {"item": "none"}, key="k").status_code == 422
    assert not IdempotencyKey.objects.exists()
    assert api.post("/cases", intake, key="k").status_code == 201


def test_a_failure_after_the_effect_leaves_neither(api_for, intake, monkeypatch):
    api = api_for(Role.WINDOW_CLERK)
    before = Entry.objects.count()

    def broken(*args):
        raise RuntimeError("the process dies here")

    with monkeypatch.context() as patch:
        patch.setattr(case_operations, "_told", broken)  # the case has been received by now
        assert api.post("/cases", intake, key="k").status_code == 500
    assert (Case.objects.count(), IdempotencyKey.objects.count(), Entry.objects.count()) == (0, 0, before)
    assert api.post("/cases", intake, key="k").status_code == 201


@pytest.mark.django_db(transaction=True)
def test_many_retries_at_the_same_time_make_one_case_per_key(settings):
    """`make once` is the long run: 100 keys, 64 at a time, on PostgreSQL; in the build fewer, on SQLite fewer at once."""
    settings.ZX_MOMENT = NOW
    BUCKETS.clear()
    world = case_world()
    usual = "64" if connection.vendor == "postgresql" else "8"
    parallel = int(os.environ.get("ZX_ONCE_PARALLEL", usual))
    few = "2" if connection.vendor == "postgresql" else "1"
    keys = [f"key-{number}" for number in range(int(os.environ.get("ZX_ONCE_KEYS", few)))]
    settings.ZX_API_RATE = 1_000_000
    token = make_api(world, Role.WINDOW_CLERK).token
    intake = {"item": world.item.code, "applicant_name": "示例建设有限公司", "window": "A-MARKET-W1"}
    gate, bodies, seen = threading.Barrier(parallel), defaultdict(list), Counter()

    def retry() -> None:
        api = Api(token)
        try:
            for key in keys:
                gate.wait()
                for _ in range(400):
                    answer = api.post("/cases", intake, key=key)
                    seen[answer.status_code, answer.get("Retry-After")] += 1
                    connections.close_all()  # as a server does after each request: whoever waits keeps nobody out
                    if answer.status_code == 201:
                        bodies[key].append(answer.content)
                        break
                    time.sleep(0.05)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=retry) for _ in range(parallel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Case.objects.count(), IdempotencyKey.objects.count()) == (len(keys), len(keys))
    assert {key: (len(told), len(set(told))) for key, told in bodies.items()} == dict.fromkeys(
        keys, (parallel, 1)
    ), seen
    assert set(seen) <= {(201, None), (409, "1"), (503, "1")}
    print(f"{len(keys)} keys × {parallel} at a time: {dict(seen)}")  # shown by `make once`
    other = Api(token).post("/cases", intake | {"summary": "另一"}, key=keys[0])
    assert (other.status_code, other.json()["code"]) == (422, "KeyReused")


@pytest.mark.django_db(transaction=True)
def test_a_call_in_flight_on_another_connection_is_told_to_wait(settings):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; the second call waits for the first")
    settings.ZX_MOMENT = NOW
    world = case_world()
    api = make_api(world, Role.WINDOW_CLERK)
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                assert _claim(ApiClient.objects.get().pk, "one")
                entered.set()
                leave.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait(20)
    intake = {"item": world.item.code, "applicant_name": "示例建设有限公司", "window": "A-MARKET-W1"}
    answer = api.post("/cases", intake, key="one")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (409, "KeyInFlight", "1")
    leave.set()
    thread.join()
    assert api.post("/cases", intake, key="one").status_code == 201
