"""Reading the tree: kept nodes as tiles, one moment for a whole check, and how far the sequencer is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction

from zhengxiao.kernel.proof.models import PendingLeaf, TreeHead, TreeLeaf, TreeNode
from zhengxiao.kernel.proof.rules import WIDTH


@dataclass
class Tiles:
    """The kept nodes of the database for `rules.span`, each tile read once."""

    read: dict[tuple[int, int], Sequence[bytes]] = field(default_factory=dict)

    def __call__(self, level: int, number: int) -> Sequence[bytes]:
        key = (level, number)
        if key not in self.read:
            first, tile = number * WIDTH, list[bytes]()
            for place, digest in _kept(level, first):
                if place != first + len(tile):
                    break  # a gap: what follows does not belong here
                tile.append(bytes(digest))
            self.read[key] = tile
        return self.read[key]


def _kept(level: int, first: int) -> Iterable[tuple[int, bytes | memoryview]]:
    if level == 0:
        leaves = TreeLeaf.objects.filter(index__gte=first, index__lt=first + WIDTH).order_by("index")
        return leaves.values_list("index", "leaf")
    nodes = TreeNode.objects.filter(level=level, number__gte=first, number__lt=first + WIDTH)
    return nodes.order_by("number").values_list("number", "digest")


def tree_size() -> int:
    """How many leaves have their place."""
    return TreeHead.objects.filter(pk=1).values_list("size", flat=True).first() or 0


def waiting_count() -> int:
    """How many entries wait for their place."""
    return PendingLeaf.objects.count()


@contextmanager
def one_moment() -> Iterator[None]:
    """All reads inside see the database as of one moment, without holding up writers. Inside a transaction: that one's view."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def entries_wait() -> bool:
    """Whether the trigger stands that lets new entries wait."""
    catalogue = "pg_trigger" if connection.vendor == "postgresql" else "sqlite_master"
    name = "tgname" if connection.vendor == "postgresql" else "name"
    enabled = " AND tgenabled IN ('O', 'A')" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {catalogue} WHERE {name} = 'proof_entry_waits'{enabled}")  # noqa: S608
        return bool(cursor.fetchone()[0] == 1)
