"""The check of the whole history: rows against leaves, leaves against tree, tree against signed heads, here and outside.

Two passes in one moment of the database, both streaming: by entry (is each row what was hashed?) and by place in the
tree (do the leaves give the kept nodes and the signed roots?).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from zhengxiao.kernel.jobs.api import row_maker
from zhengxiao.kernel.proof import verifier
from zhengxiao.kernel.proof.findings import Kind, Report
from zhengxiao.kernel.proof.heads import HeadCheck
from zhengxiao.kernel.proof.keys import trusted_keys
from zhengxiao.kernel.proof.models import PendingLeaf, TreeHead, TreeLeaf, TreeNode
from zhengxiao.kernel.proof.personal import PersonalCheck
from zhengxiao.kernel.proof.queries import entries_wait, one_moment
from zhengxiao.kernel.proof.rows import check_rows
from zhengxiao.kernel.proof.rules import Frontier, Kept
from zhengxiao.kernel.proof.sequencing import FIELDS, MARK, ROWS, field_mark, place_mark, rows_mark
from zhengxiao.kernel.timeline.api import Entry, cache_checks, history_hash, leaf_of
from zhengxiao.lib.hashing import NotCanonical

PATIENCE = timedelta(seconds=60)
"""How long an entry may wait for its place."""
CHUNK = 5_000
ENTRY, LEAF, NODE, HEAD = "timeline_entry", "proof_treeleaf", "proof_treenode", "proof_treehead"

Place = tuple[int, int, bytes | memoryview, bytes | memoryview]
"""entry, index, leaf, marks"""


def verify(
    *, at: datetime, keys: Sequence[verifier.Key] | None = None, outside: Sequence[str] = ()
) -> Report:
    """Make every leaf again from its row and the tree from the leaves; tell whatever does not match.

    `keys`: whose signatures count (default: the public keys of this installation). `outside`: checkpoints that somebody
    else kept. Raises verifier.Malformed when one of those is no checkpoint.
    """
    report = Report()
    heads = HeadCheck(report, trusted_keys() if keys is None else keys, outside)
    with one_moment():
        if not entries_wait():
            report.add(
                Kind.TRIGGER_MISSING, ENTRY, "*", "proof_entry_waits", "入树触发器缺失，新记录不会入树"
            )
        repairs = _compare_rows(report, at)
        _compare_tree(report, repairs, heads)
        check_rows(report)
        for check in cache_checks.values():
            for table, key, field, text in check(at):
                report.add(Kind.CACHE_CHANGED, table, key, field, text)
    return report


# rows against leaves


def _entries() -> Iterator[Entry]:
    names, make = ("id", *FIELDS, "rows", "leaf"), row_maker(Entry)
    rows = Entry.objects.order_by("pk").values_list(*names)
    for values in rows.iterator(chunk_size=CHUNK):
        yield make(**dict(zip(names, values, strict=True)))


def _compare_rows(report: Report, at: datetime) -> dict[int, bytes]:
    """Walk entries and places side by side; returns the leaves that were changed but can be made again, by index."""
    repairs: dict[int, bytes] = {}
    rows = TreeLeaf.objects.order_by("entry_id").values_list("entry_id", "index", "leaf", "marks")
    places = rows.iterator(chunk_size=CHUNK)
    waiting = {key: bytes(leaf) for key, leaf in PendingLeaf.objects.values_list("pk", "leaf")}
    report.waiting = len(waiting)
    place, personal = next(places, None), PersonalCheck(report)
    for entry in _entries():
        report.entries += 1
        personal.compare(entry)
        while place is not None and place[0] < entry.pk:
            _gone(report, place)
            place = next(places, None)
        if place is not None and place[0] == entry.pk:
            _compare_row(report, entry, place, repairs)
            place = next(places, None)
        else:
            _unplaced(report, entry, waiting.get(entry.pk), at)
        waiting.pop(entry.pk, None)
    while place is not None:
        _gone(report, place)
        place = next(places, None)
    personal.rest()
    for key in waiting:
        report.add(Kind.ENTRY_DELETED, ENTRY, key, "*", "记录在入树之前被删除")
    return repairs


def _gone(report: Report, place: Place) -> None:
    report.add(Kind.ENTRY_DELETED, ENTRY, place[0], "*", f"树中第 {place[1]} 个叶所指的记录已不存在")


def _leaf_of(entry: Entry) -> bytes:
    try:
        return leaf_of(entry)
    except NotCanonical:
        return b""


def _unplaced(report: Report, entry: Entry, waiting: bytes | None, at: datetime) -> None:
    """An entry outside the tree: fine for a minute when it waits and is what was hashed."""
    if _leaf_of(entry) != bytes(entry.leaf):
        report.add(Kind.ENTRY_CHANGED, ENTRY, entry.pk, "leaf", "记录内容与自身散列不符，尚未入树")
    if waiting is None:
        report.add(Kind.ENTRY_UNPLACED, ENTRY, entry.pk, "*", "记录既不在树中，也不在等待入树")
    elif waiting != bytes(entry.leaf):
        report.add(Kind.PENDING_FALSE, "proof_pendingleaf", entry.pk, "leaf", "等待入树的散列与记录不符")
    elif abs(at - entry.recorded_at) > PATIENCE:
        report.add(Kind.ENTRY_UNPLACED, ENTRY, entry.pk, "*", "记录等待入树已超过 60 秒")


def _compare_row(report: Report, entry: Entry, place: Place, repairs: dict[int, bytes]) -> None:
    index, leaf, marks = place[1], bytes(place[2]), bytes(place[3])
    made, told = _leaf_of(entry), bytes(entry.leaf)
    untouched = place_mark(index, entry.pk, leaf) == marks[:MARK]
    if made == leaf:
        if told != leaf:
            report.add(Kind.ENTRY_CHANGED, ENTRY, entry.pk, "leaf", "记录的散列被改动，内容未变")
        if not untouched:
            report.add(Kind.LEAF_CHANGED, LEAF, index, "index", "叶的序号被改动")
        return
    if made == told and place_mark(index, entry.pk, made) == marks[:MARK]:
        repairs[index] = made
        report.add(Kind.LEAF_CHANGED, LEAF, index, "leaf", f"叶被改动；记录 {entry.pk} 未变")
        return
    for name in _changed_fields(entry, marks):
        report.add(Kind.ENTRY_CHANGED, ENTRY, entry.pk, name, f"与树中第 {index} 个叶不符")
    if told != leaf:
        report.add(Kind.ENTRY_CHANGED, ENTRY, entry.pk, "leaf", f"与树中第 {index} 个叶不符")
    if not untouched:
        report.add(Kind.LEAF_CHANGED, LEAF, index, "entry_id", "叶的序号、散列或所指记录被改动")


def _changed_fields(entry: Entry, marks: bytes) -> list[str]:
    """Which fields differ from what they were when the entry got its place; `leaf` when the row never matched it."""
    changed = []
    for number, name in enumerate(FIELDS, 1):
        try:
            mark = field_mark(getattr(entry, name))
        except NotCanonical:
            mark = b""
        if mark != marks[number * MARK : (number + 1) * MARK]:
            changed.append(name)
    if len(marks) > ROWS * MARK and rows_mark(entry.rows) != marks[ROWS * MARK :]:
        changed.append("rows")
    return changed or ["leaf"]


# leaves against the tree


def _compare_tree(report: Report, repairs: dict[int, bytes], heads: HeadCheck) -> None:
    head = TreeHead.objects.filter(pk=1).first()
    frontier, nodes = Frontier(algorithm=history_hash()), _NodeCheck(report)
    rows = TreeLeaf.objects.order_by("index").values_list("index", "leaf")
    whole, wanted = True, heads.next_size
    for index, leaf in rows.iterator(chunk_size=CHUNK):
        if index != frontier.size:
            gap = f"缺少序号 {frontier.size} 至 {index - 1} 的叶"
            report.add(Kind.LEAF_MISSING, LEAF, frontier.size, "*", gap)
            whole = False
            break
        if head is not None and index >= head.size:
            report.add(Kind.LEAF_EXTRA, LEAF, index, "*", f"树只有 {head.size} 个叶，此叶由他处插入")
            break
        for kept in frontier.append(repairs.get(index) or bytes(leaf)):
            nodes.compare(kept)
        if wanted is not None and frontier.size >= wanted:
            heads.compare(frontier)
            wanted = heads.next_size
    report.size = frontier.size
    report.root = frontier.root().hex() if frontier.size else ""
    if whole:
        nodes.rest()
        _compare_head(report, head, frontier)
    heads.rest(frontier.size, whole=whole)


def _compare_head(report: Report, head: TreeHead | None, frontier: Frontier) -> None:
    size = head.size if head else 0
    if frontier.size < size:
        gap = f"缺少序号 {frontier.size} 至 {size - 1} 的叶：末尾被截去"
        report.add(Kind.LEAF_MISSING, LEAF, frontier.size, "*", gap)
    elif frontier.size > size:
        report.add(Kind.HEAD_CHANGED, HEAD, 1, "size", f"共有 {frontier.size} 个叶，末端记为 {size}")
    elif head and bytes(head.frontier) != frontier.packed():
        report.add(Kind.HEAD_CHANGED, HEAD, 1, "frontier", "右边缘与叶不符")


class _NodeCheck:
    """Kept nodes as they are stored, each level read in its order beside the one that is made again."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._levels: dict[int, Iterator[tuple[int, bytes | memoryview]]] = {}
        self._next: dict[int, tuple[int, bytes | memoryview] | None] = {}

    def _advance(self, level: int) -> None:
        if level not in self._levels:
            rows = TreeNode.objects.filter(level=level).order_by("number").values_list("number", "digest")
            self._levels[level] = rows.iterator(chunk_size=CHUNK)
        self._next[level] = next(self._levels[level], None)

    def compare(self, kept: Kept) -> None:
        if kept.level not in self._next:
            self._advance(kept.level)
        key, stored = f"{kept.level}/{kept.number}", self._next[kept.level]
        if stored is None or stored[0] > kept.number:
            self._report.add(Kind.NODE_MISSING, NODE, key, "*", "缺少该节点")
            return
        if bytes(stored[1]) != kept.digest:
            self._report.add(Kind.NODE_CHANGED, NODE, key, "digest", "节点与其下的叶不符")
        self._advance(kept.level)

    def rest(self) -> None:
        """Stored nodes that the leaves do not give."""
        for level in TreeNode.objects.order_by("level").values_list("level", flat=True).distinct():
            if level not in self._next:
                self._advance(level)
            while (stored := self._next[level]) is not None:
                self._report.add(Kind.NODE_EXTRA, NODE, f"{level}/{stored[0]}", "*", "多出的节点")
                self._advance(level)
