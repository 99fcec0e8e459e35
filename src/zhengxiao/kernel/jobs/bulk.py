"""Many rows at once: the only place that knows how each database likes to take them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC
from enum import Enum
from functools import cache, lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)
FEW = 20
"""Up to so many rows one INSERT with all values is faster than COPY."""

# Fields whose Python value the drivers take as it is; the others go through get_db_prep_save.
_DIRECT = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.BooleanField,
    models.DateField,
    models.UUIDField,
    models.AutoField,
)


def bulk_insert(model: type[M], rows: Sequence[M], *, using: str = DEFAULT_DB_ALIAS) -> list[M]:
    """Insert `rows` in one go and return them with their primary keys set; rows may refer to one another by `pk`.

    A few go in by one INSERT; many by COPY into PostgreSQL, by one prepared statement into SQLite. Call it inside
    `transaction.atomic`. Values are written as they stand: no defaults of the database, no `pre_save`, no signals. Constraint
    violations surface as Django's IntegrityError. Rows that already carry a key keep it.
    """
    rows = list(rows)
    if not rows:
        return rows
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("bulk_insert must be called inside transaction.atomic")
    keyless = [row for row in rows if row.pk is None]
    if len(rows) <= FEW and len(keyless) in (0, len(rows)):
        _insert_few(connection, model, rows, keyed=not keyless)
        return _stored(rows, using)
    reserve_keys(model, keyless, using=using)
    fields = _columns(model)
    if connection.vendor == "postgresql":
        _copy(connection, model._meta.db_table, fields, rows)
    else:
        _execute_many(connection, model, fields, rows)
    return _stored(rows, using)


def _stored(rows: list[M], using: str) -> list[M]:
    for row in rows:
        row._state.adding = False
        row._state.db = using
    return rows


def _insert_few(connection: Any, model: type[M], rows: Sequence[M], *, keyed: bool) -> None:
    """One statement that gives rows without a key theirs as well: one way to the server and back instead of four."""
    statement, readers = _few(connection.alias, model, len(rows), keyed)
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for values in _tuples(rows, readers) for value in values])
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key


@lru_cache(maxsize=1024)
def _few(using: str, model: type[models.Model], count: int, keyed: bool) -> tuple[str, Any]:
    """The statement for `count` rows, and how their values are read."""
    connection = connections[using]
    key: Any = model._meta.pk
    name = connection.ops.quote_name
    fields: list[Any] = [field for field in _columns(model) if keyed or field is not key]
    columns = ", ".join(name(field.column) for field in fields)
    marks = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * count)
    return (
        f"INSERT INTO {name(model._meta.db_table)} ({columns}) VALUES {marks} RETURNING {name(key.column)}",  # noqa: S608
        _readers(fields, connection),
    )


def bulk_update(
    model: type[M], rows: Sequence[M], names: Sequence[str], *, only: str = "", using: str = DEFAULT_DB_ALIAS
) -> None:
    """Write the columns `names` (attribute names) of stored `rows`; no `pre_save`, no signals.

    PostgreSQL takes them by COPY into a table of the transaction, SQLite by one prepared statement. Call it inside
    `transaction.atomic`. `only`: a column that must be empty in the stored row, else the row is left as it is.
    """
    if not rows:
        return
    connection = connections[using]
    name = connection.ops.quote_name
    fields: list[Any] = [model._meta.get_field(wanted) for wanted in names]
    key: Any = model._meta.pk
    target, still = name(model._meta.db_table), f" AND {{}}{name(only)} IS NULL" if only else ""
    if connection.vendor == "postgresql":
        columns = ", ".join(name(field.column) for field in (*fields, key))
        sets = ", ".join(f"{name(field.column)} = fresh.{name(field.column)}" for field in fields)
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS SELECT {columns} FROM {target} WITH NO DATA"  # noqa: S608
            )
            _copy(connection, "fresh", (*fields, key), rows)
            cursor.execute(
                f"UPDATE {target} stored SET {sets} FROM fresh"  # noqa: S608 - names only
                f" WHERE stored.{name(key.column)} = fresh.{name(key.column)}{still.format('stored.')}"
            )
            cursor.execute("DROP TABLE fresh")
        return
    sets = ", ".join(f"{name(field.column)} = %s" for field in fields)
    statement = f"UPDATE {target} SET {sets} WHERE {name(key.column)} = %s{still.format('')}"  # noqa: S608
    readers = _readers((*fields, key), connection)
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(_tuples(rows, readers)))


@cache
def row_maker(model: type[M]) -> Callable[..., M]:
    """A maker of unsaved rows for `bulk_insert`: values by column attribute (`clock_id`), defaults for the rest.

    A row is made in about a microsecond where the model's own constructor takes thirty (signals, descriptors). It is a
    full instance. Raises TypeError for a name that is no column of the model.
    """
    blank = model()
    columns = model._meta.concrete_fields
    fresh = {
        field.attname: field.default for field in columns if field.has_default() and callable(field.default)
    }
    template = {f.attname: getattr(blank, f.attname) for f in columns if f.attname not in fresh}
    known = frozenset(template) | frozenset(fresh)
    seen: set[tuple[str, ...]] = set()

    def make(**values: Any) -> M:
        names = tuple(values)
        if names not in seen:
            if not known.issuperset(names):
                raise TypeError(f"{model.__name__} has no column attribute {sorted(set(names) - known)}")
            seen.add(names)
        row: M = object.__new__(model)
        row.__dict__.update(template)
        row.__dict__.update((name, default()) for name, default in fresh.items() if name not in values)
        row.__dict__.update(values, _state=ModelState())
        return row

    return make


def reserve_keys(model: type[M], rows: Sequence[M], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Give each of `rows` a primary key of its own before it is inserted (inside the same transaction)."""
    if not rows:
        return
    keys = _next_keys(connections[using], model, len(rows))
    for row, key in zip(rows, keys, strict=True):
        row.pk = key


def _next_keys(connection: Any, model: type[models.Model], count: int) -> Sequence[int]:
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), column, count],
            )
            return [key for (key,) in cursor.fetchall()]
        # The IMMEDIATE transaction holds the only write lock, so nobody can take the same numbers.
        # AUTOINCREMENT remembers keys of deleted rows, which must not come back.
        name = connection.ops.quote_name
        cursor.execute(f"SELECT COALESCE(MAX({name(column)}), 0) FROM {name(table)}")  # noqa: S608
        highest = cursor.fetchone()[0]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        remembered = cursor.fetchone()
        first = max(highest, remembered[0] if remembered else 0) + 1
        return range(first, first + count)


@lru_cache(maxsize=256)
def _columns(model: type[models.Model]) -> tuple[models.Field, ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.generated)


def _readers(
    fields: Sequence[models.Field], connection: Any
) -> list[tuple[str, Callable[[Any], Any] | None]]:
    """Per field the attribute and, where the value must be prepared for this database, how."""
    sqlite = connection.vendor == "sqlite"

    def prepared(field: models.Field) -> Callable[[Any], Any] | None:
        target = field.target_field if isinstance(field, models.ForeignKey) else field
        if sqlite and isinstance(target, models.DateField):
            return _moment_text if isinstance(target, models.DateTimeField) else _day_text
        if isinstance(target, _DIRECT) and not (sqlite and isinstance(target, models.UUIDField)):
            return None
        return lambda value: field.get_db_prep_save(value, connection)

    return [(field.attname, prepared(field)) for field in fields]


def _moment_text(value: Any) -> str | None:
    """A moment as Django's SQLite backend stores it: UTC, without offset. A naive one is a mistake of the program."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment without a zone cannot be stored")
    return str(value.astimezone(UTC).replace(tzinfo=None))


def _day_text(value: Any) -> str | None:
    return None if value is None else str(value)


def _tuples(
    rows: Sequence[models.Model], readers: Sequence[tuple[str, Callable[[Any], Any] | None]]
) -> Iterable[tuple[Any, ...]]:
    """The values of `rows` in the order of `readers`, prepared column by column."""
    columns: list[Sequence[Any]] = []
    stored = [row.__dict__ for row in rows]
    for name, prepare in readers:
        try:
            values = [data[name] for data in stored]
        except KeyError:
            values = [getattr(row, name) for row in rows]
        if prepare is not None:
            values = [prepare(value) for value in values]
        elif any(issubclass(kind, Enum) for kind in set(map(type, values))):
            values = [value.value if isinstance(value, Enum) else value for value in values]
        columns.append(values)
    return zip(*columns, strict=True)


def _copy(connection: Any, table: str, fields: Sequence[models.Field], rows: Sequence[Any]) -> None:
    name = connection.ops.quote_name
    columns = ", ".join(name(field.column) for field in fields)
    readers = _readers(fields, connection)
    statement = f"COPY {name(table)} ({columns}) FROM STDIN"
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.cursor.copy(statement) as copy,
    ):
        for values in _tuples(rows, readers):
            copy.write_row(values)


def _execute_many(
    connection: Any, model: type[models.Model], fields: Sequence[models.Field], rows: Sequence[Any]
) -> None:
    name = connection.ops.quote_name
    columns = ", ".join(name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    readers = _readers(fields, connection)
    statement = f"INSERT INTO {name(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(_tuples(rows, readers)))
