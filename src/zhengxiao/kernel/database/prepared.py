"""A queryset compiled once and asked many times: on hot paths the spelling of a query costs more than its answer.

Only for questions of a fixed shape: the values vary, the filters do not. What comes back is what the queryset itself
would give (model rows with their joins, annotations, or tuples of `values_list`).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

_Compiled = tuple[Any, Any, str, list[tuple[str, Any]], dict[int, Any]]
"""Queryset, compiler, statement, where each value comes from, and how columns become Python."""
Kind = type[int] | type[str] | type[date] | type[datetime]


def _stand_in(kind: Kind, number: int) -> Any:
    """A value that occurs in no question of ours, by which a parameter is found again in the compiled statement."""
    if kind is int:
        return 7_300_411_000_000_000_000 + number
    if kind is str:
        return f"\u2063stand-in-{number}\u2063"
    if kind is datetime:
        return datetime(1971, 3, 4, 5, 6, 7, tzinfo=UTC) + timedelta(days=number)
    if kind is date:
        return date(1902, 3, 4) + timedelta(days=number)
    raise TypeError(f"{kind!r} cannot be a parameter")


def _adapted(value: Any) -> Any:
    """The value as this database's driver takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


def _begins(value: str) -> str:
    return f"{connection.ops.prep_for_like_query(value)}%"


class Prepared:
    """`Prepared(build, user_id=int, on=date)`: `build` is called once with stand-ins and returns the queryset; the object
    is called with the values and returns its rows as a list.

    Raises RuntimeError at the first call when a parameter does not arrive in the statement as it is (or as the beginning
    of a `startswith`): such a question cannot be prepared. Values may not be None.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Any]], **kinds: Kind) -> None:
        self._build = build
        self._kinds = kinds
        self._compiled: dict[str, _Compiled] = {}
        self._lock = Lock()

    def __call__(self, **values: Any) -> list[Any]:
        if values.keys() != self._kinds.keys():
            raise TypeError(f"wanted {sorted(self._kinds)}, got {sorted(values)}")
        if None in values.values():
            raise TypeError("a prepared question takes no None")
        here = connections[DEFAULT_DB_ALIAS]
        compiled = self._compiled.get(here.vendor)
        if compiled is None:
            with self._lock:
                compiled = self._compiled.setdefault(here.vendor, self._compile())
        rows, compiler, statement, places, converters = compiled
        bound = tuple(_bound(how, what, values) for how, what in places)
        asked = copy.copy(compiler)
        asked.connection = here
        asked.as_sql = lambda *_args, **_more: (statement, bound)
        asked.get_converters = lambda _expressions: converters
        return list(rows._iterable_class(_Asked(rows, asked)))

    def _compile(self) -> _Compiled:
        stand_ins = {name: _stand_in(kind, number) for number, (name, kind) in enumerate(self._kinds.items())}
        rows = self._build(**stand_ins)
        compiler = rows.query.get_compiler(connection=connection)
        statement, parameters = compiler.as_sql()
        exact = {_adapted(value): name for name, value in stand_ins.items()}
        begins = {_begins(value): name for name, value in stand_ins.items() if isinstance(value, str)}
        places = [_place(parameter, exact, begins) for parameter in parameters]
        missing = stand_ins.keys() - {what for how, what in places if how != "fixed"}
        if missing:
            raise RuntimeError(f"{sorted(missing)} cannot be found in: {statement}")
        converters = compiler.get_converters([column for column, *_rest in compiler.select])
        return rows, compiler, statement, places, converters


def _place(parameter: Any, exact: dict[Any, str], begins: dict[str, str]) -> tuple[str, Any]:
    """Where a value of the statement comes from: a parameter, the beginning a parameter states, or fixed."""
    try:
        if parameter in exact:
            return "exact", exact[parameter]
        if parameter in begins:
            return "begins", begins[parameter]
    except TypeError:  # unhashable: a list or a wrapper, and so no stand-in
        pass
    return "fixed", parameter


def _bound(how: str, what: Any, values: dict[str, Any]) -> Any:
    if how == "fixed":
        return what
    return _begins(values[what]) if how == "begins" else _adapted(values[what])


class _Asked:
    """What Django's row iterables read of a queryset, with a query that answers with the compiled statement."""

    def __init__(self, rows: Any, compiler: Any) -> None:
        self.db = connection.alias
        self.model = rows.model
        self.query = copy.copy(rows.query)
        self.query.get_compiler = lambda *_where, **_how: compiler
        self._known_related_objects = rows._known_related_objects
        self._fields = getattr(rows, "_fields", None)
