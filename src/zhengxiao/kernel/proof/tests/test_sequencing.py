"""Every entry gets one place, in whatever order transactions commit, however many sequencers run."""

from __future__ import annotations

import random
import threading
import time

import pytest
from django.db import connection, connections, transaction

from zhengxiao.kernel.proof.api import (
    Kind,
    entries_enqueue,
    sequence_all,
    sequence_once,
    tree_size,
    verify,
    waiting_count,
)
from zhengxiao.kernel.proof.models import PendingLeaf, TreeHead, TreeLeaf, TreeNode
from zhengxiao.kernel.proof.tests.conftest import AT, tell, tell_many
from zhengxiao.kernel.timeline.api import Entry


@pytest.mark.django_db
def test_an_entry_waits_from_its_own_transaction_on_and_is_placed_once():
    with transaction.atomic():
        tell()
        transaction.set_rollback(True)
    assert waiting_count() == 0
    entry = tell()
    assert bytes(PendingLeaf.objects.get(pk=entry.pk).leaf) == bytes(entry.leaf)
    assert (sequence_all(), sequence_all(), waiting_count(), tree_size()) == (1, 0, 0, 1)
    assert bytes(TreeLeaf.objects.get(index=0).leaf) == bytes(entry.leaf)


@pytest.mark.django_db
def test_bulk_rows_wait_too_and_batches_build_the_same_tree_as_one_pass():
    tell_many(600)
    assert waiting_count() == 600
    while sequence_once(limit=7):
        pass
    assert verify(at=AT).clean
    assert list(TreeNode.objects.values_list("level", "number").order_by("number")) == [(8, 0), (8, 1)]


@pytest.mark.django_db
def test_a_late_commit_with_a_smaller_key_gets_its_place_after_the_others():
    early, late = tell(1), tell(2)
    PendingLeaf.objects.filter(pk=early.pk).delete()
    sequence_all()
    PendingLeaf.objects.create(entry_id=early.pk, leaf=early.leaf)
    assert sequence_all() == 1
    assert list(TreeLeaf.objects.order_by("index").values_list("entry_id", flat=True)) == [late.pk, early.pk]
    assert verify(at=AT).clean


@pytest.mark.django_db
def test_a_sequencer_that_lost_the_race_places_nothing(monkeypatch):
    tell()
    stale, _made = TreeHead.objects.get_or_create(pk=1)
    TreeHead.objects.filter(pk=1).update(size=5)
    monkeypatch.setattr(TreeHead.objects, "get_or_create", lambda **_kwargs: (stale, False))
    assert sequence_once() == 0
    assert not TreeLeaf.objects.exists()


@pytest.mark.django_db
def test_an_entry_written_without_the_trigger_is_found_and_can_be_let_in():
    entry = tell()
    PendingLeaf.objects.all().delete()
    assert [finding.kind for finding in verify(at=AT).findings] == [Kind.ENTRY_UNPLACED]
    assert (entries_enqueue(), entries_enqueue()) == (1, 0)
    assert sequence_all() == 1
    assert TreeLeaf.objects.get().entry_id == entry.pk
    assert verify(at=AT).clean


@pytest.mark.django_db(transaction=True)
def test_eight_writers_with_jittered_commits_and_two_sequencers_lose_nothing():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; real concurrency is tried on PostgreSQL")
    errors, finished = [], threading.Event()
    barrier = threading.Barrier(10)

    def guarded(work):
        def run() -> None:
            try:
                barrier.wait()
                work()
            except Exception as error:
                errors.append(error)
            finally:
                connections.close_all()

        return threading.Thread(target=run)

    def write(seed: int) -> None:
        dice = random.Random(seed)  # noqa: S311 - jitter
        for number in range(60):
            with transaction.atomic():
                tell(f"{seed}/{number}", subject=seed)
                time.sleep(dice.random() * 0.004)

    def sequence() -> None:
        while not finished.is_set():
            sequence_once(limit=23)

    writers = [guarded(lambda seed=seed: write(seed)) for seed in range(8)]
    sequencers = [guarded(sequence) for _ in range(2)]
    for thread in (*writers, *sequencers):
        thread.start()
    for thread in writers:
        thread.join()
    finished.set()
    for thread in sequencers:
        thread.join()
    sequence_all()
    assert errors == []
    assert Entry.objects.count() == 480
    places = TreeLeaf.objects.order_by("index").values_list("index", "entry_id")
    assert [index for index, _entry in places] == list(range(480))
    assert {entry for _index, entry in places} == set(Entry.objects.values_list("pk", flat=True))
    assert verify(at=AT).clean
