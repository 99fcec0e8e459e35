"""Signed heads against the tree: those of the database, and those that somebody else kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from zhengxiao.kernel.proof import sm2, verifier
from zhengxiao.kernel.proof.findings import Kind, Report
from zhengxiao.kernel.proof.keys import trusted_sm2_keys
from zhengxiao.kernel.proof.models import Checkpoint
from zhengxiao.kernel.proof.rules import Frontier

TABLE, OUTSIDE = "proof_checkpoint", "outside"


@dataclass(frozen=True, slots=True)
class _Head:
    """A head to be met when the tree has grown to `size`; `signed` when its signature holds."""

    size: int
    root: bytes
    signed: bool
    outside: bool


def note_signed(
    note: verifier.Checkpoint, keys: Sequence[verifier.Key], second: Sequence[sm2.PublicKey] = ()
) -> bool:
    """As verifier.check_signature, by the fast library: there may be half a million in a year. Signatures of SM2 hold, too."""
    return _signed(note, keys) and sm2.holds(note, second)


def _signed(note: verifier.Checkpoint, keys: Sequence[verifier.Key]) -> bool:
    for name, number, signature in note.signatures:
        for key in keys:
            if (key.name, key.key_id) == (name, number) and name == note.origin:
                try:
                    Ed25519PublicKey.from_public_bytes(key.public).verify(signature, note.body)
                except (InvalidSignature, ValueError):
                    return False
                return True
    return False


class HeadCheck:
    """Takes heads in order of size; `next_size` is the size at which the next one wants to be compared."""

    def __init__(self, report: Report, keys: Sequence[verifier.Key], outside: Sequence[str]) -> None:
        self._report, self._keys, self._second = report, keys, trusted_sm2_keys()
        self._outside = sorted(
            (verifier.read_checkpoint(text) for text in outside), key=lambda note: note.size
        )
        self._rows: Iterator[_Head] | None = None
        self._own: _Head | None = None
        self._good = 0
        self._rewritten = False

    @property
    def next_size(self) -> int | None:
        """The smallest size still to be compared; None when none is."""
        return min([head.size for head in self._waiting()], default=None)

    def _waiting(self) -> list[_Head]:
        if self._rows is None:
            self._rows = self._stored()
            self._own = next(self._rows, None)
            self._kept = [self._judged(note) for note in self._outside]
        return [*self._kept[:1], *([self._own] if self._own else [])]

    def _judged(self, note: verifier.Checkpoint) -> _Head:
        signed = note_signed(note, self._keys, self._second)
        if not signed:
            self._report.add(
                Kind.OUTSIDE_UNSIGNED,
                OUTSIDE,
                note.size,
                "signature",
                "外部检查点不是由本机公钥签名，或被改动",
            )
        return _Head(note.size, note.root, signed, outside=True)

    def _stored(self) -> Iterator[_Head]:
        for row in Checkpoint.objects.order_by("pk").iterator(chunk_size=1_000):
            self._report.checkpoints += 1
            yield self._read(row)

    def _read(self, row: Checkpoint) -> _Head:
        """The head as it was signed; columns that say something else are told."""

        def told(column: str) -> None:
            self._report.add(Kind.CHECKPOINT_CHANGED, TABLE, row.size, column, "与签名的检查点不符")

        try:
            note = verifier.read_checkpoint(row.note)
        except verifier.Malformed:
            told("note")
            return _Head(row.size, bytes(row.root), signed=False, outside=False)
        signed = note_signed(note, self._keys, self._second)
        if not signed:
            told("note")
        if note.size != row.size:
            told("size")
        if note.root != bytes(row.root):
            told("root")
        if note.at != row.at.strftime("%Y-%m-%dT%H:%M:%SZ"):
            told("at")
        if row.key_id not in {number for _name, number, _signature in note.signatures}:
            told("key_id")
        # A changed size would be met at the wrong place: it is compared where its row stands in the order.
        return _Head(row.size, note.root, signed and note.size == row.size, outside=False)

    def compare(self, frontier: Frontier) -> None:
        """The tree has reached the size of the next heads: do they have its root? Sizes that nobody signs are passed over."""
        root = frontier.root()
        while (size := self.next_size) is not None and size <= frontier.size:
            head = self._taken(size)
            if size == frontier.size:
                self._meet(head, root)

    def _taken(self, size: int) -> _Head:
        if self._kept and self._kept[0].size == size:
            return self._kept.pop(0)
        head, rows = self._own, self._rows
        if head is None or rows is None:
            raise LookupError("no head is waiting")
        self._own = next(rows, None)
        return head

    def _meet(self, head: _Head, root: bytes) -> None:
        if head.root == root:
            self._good = head.size
        elif head.outside and head.signed:
            text = f"树的前 {head.size} 个叶与外部检查点不符：第 {self._good} 个叶起被改写"
            self._report.add(Kind.FORKED, OUTSIDE, head.size, "root", text)
        elif head.signed and not self._rewritten:
            self._rewritten = True
            text = f"序号 {self._good} 至 {head.size - 1} 的叶与签名的树根不符"
            self._report.add(Kind.TREE_REWRITTEN, TABLE, head.size, "root", text)

    def rest(self, size: int, *, whole: bool) -> None:
        """Heads larger than the tree: it was longer once. When a leaf is missing in the middle that is told already."""
        while (wanted := self.next_size) is not None:
            head = self._taken(wanted)
            if head.signed and (head.outside or whole):
                table = OUTSIDE if head.outside else TABLE
                text = f"检查点已有 {head.size} 个叶，树只有 {size} 个：首个缺失序号 {size}"
                self._report.add(Kind.SHORTER, table, head.size, "size", text)
