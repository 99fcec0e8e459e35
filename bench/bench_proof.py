"""The provable history: what the pending leaf costs the writer, entries placed and checked per second, a proof served."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from bench.common import ZONE, Figure, analyze, median, p95, seconds

SIZES = {"full": (1_000_000, 200_000, 500), "small": (2_000, 2_000, 5)}
PER_CASE = 12
FULL = 1_000_000


def figures(size: str) -> list[Figure]:
    """Hashing in memory over `leaves`; with a database over `entries`, all written for the bench (it wants an empty one)."""
    leaves, entries, rounds = SIZES[size]
    return [_hashing(leaves), *_trigger(rounds), *_history(entries)]


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


def _trigger(rounds: int) -> list[Figure]:
    """What PostgreSQL itself says it spends on the trigger, beside the whole transaction as the program sees it."""
    from django.db import connection, transaction

    from zhengxiao.kernel.timeline.api import record_many

    if connection.vendor != "postgresql":
        return []
    at = datetime.now(ZONE)
    row, spent, whole = _rows(1, at), [], []

    def write() -> None:
        with transaction.atomic():
            record_many(row, recorded_at=at)

    statement = (
        "EXPLAIN (ANALYZE, FORMAT JSON) INSERT INTO timeline_entry"
        " (fact, subject_kind, subject_id, at, recorded_at, actor_name, data, leaf)"
        " SELECT fact, subject_kind, subject_id, at, recorded_at, actor_name, data, leaf"
        " FROM timeline_entry ORDER BY id DESC LIMIT 1"
    )
    write()
    for _ in range(rounds):
        whole.append(seconds(write))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            plan = cursor.fetchone()[0]
            transaction.set_rollback(True)
        told = json.loads(plan) if isinstance(plan, str) else plan
        spent += [each["Time"] for each in told[0]["Triggers"] if each["Trigger Name"] == "proof_entry_waits"]
    cost, fact = median(spent) * 1e3, median(whole) * 1e6
    return [
        Figure("proof.trigger", cost, "µs", "one fact in a transaction of its own", fact,
               goal="≤ 3 % of it", met=cost <= 0.03 * fact, note="as EXPLAIN ANALYZE tells it"),
    ]  # fmt: skip


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
