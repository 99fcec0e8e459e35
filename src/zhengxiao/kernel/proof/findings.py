"""What a check of the history can find, and the report it gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

MOST = 1_000
"""Findings told one by one; beyond that they are only counted."""


class Kind(StrEnum):
    """The names are stable: scripts rely on them."""

    ENTRY_CHANGED = "entry_changed"
    ENTRY_DELETED = "entry_deleted"
    ROW_CHANGED = "row_changed"
    ROW_DELETED = "row_deleted"
    ROW_INSERTED = "row_inserted"
    CACHE_CHANGED = "cache_changed"
    PERSONAL_CHANGED = "personal_changed"
    PERSONAL_MISSING = "personal_missing"
    ENTRY_UNPLACED = "entry_unplaced"
    PENDING_FALSE = "pending_false"
    TRIGGER_MISSING = "trigger_missing"
    LEAF_CHANGED = "leaf_changed"
    LEAF_MISSING = "leaf_missing"
    LEAF_EXTRA = "leaf_extra"
    NODE_CHANGED = "node_changed"
    NODE_MISSING = "node_missing"
    NODE_EXTRA = "node_extra"
    HEAD_CHANGED = "head_changed"
    CHECKPOINT_CHANGED = "checkpoint_changed"
    TREE_REWRITTEN = "tree_rewritten"
    SHORTER = "shorter"
    FORKED = "forked"
    OUTSIDE_UNSIGNED = "outside_unsigned"


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not match: table, key of the row and field, and in Chinese what that means."""

    kind: Kind
    table: str
    key: str
    field: str
    text: str


@dataclass
class Report:
    """The outcome of a check. `size` and `root` are those of the tree made again from the leaves.

    `rows`: rows of record that are what their last leaf says. `not_covered`: rows written before leaves covered rows.
    `erased`: personal values whose salt was erased, so that nothing can be said of them.
    """

    entries: int = 0
    size: int = 0
    root: str = ""
    checkpoints: int = 0
    waiting: int = 0
    rows: int = 0
    not_covered: int = 0
    erased: int = 0
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, kind: Kind, table: str, key: object, column: str, text: str) -> None:
        self.counts[kind.value] = self.counts.get(kind.value, 0) + 1
        if len(self.findings) < MOST:
            self.findings.append(Finding(kind, table, str(key), column, text))

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def clean(self) -> bool:
        return not self.counts
