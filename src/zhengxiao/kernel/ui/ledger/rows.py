"""From a checked request to rows: conditions, order, one page, cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Model, QuerySet
from django.utils import timezone

from zhengxiao.kernel.ui.ledger.declare import Column, Filter
from zhengxiao.kernel.ui.ledger.state import State
from zhengxiao.kernel.ui.words import LIGHT_WORDS

COUNT_CAP = 10_000
"""Counting stops here; a page says "more than", and no page lies beyond it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value ready to show; `light` and `words` for lights."""

    column: Column
    value: Any
    url: str = ""
    light: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row ready to show."""

    pk: Any
    url: str
    cells: tuple[Cell, ...]


def selected(state: State, queryset: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    """The rows that meet the conditions, in order; the key breaks ties so that pages never overlap."""
    for chosen in state.chosen:
        queryset = applied(chosen.filter, queryset, chosen.value, at)
    if state.order is None:
        return queryset if queryset.ordered else queryset.order_by("pk")
    column, falling = state.order
    fields = [
        (F(name).desc(nulls_last=True) if falling else F(name).asc(nulls_last=True))
        if column.nulls_last
        else (f"-{name}" if falling else name)
        for name in column.order_fields
    ]
    return queryset.order_by(*fields, "-pk" if falling else "pk")


def bounded_count(queryset: QuerySet[Any], cap: int) -> int:
    """How many rows, but never more than `cap` + 1: the database stops there."""
    return queryset.order_by().values("pk")[: cap + 1].count()


def first_keys(queryset: QuerySet[Any], cap: int) -> list[Any]:
    """The keys of the first `cap` + 1 rows in order: how many there are, and which rows any page holds.

    Keys alone can come out of an index; joining what a row shows waits until a page is cut out.
    """
    return list(queryset.values_list("pk", flat=True)[: cap + 1])


def rows_of(state: State, queryset: QuerySet[Any], keys: list[Any]) -> list[Any]:
    """The rows of these keys in their order. A row that has gone is left out.

    `queryset` says what is joined, or the columns do: making a joined row costs as much as making the row itself.
    """
    if any(column.joins for column in state.ledger.columns):
        joins = [name for column in state.columns for name in column.joins]
        queryset = queryset.select_related(None)
        queryset = queryset.select_related(*joins) if joins else queryset
    found = {row.pk: row for row in queryset.order_by().filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def lines(state: State, rows: Iterable[Any], at: datetime) -> Iterator[Line]:
    """Rows with their cells; the first column leads to the row's page."""
    row_url = state.ledger.row_url
    for row in rows:
        url = row_url(row) if row_url else ""
        cells = tuple(
            cell(column, row, at, url if place == 0 else "", full=state.full)
            for place, column in enumerate(state.columns)
        )
        yield Line(row.pk if isinstance(row, Model) else None, url, cells)


def cell(column: Column, row: Any, at: datetime, url: str = "", *, full: bool = False) -> Cell:
    value = column.full(row) if full and column.full is not None else column.read(row, at)
    target = column.url(row) if column.url else url
    if column.kind == "light":
        light, words = value if isinstance(value, tuple) else (value, "")
        name = str(light or "none")
        return Cell(column, value, target, name, str(words or LIGHT_WORDS[name]))
    return Cell(column, value, target)


def plain(shown: Cell) -> Any:
    """The value for a spreadsheet: numbers as numbers, moments in local time, everything else as text."""
    value = shown.value
    if value is None:
        return ""
    if shown.column.kind == "light":
        usual = str(LIGHT_WORDS[shown.light])
        return usual if shown.words == usual else f"{usual} · {shown.words}"
    if isinstance(value, datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, date):
        return value
    if shown.column.kind == "number" and not isinstance(value, str):
        return value
    return str(value)


def shown_text(shown: Cell) -> str:
    """The value as the page writes it."""
    value = shown.value
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if shown.column.kind == "number" and isinstance(value, int | float | Decimal):
        return f"{value:,}"
    return "" if value is None else str(value)


def applied(item: Filter, queryset: QuerySet[Any], value: Any, at: datetime) -> QuerySet[Any]:
    """The rows that meet one condition; `value` as the kind of the filter has it (a pair of days for ranges)."""
    if item.apply_at is not None:
        return item.apply_at(queryset, value, at)
    if item.apply is not None:
        return item.apply(queryset, value)
    if item.kind == "text":
        return queryset.filter(**{f"{item.field}__icontains": value})
    if not item.is_range:
        return queryset.filter(**{item.field: value})
    first, last = value
    conditions: dict[str, Any] = {}
    if first:
        conditions[f"{item.field}__gte"] = first if item.kind == "date_range" else _midnight(first)
    if last:
        after = last + timedelta(days=1)
        conditions[f"{item.field}__lt"] = after if item.kind == "date_range" else _midnight(after)
    return queryset.filter(**conditions)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
