"""The personal values that stand beside entries, against the commitments the leaves hold."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxiao.kernel.proof.facts import ERASED
from zhengxiao.kernel.proof.findings import Kind, Report
from zhengxiao.kernel.timeline.api import COMMITMENT, Entry, PersonalPart, commitment
from zhengxiao.lib.hashing import NotCanonical

TABLE = PersonalPart._meta.db_table
CHUNK = 5_000


def erased_subjects() -> frozenset[tuple[str, int]]:
    """Whose personal values were erased, as the timeline tells."""
    return frozenset(Entry.objects.filter(fact=ERASED).values_list("subject_kind", "subject_id"))


class PersonalCheck:
    """Walks the parts beside the entries, both in order of the entry."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._parts: Iterator[PersonalPart] = PersonalPart.objects.order_by("pk").iterator(chunk_size=CHUNK)
        self._next = next(self._parts, None)
        self._erased = erased_subjects()

    def compare(self, entry: Entry) -> None:
        """The values of one entry; the next must have a greater key."""
        while self._next is not None and self._next.pk < entry.pk:
            self._strange(self._next.pk)
            self._next = next(self._parts, None)
        part = None
        if self._next is not None and self._next.pk == entry.pk:
            part, self._next = self._next, next(self._parts, None)
        hidden = {
            key: value[COMMITMENT]
            for key, value in entry.data.items()
            if isinstance(value, dict) and COMMITMENT in value
        }
        if part is not None:
            self._compare(entry, part, hidden)
        elif hidden and (entry.subject_kind, entry.subject_id) in self._erased:
            self._report.erased += len(hidden)
        elif hidden:
            self._report.add(
                Kind.PERSONAL_MISSING, TABLE, entry.pk, "*", "个人信息缺失，时间线上没有清除的记录"
            )

    def _compare(self, entry: Entry, part: PersonalPart, hidden: dict[str, str]) -> None:
        salt = bytes(part.salt)
        for key in sorted({*hidden, *part.values}):
            try:
                made = commitment(salt, f"data.{key}", part.values.get(key))
            except NotCanonical:
                made = ""
            if made != hidden.get(key):
                self._report.add(
                    Kind.PERSONAL_CHANGED, TABLE, entry.pk, f"values.{key}", "与叶中的承诺值不符"
                )

    def _strange(self, key: int) -> None:
        self._report.add(Kind.PERSONAL_CHANGED, TABLE, key, "*", "个人信息不属于任何记录")

    def rest(self) -> None:
        """Parts behind the last entry."""
        while self._next is not None:
            self._strange(self._next.pk)
            self._next = next(self._parts, None)
