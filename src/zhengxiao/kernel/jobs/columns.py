"""Many rows as columns: the answer to a query as numpy arrays, without a Python object per value.

The counterpart of `bulk_insert` for reading: a million rows of ten columns in seconds, for rules that look at all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import F, Func, QuerySet
from numpy.typing import NDArray

MISSING = np.iinfo(np.int64).min
"""What stands in an integer column where the row has no value. A missing moment is NaT, a missing text the key of ''."""

Columns = dict[str, NDArray[Any]]
_HEADER = 19  # signature, flags and length of the extension of PostgreSQL's binary format
_POSTGRES_EPOCH = 946_684_800_000_000  # microseconds from 1970 to 2000, where PostgreSQL counts from
_CHUNK = 200_000


class _Moment(Func):
    output_field = models.TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(
            compiler, connection, template="COALESCE(%(expressions)s, '-infinity'::timestamptz)", **context
        )

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, template="COALESCE(%(expressions)s, 'NaT')", **context)


class _Whole(Func):
    output_field = models.TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = f"COALESCE((%(expressions)s)::int::int8, {MISSING + 1} - 1)"
        if not isinstance(self.get_source_expressions()[0].output_field, models.BooleanField):
            template = f"COALESCE((%(expressions)s)::int8, {MISSING + 1} - 1)"
        return super().as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = f"COALESCE(CAST(%(expressions)s AS INTEGER), {MISSING + 1} - 1)"
        return super().as_sql(compiler, connection, template=template, **context)


class _TextKey(Func):
    output_field = models.TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(
            compiler, connection, template="hashtextextended(COALESCE(%(expressions)s, ''), 0)", **context
        )

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, template="COALESCE(%(expressions)s, '')", **context)


def text_keys(texts: Sequence[str], *, using: str = DEFAULT_DB_ALIAS) -> list[int]:
    """The keys under which `read_columns` gives these texts on this database."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return [_key(text) for text in texts]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hashtextextended(told.word, 0) FROM unnest(%s::text[]) WITH ORDINALITY told(word, place) ORDER BY place",
            [list(texts)],
        )
        return [key for (key,) in cursor.fetchall()]


def _key(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def read_columns(
    rows: QuerySet[Any], columns: Mapping[str, Any], *, using: str = DEFAULT_DB_ALIAS
) -> Columns:
    """The whole answer of `rows`, one array per name of `columns` (a field path or an expression with an output field).

    Moments come as datetime64[us] in UTC (NaT where there is none), whole numbers, keys and truth values as int64
    (MISSING where there is none), texts as 64-bit keys (`text_keys` tells them).
    """
    chunks = list(column_chunks(rows, columns, using=using))
    if not chunks:
        empty = _kinds(rows, columns)
        return {
            name: np.zeros(0, dtype="datetime64[us]" if kind is _Moment else np.int64)
            for name, kind in empty.items()
        }
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in columns}


def column_chunks(
    rows: QuerySet[Any], columns: Mapping[str, Any], *, using: str = DEFAULT_DB_ALIAS, size: int = _CHUNK
) -> Iterator[Columns]:
    """The same in pieces of `size` rows, so that a reader keeps only what it needs. PostgreSQL streams them by COPY."""
    kinds = _kinds(rows, columns)
    names = {name: f"read_{name}" for name in columns}
    wrapped = {names[name]: kinds[name](_expression(what)) for name, what in columns.items()}
    asked = rows.annotate(**wrapped).values_list(*wrapped)
    connection = connections[using]
    try:
        sql, params = asked.query.get_compiler(using).as_sql()
    except EmptyResultSet:  # the conditions can match nothing
        return
    read = _copied if connection.vendor == "postgresql" else _fetched
    yield from read(connection, sql, params, kinds, size)


def _expression(what: Any) -> Any:
    return F(what) if isinstance(what, str) else what


def _kinds(rows: QuerySet[Any], columns: Mapping[str, Any]) -> dict[str, type[Func]]:
    found: dict[str, type[Func]] = {}
    for name, what in columns.items():
        field = rows.query.resolve_ref(what).output_field if isinstance(what, str) else what.output_field
        if isinstance(field, models.ForeignKey):
            field = field.target_field
        if isinstance(field, models.DateTimeField):
            found[name] = _Moment
        elif isinstance(field, (models.CharField, models.TextField)):
            found[name] = _TextKey
        else:
            found[name] = _Whole
    return found


def _copied(
    connection: Any, sql: str, params: Any, kinds: Mapping[str, type[Func]], size: int
) -> Iterator[Columns]:
    """PostgreSQL's binary COPY: every column is eight bytes, so a row has one width and numpy reads it in place."""
    fields: list[tuple[str, str]] = [("count", ">i2")]
    for name in kinds:
        fields += [(f"length_{name}", ">i4"), (name, ">i8")]
    shape = np.dtype(fields)
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT BINARY)", params) as copy,
    ):
        pieces: list[bytes] = []
        first = True
        for piece in copy:
            part = bytes(piece)
            if first:
                part, first = part[_HEADER:], False
            if part and part != b"\xff\xff":
                pieces.append(part)
            if len(pieces) >= size:
                yield _parsed(pieces, shape, kinds)
                pieces = []
        if pieces:
            yield _parsed(pieces, shape, kinds)


def _parsed(pieces: list[bytes], shape: np.dtype[Any], kinds: Mapping[str, type[Func]]) -> Columns:
    joined = b"".join(pieces)
    whole = len(joined) // shape.itemsize * shape.itemsize  # the last piece may carry the end mark
    table = np.frombuffer(joined[:whole], dtype=shape)
    found: Columns = {}
    for name, kind in kinds.items():
        values = table[name].astype(np.int64)
        if kind is _Moment:
            values[values != MISSING] += _POSTGRES_EPOCH
            found[name] = values.view("datetime64[us]")
        else:
            found[name] = values
    return found


def _fetched(
    connection: Any, sql: str, params: Any, kinds: Mapping[str, type[Func]], size: int
) -> Iterator[Columns]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(size):
            columns = zip(*rows, strict=True)
            yield {name: _array(values, kinds[name]) for name, values in zip(kinds, columns, strict=True)}


def _array(values: tuple[Any, ...], kind: type[Func]) -> NDArray[Any]:
    if kind is _Moment:
        return np.array(values, dtype="datetime64[us]")
    if kind is _TextKey:
        known = {text: _key(text) for text in set(values)}
        return np.array([known[text] for text in values], dtype=np.int64)
    return np.array(values, dtype=np.int64)
