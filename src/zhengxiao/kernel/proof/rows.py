"""Rows of record against the last version that the leaves hold of them.

Subject by subject: entries of one kind in order of subject, beside the rows of the same subjects, both streaming.
"""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhengxiao.kernel.proof.findings import Kind, Report
from zhengxiao.kernel.proof.personal import erased_subjects
from zhengxiao.kernel.proof.taking_up import tables_taken_up
from zhengxiao.kernel.timeline.api import (
    COMMITMENT,
    GONE,
    WHOLE,
    Entry,
    PersonalPart,
    Shape,
    commitment,
    records,
    shape_of,
    spelled,
)
from zhengxiao.lib.hashing import NotCanonical

SUBJECTS = 2_000
"""Subjects whose rows are read at a time."""


@dataclass(slots=True)
class Sealed:
    """What the leaves say of one row: its fields, whether all of them are known, and by which entry each commitment was made."""

    subject: int
    entry: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    whole: bool = False
    gone: bool = False
    hidden: dict[str, int] = field(default_factory=dict)


Folded = dict[str, dict[int, Sealed]]


def check_rows(report: Report) -> None:
    """Tell every row of record that is not what its last leaf says, that is gone, or that no entry ever told of."""
    check = _RowCheck(report)
    for kind in _kinds():
        low = None
        for high, folded in _folded(kind):
            check.compare(kind, low, high, folded)
            low = high
        check.compare(kind, low, None, {})
    check.rest()


def _kinds() -> list[str]:
    """Every kind of subject that rows of record may stand under."""
    shapes = [shape_of(record.model) for record in records.values()]
    kinds = {shape.record.kind for shape in shapes if shape.record.kind}
    for shape in shapes:
        if shape.record.kind_from and "__" not in shape.record.kind_from:
            found = shape.record.model._default_manager.order_by()
            kinds.update(found.values_list(shape.record.kind_from, flat=True).distinct())
    kinds.update(Entry.objects.filter(rows__isnull=False).values_list("subject_kind", flat=True).distinct())
    return sorted(kinds)


def _folded(kind: str) -> Iterator[tuple[int, Folded]]:
    """The last versions of all rows of some subjects, up to and with the id given."""
    entries = Entry.objects.filter(subject_kind=kind, rows__isnull=False).order_by("subject_id", "id")
    folded: Folded = defaultdict(dict)
    subjects, last = 0, None
    for entry, subject, text in entries.values_list("id", "subject_id", "rows").iterator(chunk_size=SUBJECTS):
        if subject != last:
            if subjects == SUBJECTS:
                yield int(last or 0), folded
                folded, subjects = defaultdict(dict), 0
            subjects, last = subjects + 1, subject
        _fold(folded, entry, subject, text or "")
    if last is not None:
        yield last, folded


def _fold(folded: Folded, entry: int, subject: int, text: str) -> None:
    try:
        told = json.loads(text).items()
        for name, versions in told:
            for key, mark, *rest in versions:
                _take(folded[name], Sealed(subject, entry), key, mark, rest[0] if rest else {})
    except (ValueError, AttributeError, TypeError):
        return  # an edited text: the entry itself is told


def _take(rows: dict[int, Sealed], fresh: Sealed, key: int, mark: str, values: dict[str, Any]) -> None:
    if mark == WHOLE:
        fresh.values, fresh.whole = values, True
        rows[key] = fresh
    elif mark == GONE:
        fresh.gone = True
        rows[key] = fresh
    else:
        sealed = rows.setdefault(key, fresh)
        sealed.values.update(values)
        sealed.gone = False
        fresh = sealed if sealed is fresh else Sealed(fresh.subject, fresh.entry)
        rows[key] = sealed
    held = rows[key]
    for name, value in values.items():
        if isinstance(value, dict) and COMMITMENT in value:
            held.hidden[name] = fresh.entry
        else:
            held.hidden.pop(name, None)


class _RowCheck:
    def __init__(self, report: Report) -> None:
        self._report = report
        self._erased = erased_subjects()
        self._unsealed: dict[str, array[int]] = defaultdict(lambda: array("q"))
        self._missing: dict[str, list[tuple[int, str, Sealed]]] = defaultdict(list)
        self._first: dict[str, int] = {}

    def compare(self, kind: str, low: int | None, high: int | None, folded: Folded) -> None:
        """The rows of the subjects in (low, high] against `folded`."""
        salts = _salts(folded)
        for record in records.values():
            if not (record.kind_from or record.kind == kind):
                continue
            shape, sealed = shape_of(record.model), folded.get(record.name, {})
            self._note_first(record.name, sealed)
            for key, values in _stored(shape, kind, low, high):
                self._row(shape, kind, key, values, sealed.pop(key, None), salts)
            for key, missing in sealed.items():
                if not missing.gone:
                    self._missing[record.name].append((key, kind, missing))

    def _note_first(self, name: str, sealed: Mapping[int, Sealed]) -> None:
        keys = [key for key, row in sealed.items() if row.whole]
        if keys:
            self._first[name] = min(min(keys), self._first.get(name, min(keys)))

    def _row(
        self,
        shape: Shape,
        kind: str,
        key: int,
        values: Mapping[str, Any],
        sealed: Sealed | None,
        salts: Mapping[int, bytes],
    ) -> None:
        if sealed is None:
            self._unsealed[shape.record.name].append(key)
            return
        table = shape.record.table
        if sealed.gone:
            self._report.add(
                Kind.ROW_INSERTED, table, key, "*", f"该行已由记录 {sealed.entry} 删除，又被插入"
            )
            return
        if not sealed.whole:
            self._report.not_covered += 1
        names = shape.names(lambda name: sealed.values.get(name, shape.blanks[name]))
        wrong = []
        for name in names if sealed.whole else sealed.values.keys() & values.keys():
            if name in sealed.hidden:
                if not self._same(shape, kind, key, name, values[name], sealed, salts):
                    wrong.append(name)
            elif spelled(values[name]) != sealed.values.get(name, shape.blanks[name]):
                wrong.append(name)
        for name in wrong:
            self._report.add(Kind.ROW_CHANGED, table, key, name, f"与最近的叶（记录 {sealed.entry}）不符")
        self._report.rows += not wrong

    def _same(
        self,
        shape: Shape,
        kind: str,
        key: int,
        name: str,
        value: Any,
        sealed: Sealed,
        salts: Mapping[int, bytes],
    ) -> bool:
        salt = salts.get(sealed.hidden[name])
        if salt is None:
            if (kind, sealed.subject) not in self._erased:
                self._report.add(
                    Kind.PERSONAL_MISSING, PersonalPart._meta.db_table, sealed.hidden[name], "salt", "盐缺失"
                )
            self._report.erased += 1
            return True
        try:
            made = commitment(salt, f"{shape.record.name}.{key}.{name}", spelled(value))
        except NotCanonical:
            return False
        return bool(made == sealed.values[name][COMMITMENT])

    def rest(self) -> None:
        """Rows that are not where they were sealed, and rows that no entry ever told of: older than the first that one told
        of whole, or put in behind the application. A table that was taken up has no such older rows any more."""
        taken_up = tables_taken_up()
        moved = {(name, key) for name, rows in self._missing.items() for key in self._look_for(name, rows)}
        for name, keys in self._unsealed.items():
            first, table = self._first.get(name), records[name].table
            for key in keys:
                if (name, key) in moved:
                    continue
                if table not in taken_up and (first is None or 0 < key < first):
                    self._report.not_covered += 1
                else:
                    self._report.add(Kind.ROW_INSERTED, table, key, "*", "没有任何记录写过该行")

    def _look_for(self, name: str, missing: Sequence[tuple[int, str, Sealed]]) -> Iterator[int]:
        """Rows that do not stand under their subject any more: moved elsewhere, or deleted."""
        shape = shape_of(records[name].model)
        names = list(shape.blanks)
        for key, kind, sealed in missing:
            row = shape.record.model._default_manager.filter(pk=key).values_list(*names).first()
            if row is None:
                text = f"记录 {sealed.entry} 所写的行已不存在"
                self._report.add(Kind.ROW_DELETED, shape.record.table, key, "*", text)
                continue
            salts = _salts({name: {key: sealed}})
            self._row(shape, kind, key, dict(zip(names, row, strict=True)), sealed, salts)
            yield key


def _stored(
    shape: Shape, kind: str, low: int | None, high: int | None
) -> Iterable[tuple[int, Mapping[str, Any]]]:
    record = shape.record
    names = list(shape.blanks)
    rows = record.model._default_manager.order_by(record.key, "pk")
    if record.kind_from:
        rows = rows.filter(**{record.kind_from: kind})
    if low is not None:
        rows = rows.filter(**{f"{record.key}__gt": low})
    if high is not None:
        rows = rows.filter(**{f"{record.key}__lte": high})
    for key, *values in rows.values_list("pk", *names).iterator(chunk_size=SUBJECTS):
        yield key, dict(zip(names, values, strict=True))


def _salts(folded: Folded) -> dict[int, bytes]:
    wanted: Sequence[int] = sorted(
        {entry for rows in folded.values() for row in rows.values() for entry in row.hidden.values()}
    )
    if not wanted:
        return {}
    parts = PersonalPart.objects.filter(entry__id__range=(wanted[0], wanted[-1]))
    if len(wanted) < 500:
        parts = PersonalPart.objects.filter(pk__in=wanted)
    return {key: bytes(salt) for key, salt in parts.values_list("pk", "salt")}
