"""The provable history: what the pending leaf costs the writer, entries placed and checked per second, a proof served."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from bench.common import ZONE, Figure, analyze, median, p95, seconds

SIZES = {"full": (1_000_000, 200_000, 20), "small": (2_000, 2_000, 2)}
PER_CASE = 12
FULL = 1_000_000


def figures(size: str) -> list[Figure]:
    """Hashing in memory over `leaves`; with a database over `entries`, all written for the bench (it wants an empty one)."""
    leaves, entries, rounds = SIZES[size]
    return [_hashing(leaves), _writing(rounds), *_history(entries)]


def _hashing(count: int) -> Figure:
    """A check without a database: every leaf from its payload, then the tree with its kept nodes and the root."""
    from zhengxiao.kernel.proof.rules import Frontier
    from zhengxiao.lib.hashing import leaf_hash

    text = b'{"actor":null,"data":{"number":%d,"name":"bench"},"fact":"cases.accepted","subject":["case",7]}'
    payloads = [text % n for n in range(count)]

    def check() -> None:
        frontier = Frontier()
        for payload in payloads:
            for _kept in frontier.append(leaf_hash(payload)):
                pass
        frontier.root()

    def bare() -> None:
        for payload in payloads:
            hashlib.sha256(hashlib.sha256(payload).digest()).digest()

    took = seconds(check)
    goal = count == FULL
    return Figure("proof.hashing", took, "s", "two bare SHA-256 per leaf", seconds(bare), note=f"{count:,} leaves, one core",
                  goal="≤ 10 s for 1,000,000 leaves" if goal else "", met=took <= 10 if goal else None)  # fmt: skip


def _rows(count: int, at: datetime) -> list[Any]:
    from zhengxiao.kernel.timeline.api import FactRow, Subject
    from zhengxiao.lib.actors import SYSTEM

    data = {"voucher_no": "示受2026-00001", "promised": "10wd", "statutory": "20wd"}
    return [FactRow("cases.accepted", Subject("case", n // PER_CASE), SYSTEM, at, data) for n in range(count)]


def _writing(rounds: int) -> Figure:
    """One fact per transaction, with the trigger and without, in turns on the same machine."""
    from django.apps import apps
    from django.db import connection, transaction
    from django.db.migrations.loader import MigrationLoader

    from zhengxiao.kernel.proof.models import PendingLeaf
    from zhengxiao.kernel.timeline.api import record_many

    at = datetime.now(ZONE)
    row = _rows(1, at)
    step = MigrationLoader(connection).disk_migrations["proof", "0002_entries_wait"].operations[0]

    def write() -> None:
        for _ in range(100):
            with transaction.atomic():
                record_many(row, recorded_at=at)

    def switch(work: Any) -> None:
        with connection.schema_editor(atomic=True) as editor:
            PendingLeaf.objects.all().delete()
            work(apps, editor)

    write()
    with_trigger, without = [], []
    for _ in range(rounds):
        with_trigger.append(seconds(write) / 100)
        switch(step.reverse_code)
        without.append(seconds(write) / 100)
        switch(step.code)
    return Figure("proof.fact_that_waits", median(with_trigger) * 1e6, "µs", "the same transaction without the trigger",
                  median(without) * 1e6, note="one fact in a transaction of its own")  # fmt: skip


def _history(count: int) -> list[Figure]:
    from django.db import transaction

    from zhengxiao.kernel.proof.api import (
        checkpoint_issue,
        proof_document,
        sequence_all,
        trusted_keys,
        verify,
    )
    from zhengxiao.kernel.proof.verifier import check_proof
    from zhengxiao.kernel.timeline.api import Subject, record_many

    at = datetime.now(ZONE)
    sequence_all()
    with transaction.atomic():
        write = seconds(lambda: record_many(_rows(count, at), recorded_at=at))
    placed: list[int] = []
    place = seconds(lambda: placed.append(sum(iter(sequence_all, 0))))
    analyze("proof_treeleaf", "proof_treenode", "timeline_entry")
    checkpoint_issue(at=at)
    reports: list[Any] = []
    took = seconds(lambda: reports.append(verify(at=at)))
    if not reports[0].clean:
        raise SystemExit(f"the bench's own history does not hold: {reports[0].counts}")
    subjects = [Subject("case", n) for n in range(1, count // PER_CASE, max(1, count // PER_CASE // 200))]
    serve = [seconds(lambda s=s: proof_document(subject=s, name="bench")) for s in subjects]
    text = json.dumps(proof_document(subject=subjects[-1], name="bench"))
    check = median([seconds(lambda: check_proof(text, trusted_keys())) for _ in range(9)])
    entries = reports[0].entries
    return [
        Figure("proof.placed", placed[0] / place, "entries/s", "writing them in bulk", count / write),
        Figure("proof.verify", entries / took, "entries/s", note=f"{entries:,} rows, leaves, nodes, heads; one core"),
        Figure("proof.served.p95", p95(serve) * 1e3, "ms", goal="≤ 50 ms", met=p95(serve) <= 0.050,
               note=f"{PER_CASE} entries of one case in a tree of {entries:,}"),
        Figure("proof.checked", check * 1e3, "ms", note="the same file in verifier.py, signature included"),
    ]  # fmt: skip
