"""The sequencer: gives every entry its place in the tree, in an order of its own, outside the transaction of the fact.

It asks "what has no place yet?", never "what is newer than the last one?": transactions commit out of order. A trigger
writes a pending row with each entry, so the question is exact and costs as much as there is to do.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from zhengxiao.kernel.jobs.api import bulk_insert, row_maker
from zhengxiao.kernel.proof.models import PendingLeaf, Standstill, TreeHead, TreeLeaf, TreeNode
from zhengxiao.kernel.proof.rules import Frontier, Kept
from zhengxiao.kernel.timeline.api import Entry, history_hash
from zhengxiao.lib.hashing import canonical_json
from zhengxiao.lib.refusals import Refusal, gettext_noop


class HashChanged(Refusal):
    """The history was begun with another hash than the one that is set; it goes on with its own or not at all."""

    template = gettext_noop(
        "本库的存证使用 {used}，而 ZX_HISTORY_HASH 为 {asked}。请把设置改回 {used}；散列算法只能在建库时选择。"
    )


BATCH, BATCHES = 5_000, 40
FIELDS = (
    "fact",
    "subject_kind",
    "subject_id",
    "at",
    "recorded_at",
    "actor_id",
    "actor_name",
    "unit_id",
    "data",
)
MARK = 4
ROWS = len(FIELDS) + 1
"""The place of the mark of an entry's rows, after those of its fields; leaves placed before rows were sealed have none."""


def field_mark(value: Any) -> bytes:
    """Four bytes that tell two values of a field apart."""
    return hashlib.sha256(canonical_json(value)).digest()[:MARK]


def rows_mark(text: str | None) -> bytes:
    """`field_mark` for the rows of an entry, which may be long."""
    return zlib.crc32((text or "").encode()).to_bytes(MARK, "big")


def place_mark(index: int, entry_id: int, leaf: bytes) -> bytes:
    """Four bytes over the leaf's own row."""
    return hashlib.sha256(f"{index}:{entry_id}:".encode() + leaf).digest()[:MARK]


def require_hash() -> None:
    """Refuses HashChanged when the tree of this database was begun with another hash than ZX_HISTORY_HASH."""
    used = TreeHead.objects.filter(pk=1).values_list("algorithm", flat=True).first()
    _require(used or history_hash())


def _require(used: str) -> None:
    if used != history_hash():
        raise HashChanged(used=used, asked=history_hash())


def sequence_all() -> int:
    """Place what waits, at most 200,000 entries before others have their turn; the number placed."""
    placed = 0
    for _ in range(BATCHES):
        done = sequence_once()
        placed += done
        if not done:
            break
    return placed


def sequence_once(limit: int = BATCH) -> int:
    """Place up to `limit` waiting entries in one transaction. 0 when nothing waits, another sequencer was faster, or
    the tree is at a standstill: what is placed then would take the places of what was lost. Refuses HashChanged."""
    if not PendingLeaf.objects.exists() or Standstill.objects.exists():
        return 0
    with transaction.atomic():
        head, _made = TreeHead.objects.get_or_create(pk=1, defaults={"algorithm": history_hash()})
        _require(head.algorithm)
        waiting = list(PendingLeaf.objects.order_by("pk").values_list("pk", "leaf")[:limit])
        claimed = TreeHead.objects.filter(pk=1, size=head.size).update(size=head.size + len(waiting))
        if not waiting or claimed != 1:
            return 0
        return _place(head, [(key, bytes(leaf)) for key, leaf in waiting])


def _place(head: TreeHead, waiting: Sequence[tuple[int, bytes]]) -> int:
    reach = (waiting[0][0], waiting[-1][0])
    pending = PendingLeaf.objects.filter(pk__range=reach)
    # An entry that was removed and written again waits a second time; its first leaf stays, and `verify` names it.
    placed = set(
        TreeLeaf.objects.filter(entry_id__in=pending.values("pk")).values_list("entry_id", flat=True)
    )
    fresh = [(key, leaf) for key, leaf in waiting if key not in placed]
    marks = {
        key: b"".join(map(field_mark, values)) + rows_mark(rows)
        for key, rows, *values in Entry.objects.filter(pk__in=pending.values("pk")).values_list(
            "pk", "rows", *FIELDS
        )
    }
    frontier, kept = Frontier.unpacked(head.size, bytes(head.frontier), history_hash()), list[Kept]()
    leaf_row, node_row, leaves = row_maker(TreeLeaf), row_maker(TreeNode), []
    for index, (key, leaf) in enumerate(fresh, head.size):
        mark = place_mark(index, key, leaf) + marks.get(key, b"")
        leaves.append(leaf_row(index=index, entry_id=key, leaf=leaf, marks=mark))
        kept += frontier.append(leaf)
    bulk_insert(TreeLeaf, leaves)
    bulk_insert(TreeNode, [node_row(level=k.level, number=k.number, digest=k.digest) for k in kept])
    TreeHead.objects.filter(pk=1).update(size=frontier.size, frontier=frontier.packed())
    pending.filter(pk__in=TreeLeaf.objects.filter(entry_id__range=reach).values("entry_id")).delete()
    return len(waiting)


def entries_enqueue() -> int:
    """Let entries wait that neither wait nor have a place; the number found. Only needed after the trigger was missing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO proof_pendingleaf (entry_id, leaf) SELECT entry.id, entry.leaf FROM timeline_entry entry"
            " WHERE NOT EXISTS (SELECT 1 FROM proof_treeleaf placed WHERE placed.entry_id = entry.id)"
            " AND NOT EXISTS (SELECT 1 FROM proof_pendingleaf waiting WHERE waiting.entry_id = entry.id)"
        )
        return int(cursor.rowcount)
