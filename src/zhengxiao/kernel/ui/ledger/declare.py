"""What a ledger is made of, as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils.functional import Promise

from zhengxiao.lib.actors import Actor

ColumnKind = Literal["text", "date", "datetime", "number", "light", "link"]
FilterKind = Literal["text", "choice", "bool", "date_range", "moment_range"]
Text = str | Promise
Choices = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    `value`: a dotted path from the row (default: the key) or a function of the row; `value_at` when the value
    also depends on the moment. A "light" value is the light's name, or (name, words). `sort`: database fields
    to order by (default: the path); `nulls_last` for fields that may be empty. `default`: shown unless the
    reader chose columns. `url`: where the cell leads. `full`: what stands behind the mask, for columns about
    natural persons; only a file that a second person approved tells it. `joins`: relations it reads; where one
    column of a ledger names them all do, and a page joins only those of the columns it shows.
    """

    key: str
    label: Text
    value: str | Callable[[Any], Any] = ""
    kind: ColumnKind = "text"
    sortable: bool = False
    sort: tuple[str, ...] = ()
    nulls_last: bool = False
    default: bool = True
    url: Callable[[Any], str] | None = None
    value_at: Callable[[Any, datetime], Any] | None = None
    full: Callable[[Any], Any] | None = None
    joins: tuple[str, ...] = ()

    @property
    def order_fields(self) -> tuple[str, ...]:
        path = self.value if isinstance(self.value, str) else ""
        return self.sort or ((path or self.key).replace(".", "__"),)

    def read(self, row: Any, at: datetime) -> Any:
        """The raw value of this column for one row."""
        if self.value_at is not None:
            return self.value_at(row, at)
        if callable(self.value):
            return self.value(row)
        found: Any = row
        for name in (self.value or self.key).split("."):
            if found is None:
                return None
            found = getattr(found, name)
        return found() if callable(found) else found


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition a reader may set.

    Either `apply(queryset, value)` or `apply_at(queryset, value, at)`, or `field`: a lookup path that the
    kind knows how to ask (text: contains; choice and bool: equals; date_range on a date field; moment_range
    on a moment field, days in the time zone in force). `choices(actor)` gives (value, label) pairs. A range's
    value is a pair of dates, either of which may be None; both days belong to it.
    """

    key: str
    label: Text
    kind: FilterKind = "text"
    field: str = ""
    apply: Callable[[QuerySet[Any], Any], QuerySet[Any]] | None = None
    apply_at: Callable[[QuerySet[Any], Any, datetime], QuerySet[Any]] | None = None
    choices: Callable[[Actor], Choices] | None = None
    example: Text = ""

    @property
    def is_range(self) -> bool:
        return self.kind in {"date_range", "moment_range"}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its parameters in the address."""
        return (f"{self.key}_from", f"{self.key}_to") if self.is_range else (self.key,)


@dataclass(frozen=True, slots=True)
class Ledger:
    """A named ledger. `default_sort`: a column key, with "-" for falling. `row_url(row)`: the page of one
    row.
    """

    name: str
    title: Text
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    default_sort: str = ""
    row_url: Callable[[Any], str] | None = None
    empty_title: Text = ""
    empty_hint: Text = ""

    def __post_init__(self) -> None:
        names = [name for item in self.filters for name in item.names]
        taken = set(names) & RESERVED
        if taken or len(names) != len(set(names)) or len({c.key for c in self.columns}) != len(self.columns):
            raise ValueError(
                f"ledger {self.name}: a name is used twice or reserved: {sorted(taken) or names}"
            )
        if self.default_sort and self.default_sort.lstrip("-") not in {
            c.key for c in self.columns if c.sortable
        }:
            raise ValueError(f"ledger {self.name}: {self.default_sort!r} is no sortable column")
        for item in self.filters:
            if item.kind == "choice" and item.choices is None:
                raise ValueError(f"ledger {self.name}: filter {item.key} has no choices")
            if not (item.apply or item.apply_at or item.field):
                raise ValueError(f"ledger {self.name}: filter {item.key} states neither apply nor field")


RESERVED = frozenset({"sort", "page", "size", "cols", "view", "export", "print", "full"})
"""Parameters of every ledger; no filter may carry these names."""
