"""Rows of record: which tables the timeline answers for, and how a version of a row is spelled in an entry.

An app declares its tables as data (`record.py`) and registers them in `apps.py`. Whoever writes such a row hands it to
`record(rows=…)` with the fact that tells of it; the entry's leaf then covers it. `zx verify` compares every row with the
last version an entry holds of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.functional import Promise

from zhengxiao.lib.registry import Registry

NEVER: Any = object()
"""Equal to no value: a field without a blank is always written down."""
WHOLE, PART, GONE = "+", "~", "-"


@dataclass(frozen=True, slots=True)
class Record:
    """One table of record.

    `key`: the look-up from a row to the id of the subject under which it is sealed ("case_id"), always the same for a row;
    the subject's kind is `kind`, or found by `kind_from`. `caches` follow from other rows and are made again by a check
    of their own (`register_cache_check`); where `frozen_by` has a value they stay as they are and are sealed like the
    rest. `given`: a cache that is record in rows whose named column is true. `personal` fields enter an entry as salted
    commitments, so that they can be erased. `aside`: how something fares at the moment (tries that failed), which is no record.
    `absent`: what a field counted as in rows written before the field was there, when
    that is not its blank. `taken_up`: rows that are older than this declaration are sealed by the runner after the upgrade
    (kernel/proof); such a row is its own subject.
    """

    model: type[models.Model]
    key: str
    kind: str = ""
    kind_from: str = ""
    caches: tuple[str, ...] = ()
    frozen_by: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    personal: tuple[str, ...] = ()
    absent: Mapping[str, Any] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    taken_up: bool = False

    @property
    def name(self) -> str:
        return self.model._meta.label

    @property
    def table(self) -> str:
        return self.model._meta.db_table


records: Registry[Record] = Registry("record")
CacheCheck = Callable[[datetime], Iterator[tuple[str, int, str, str]]]
"""Given the moment: (table, key, field, what is wrong) of every cache that does not follow from its rows."""
cache_checks: Registry[CacheCheck] = Registry("cache check")


def register_records(declared: Iterable[Record]) -> None:
    """Declare an app's tables of record; refuses names that are no columns of the model."""
    for record in declared:
        columns = {column.attname for column in record.model._meta.concrete_fields}
        named = {
            *record.caches,
            *record.aside,
            *record.given,
            *record.given.values(),
            *record.personal,
            *record.absent,
        }
        strange = sorted((named | ({record.frozen_by} - {""})) - columns)
        is_own = record.key == "pk" and bool(record.kind)
        if strange or bool(record.kind) == bool(record.kind_from) or (record.taken_up and not is_own):
            raise RuntimeError(f"record {record.name!r} is not well declared: {strange}")
        records.add(record.name, record)


def register_cache_check(name: str, check: CacheCheck) -> None:
    """Declare how the caches of an app's tables of record are made again and compared."""
    cache_checks.add(name, check)


def close_records() -> None:
    """No table of record is declared after the start."""
    records.close()
    cache_checks.close()


@dataclass(frozen=True, slots=True)
class Changed:
    """Some fields of a row that was there before, as they stand in `row` now."""

    row: models.Model
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """A row that was deleted."""

    row: models.Model
    key: int


RowWrite = models.Model | Changed | Gone


def changed(row: models.Model, *names: str) -> Changed:
    """What `record(rows=…)` takes for an update: only these columns (attribute names) of the row changed."""
    return Changed(row, names)


def gone(row: models.Model) -> Gone:
    """What `record(rows=…)` takes for a deletion; call it before the row is deleted."""
    return Gone(row, row.pk)


@dataclass(frozen=True, slots=True)
class Shape:
    """A declared table made ready: its fields with their blanks, always and when frozen."""

    record: Record
    blanks: Mapping[str, Any]
    plain: tuple[tuple[str, Any], ...]
    whole: tuple[tuple[str, Any], ...]
    personal: frozenset[str]

    def names(self, seen: Callable[[str], Any]) -> Iterable[str]:
        """The fields that are record in a row, of which `seen` gives the value by name."""
        if self.record.frozen_by and seen(self.record.frozen_by) is not None:
            return [name for name, _ in self.whole]
        given = [name for name, column in self.record.given.items() if seen(column)]
        return [*(name for name, _ in self.plain), *given]


def _blank(column: models.Field, record: Record) -> Any:
    if column.attname in record.absent:
        return spelled(record.absent[column.attname])
    if column.null:
        return None
    if isinstance(column, (models.CharField, models.TextField)):
        return ""
    if isinstance(column, models.BooleanField):
        return False
    if isinstance(column, models.JSONField) and callable(column.default):
        return column.default()
    return 0 if isinstance(column, models.IntegerField) and not column.remote_field else NEVER


@lru_cache(maxsize=256)
def shape_of(model: type[models.Model]) -> Shape:
    """The shape of a declared model; KeyError with its name when nobody declared it."""
    record = records[model._meta.label]
    columns = [column for column in model._meta.concrete_fields if not column.primary_key]
    blanks = {column.attname: _blank(column, record) for column in columns}
    plain = tuple(
        (name, blank) for name, blank in blanks.items() if name not in {*record.caches, *record.aside}
    )
    return Shape(record, blanks, plain, tuple(blanks.items()), frozenset(record.personal))


def spelled(value: Any) -> Any:
    """A column's value in JSON's own types, the same for what is written and for what a database returns."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, (list, tuple)):
        return [spelled(part) for part in value]
    if isinstance(value, dict):
        return {str(key): spelled(part) for key, part in value.items()}
    return _spell(value)


def _spell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID, Promise)):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be sealed")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_spell).encode
Commit = Callable[[str, Any], Any]
"""`commit(name, value)`: the commitment that stands for a personal value."""


def rows_text(rows: Sequence[RowWrite], commit: Commit) -> str:
    """The versions of `rows` as the entry keeps them: {"cases.Case": [[key, "+", {field: value}], …]}.

    "+" is the whole row (fields that are blank are left out), "~" some fields of it, "-" its end.
    """
    told: dict[str, list[Any]] = {}
    for write in rows:
        row = write if isinstance(write, models.Model) else write.row
        shape = shape_of(type(row))
        name = shape.record.name
        if name not in told:
            told[name] = []
        told[name].append(_version(write, shape, commit))
    return _encode(told)


def _version(write: RowWrite, shape: Shape, commit: Commit) -> list[Any]:
    if isinstance(write, Gone):
        return [write.key, GONE]
    if isinstance(write, Changed):
        values = {name: getattr(write.row, name) for name in write.names}
        row, mark = write.row, PART
    else:
        row, mark = write, WHOLE
        values = _whole(row, shape)
    if shape.personal:
        for name in shape.personal.intersection(values):
            if values[name] not in (None, "", [], {}):
                values[name] = commit(f"{shape.record.name}.{row.pk}.{name}", spelled(values[name]))
    return [row.pk, mark, values]


def _whole(row: models.Model, shape: Shape) -> dict[str, Any]:
    record, stored = shape.record, row.__dict__
    try:
        if record.frozen_by and stored[record.frozen_by] is not None:
            return {name: value for name, blank in shape.whole if (value := stored[name]) != blank}
        values = {name: value for name, blank in shape.plain if (value := stored[name]) != blank}
        for name, column in record.given.items():
            if stored[column]:
                values[name] = stored[name]
    except KeyError:  # a column that was deferred
        row.refresh_from_db()
        return _whole(row, shape)
    return values
