"""Recording, proving, reading and delivering facts."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengxiao.kernel.timeline import registry
from zhengxiao.kernel.timeline.api import (
    Delivery,
    Entry,
    Fact,
    FactRow,
    Subject,
    backlog,
    deliver_due,
    delivery_replay,
    entries_for,
    entry_text,
    leaf_payload,
    record,
    record_many,
    subscribe,
    unknown_subscriptions,
)
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.lib.hashing import leaf_hash
from zhengxiao.lib.registry import Registry

AT = datetime(2026, 3, 2, 2, 30, 0, 123456, tzinfo=UTC)
SUBJECT = Subject("sample", 7)


@pytest.fixture(autouse=True)
def own_registry(monkeypatch):
    """Facts and subscribers of this test alone."""
    declared: Registry[Fact] = Registry("fact")
    declared.add("sample.told", Fact("sample.told", "告知", "{name}于 {seen_at} 告知：{what}", "sample"))
    for module in ("registry", "services", "queries"):
        monkeypatch.setattr(f"zhengxiao.kernel.timeline.{module}.facts", declared)
    monkeypatch.setattr(registry, "_by_name", {})
    monkeypatch.setattr(registry, "_subscriptions", registry.defaultdict(dict))


def tell(at: datetime = AT, **data) -> Entry:
    with transaction.atomic():
        return record(fact="sample.told", subject=SUBJECT, actor=SYSTEM, at=at, data=data)


def proven(entry: Entry) -> bool:
    stored = Entry.objects.get(pk=entry.pk)
    return leaf_hash(leaf_payload(stored)) == bytes(stored.leaf)


@pytest.mark.django_db
def test_an_undeclared_fact_is_refused_and_writes_nothing():
    with pytest.raises(RuntimeError, match="not declared"), transaction.atomic():
        record(fact="sample.unheard", subject=SUBJECT, actor=SYSTEM, at=AT)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record(fact="sample.told", subject=SUBJECT, actor=SYSTEM, at=AT)
    assert not Entry.objects.exists()


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=2)
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-9e15, 9e15, allow_subnormal=False) | decimals
leaves = st.none() | st.booleans() | texts | st.dates() | st.datetimes(timezones=st.just(UTC)) | numbers
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(texts, values, max_size=4))
def test_the_leaf_can_be_recomputed_from_the_stored_row(data):
    assert proven(tell(data=data))


@pytest.mark.django_db
def test_the_leaf_of_a_bulk_row_can_be_recomputed_too_and_order_is_kept():
    data = {"on": date(2026, 3, 2), "used": Decimal("0.50"), "at": AT, "whole": 2.0, "small": 1e-7}
    rows = [FactRow("sample.told", SUBJECT, SYSTEM, AT - timedelta(days=n), data) for n in range(3)]
    with transaction.atomic():
        made = record_many(rows, recorded_at=AT)
    assert [entry.at for entry in entries_for(SUBJECT)] == [row.at for row in rows]
    assert all(proven(entry) for entry in made)


@pytest.mark.django_db
def test_entries_are_append_only_for_programs_and_in_the_database():
    entry = tell()
    for act in (
        lambda: Entry.objects.update(fact="x"),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.get(pk=entry.pk).delete(),
    ):
        with pytest.raises(TypeError, match="append-only"):
            act()
    statements = ["UPDATE timeline_entry SET fact = 'x'"]
    if connection.vendor == "postgresql":
        statements.append("DELETE FROM timeline_entry")
    for statement in statements:
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.get(pk=entry.pk).save()


@pytest.mark.django_db
def test_a_text_fills_missing_and_empty_keys_with_a_dash_and_shows_local_time():
    assert entry_text(tell(name="王示例", seen_at=AT)) == "王示例于 2026-03-02 10:30 告知：—"
    assert entry_text(tell(name="", what=0)) == "—于 — 告知：0"


@pytest.mark.django_db
def test_an_effect_happens_once_and_what_a_failing_handler_wrote_is_gone():
    seen: list[int] = []

    def broken(entry: Entry) -> None:
        tell(name="written by the handler")
        raise ValueError("no")

    subscribe("sample.told", name="sample.good", handler=lambda entry: seen.append(entry.pk))
    first = tell()
    registry._subscriptions.clear()
    subscribe("sample.told", name="sample.bad", handler=broken)
    second = tell()
    registry._subscriptions.clear()
    result = deliver_due(at=AT)
    assert (result.done, result.failed) == (1, 1)
    assert seen == [first.pk]
    assert list(Entry.objects.values_list("pk", flat=True).order_by("pk")) == [first.pk, second.pk]
    bad = Delivery.objects.get(subscriber="sample.bad")
    assert (bad.state, bad.attempts) == (Delivery.State.WAITING, 1)
    assert "ValueError: no" in bad.error
    assert deliver_due(at=AT).done == 0
    assert seen == [first.pk]


@pytest.mark.django_db
def test_a_failing_delivery_waits_twice_as_long_each_time_is_parked_after_twelve_and_can_be_replayed():
    calls: list[int] = []

    def fails(entry: Entry) -> None:
        calls.append(1)
        if len(calls) <= 12:
            raise ValueError

    subscribe("sample.told", name="sample.fails", handler=fails)
    tell()
    at, waits = AT, []
    while Delivery.objects.get().state == Delivery.State.WAITING:
        before = Delivery.objects.get().not_before
        assert deliver_due(at=before - timedelta(seconds=1)).failed == 0
        assert deliver_due(at=before).failed == 1
        waits.append((Delivery.objects.get().not_before - before).total_seconds())
        at = before
    assert waits[:5] == [10, 20, 40, 80, 160]
    assert max(waits) <= 6 * 3600
    assert len(waits) == 12
    parked = Delivery.objects.get()
    assert parked.state == Delivery.State.PARKED
    assert backlog(at=at).parked == 1
    assert deliver_due(at=at + timedelta(days=9)).done == 0
    assert delivery_replay(delivery_id=parked.pk, at=at)
    assert not delivery_replay(delivery_id=parked.pk, at=at)
    assert deliver_due(at=at).done == 1


@pytest.mark.django_db
def test_a_delivery_to_nobody_waits_and_a_subscription_to_nothing_is_found():
    subscribe("sample.told", name="sample.gone", handler=lambda entry: None)
    subscribe("sample.never", name="sample.deaf", handler=lambda entry: None)
    with pytest.raises(RuntimeError, match="twice"):
        subscribe("sample.told", name="sample.gone", handler=lambda entry: None)
    tell()
    assert unknown_subscriptions() == ["sample.deaf"]
    registry._by_name.clear()
    assert deliver_due(at=AT).failed == 1
    assert backlog(at=AT + timedelta(days=1)).waiting == 1


@pytest.mark.django_db(transaction=True)
def test_runners_in_threads_deliver_each_entry_once():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; real concurrency is tried on PostgreSQL")
    subscribe("sample.told", name="sample.counts", handler=lambda entry: tell_back(entry))
    registry.facts.add("sample.answered", Fact("sample.answered", "答", "答", "sample"))
    for _ in range(40):
        tell()
    barrier, done, errors = threading.Barrier(4), [], []

    def run() -> None:
        try:
            barrier.wait()
            done.append(deliver_due(at=AT))
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sum(result.done for result in done) == 40
    assert Entry.objects.filter(fact="sample.answered").count() == 40


def tell_back(entry: Entry) -> None:
    record(fact="sample.answered", subject=Subject("sample", entry.pk), actor=SYSTEM, at=entry.at)
