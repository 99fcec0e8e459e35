"""Rows that are older than the declaration of their table as of record: after an upgrade the runner seals them, once per table.

What a table held at that moment is what its first leaves say; a row that comes in afterwards without a leaf is told by
`zx verify`. That a table was taken up is a fact of the timeline, so nobody can have it happen a second time unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import models, transaction
from django.db.models import Exists, OuterRef

from zhengxiao.kernel.proof.facts import ROW_SEALED, TAKEN_UP
from zhengxiao.kernel.timeline.api import Entry, FactRow, Record, Subject, record, record_many, records
from zhengxiao.lib.actors import SYSTEM

PART, PARTS = 1_000, 20
"""Rows sealed in one transaction, and transactions in one turn."""
TREE = Subject("tree", 1)


def tables_taken_up() -> frozenset[str]:
    """The tables whose older rows were sealed, as the timeline tells."""
    told = Entry.objects.filter(fact=TAKEN_UP).values_list("data", flat=True)
    return frozenset(str(data.get("table")) for data in told)


def rows_take_up(*, at: datetime) -> int:
    """Seal rows of tables not taken up yet, at most some at a time; the number sealed. Idempotent.

    Facts proof.row_sealed under each row, and proof.taken_up when none of the table is left. Refuses ReadOnly.
    """
    done, sealed = tables_taken_up(), 0
    for declared in records.values():
        if not declared.taken_up or declared.table in done:
            continue
        count = 0
        for _part in range(PARTS):
            with transaction.atomic():
                rows = _unsealed(declared)
                _seal(declared, rows, at)
                if len(rows) < PART:
                    _close(declared, at)
            count += len(rows)
            if len(rows) < PART:
                break
        sealed += count
        if count == PART * PARTS:
            break  # others have their turn
    return sealed


def _unsealed(declared: Record) -> Sequence[models.Model]:
    """Rows that no leaf covers, held so that nobody changes them before they are sealed."""
    told = Entry.objects.filter(subject_kind=declared.kind, subject_id=OuterRef("pk"), rows__isnull=False)
    rows = declared.model._default_manager.filter(~Exists(told)).order_by("pk")
    return list(rows.select_for_update()[:PART])


def _seal(declared: Record, rows: Sequence[models.Model], at: datetime) -> None:
    facts = [
        FactRow(
            ROW_SEALED, Subject(declared.kind, row.pk), SYSTEM, at, {"table": declared.table}, None, [row]
        )
        for row in rows
    ]
    record_many(facts, recorded_at=at)


def _close(declared: Record, at: datetime) -> None:
    sealed = Entry.objects.filter(fact=ROW_SEALED, subject_kind=declared.kind).count()
    told = {"table": declared.table, "rows": sealed}
    record(fact=TAKEN_UP, subject=TREE, actor=SYSTEM, at=at, data=told)
