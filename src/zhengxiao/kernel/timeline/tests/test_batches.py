"""Batches: many entries in one transaction, each of them exactly once, whatever fails or races."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from django.db import connection, connections, transaction

from zhengxiao.kernel.timeline import deliveries, registry
from zhengxiao.kernel.timeline.api import Delivery, Entry, Fact, Subject, deliver_due, record, subscribe
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.lib.registry import Registry

AT = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts and subscribers of this test alone."""
    own: Registry[Fact] = Registry("fact")
    for name in ("sample.told", "sample.answered"):
        own.add(name, Fact(name, "告知", "告知", "sample"))
    for module in ("registry", "services", "queries"):
        monkeypatch.setattr(f"zhengxiao.kernel.timeline.{module}.facts", own)
    monkeypatch.setattr(registry, "_by_name", {})
    monkeypatch.setattr(registry, "_subscriptions", registry.defaultdict(dict))


def tell(number: int, fact: str = "sample.told") -> Entry:
    with transaction.atomic():
        return record(fact=fact, subject=Subject("sample", number), actor=SYSTEM, at=AT)


def answer(entry: Entry) -> None:
    if entry.subject_id == 13:
        raise ValueError("bad row")
    record(fact="sample.answered", subject=Subject("sample", entry.subject_id), actor=SYSTEM, at=entry.at)


def answer_all(entries: Sequence[Entry]) -> None:
    for entry in entries:
        answer(entry)


def answered() -> list[int]:
    found = Entry.objects.filter(fact="sample.answered").order_by("pk")
    return list(found.values_list("subject_id", flat=True))


@pytest.mark.django_db
def test_a_batch_takes_all_that_waits_in_order_and_in_one_call():
    calls: list[list[int]] = []
    subscribe(
        "sample.told",
        name="sample.batch",
        handler=answer,
        batch=lambda entries: calls.append([entry.subject_id for entry in entries]),
    )
    for number in range(5):
        tell(number)
    assert deliver_due(at=AT, limit=2).done == 5
    assert calls == [[0, 1, 2, 3, 4]]
    assert deliver_due(at=AT).done == 0


@pytest.mark.django_db
def test_one_bad_entry_sends_the_others_one_by_one_and_what_the_batch_wrote_is_gone():
    subscribe("sample.told", name="sample.batch", handler=answer, batch=answer_all)
    for number in (11, 12, 13, 14):
        tell(number)
    result = deliver_due(at=AT)
    assert (result.done, result.failed) == (3, 1)
    assert answered() == [11, 12, 14]
    assert Delivery.objects.get(state=Delivery.State.WAITING).attempts == 1


@pytest.mark.django_db
def test_a_batch_of_which_another_runner_took_a_part_is_given_up_whole():
    def steal(entries: Sequence[Entry]) -> None:
        raise AssertionError("the batch must not be handed over")

    subscribe("sample.told", name="sample.batch", handler=answer, batch=steal)
    for number in range(3):
        tell(number)
    seen = list(deliveries._waiting(AT))
    Delivery.objects.filter(pk=seen[0].pk).update(state=Delivery.State.DONE, done_at=AT)
    with pytest.raises(deliveries._Raced):
        deliveries._deliver_together(seen, steal, AT)
    assert Delivery.objects.filter(state=Delivery.State.WAITING).count() == 2


@pytest.mark.django_db(transaction=True)
def test_runners_in_threads_hand_each_entry_over_once():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; real concurrency is tried on PostgreSQL")
    subscribe("sample.told", name="sample.batch", handler=answer, batch=answer_all)
    for number in range(100, 160):
        tell(number)
    barrier, errors = threading.Barrier(4), []

    def run() -> None:
        try:
            barrier.wait()
            deliver_due(at=AT)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deliver_due(at=AT)
    assert errors == []
    assert sorted(answered()) == list(range(100, 160))
