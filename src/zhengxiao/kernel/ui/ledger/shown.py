"""The furniture around the rows: column heads, filter controls, chips, pages; each with its address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from zhengxiao.kernel.ui.ledger.declare import Filter
from zhengxiao.kernel.ui.ledger.state import SIZES, State


@dataclass(frozen=True, slots=True)
class Head:
    """A column head; `url` empty when the column does not sort."""

    label: Any
    kind: str
    url: str
    direction: str


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a filter; `name` is its parameter."""

    name: str
    value: str
    label: Any = ""


@dataclass(frozen=True, slots=True)
class Control:
    """A filter as a form control."""

    filter: Filter
    inputs: tuple[Input, ...]
    options: tuple[tuple[str, str, bool], ...]

    @property
    def is_set(self) -> bool:
        return any(item.value for item in self.inputs)


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition that is set, in words, and the address without it."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Size:
    size: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Pages:
    number: int
    words: str
    total_words: str
    previous_url: str
    next_url: str
    sizes: tuple[Size, ...]


def heads(state: State) -> list[Head]:
    """Heads of the shown columns; a second click turns the order around."""
    column, falling = state.order or (None, False)
    found: list[Head] = []
    for shown in state.columns:
        direction = ("desc" if falling else "asc") if shown is column else ""
        url = state.url(sort=f"-{shown.key}" if direction == "asc" else shown.key) if shown.sortable else ""
        found.append(Head(shown.label, shown.kind, url, direction))
    return found


def controls(state: State) -> list[Control]:
    """The filter form, filled with what is set."""
    found: list[Control] = []
    for item in state.ledger.filters:
        given = [state.given.get(name, "") for name in item.names]
        if item.is_range:
            labels = (
                gettext("{label}，从").format(label=item.label),
                gettext("{label}，到").format(label=item.label),
            )
            inputs = tuple(Input(n, v, label) for n, v, label in zip(item.names, given, labels, strict=True))
        else:
            inputs = (Input(item.key, given[0], item.label),)
        pairs = (
            [("1", gettext("是")), ("0", gettext("否"))]
            if item.kind == "bool"
            else state.choices.get(item.key, ())
        )
        options = tuple((str(value), str(label), str(value) == given[0]) for value, label in pairs)
        found.append(Control(item, inputs, options))
    return found


def chips(state: State) -> list[Chip]:
    return [Chip(item.words, state.url(drop=item.filter.names)) for item in state.chosen]


def pages(state: State, count: int, cap: int) -> Pages:
    """Where we are. `count` above `cap` means "more than `cap`"."""
    first, last = (state.page - 1) * state.size + 1, min(state.page * state.size, count)
    known = f"{min(count, cap):,}"
    total = gettext("{n} 条以上") if count > cap else ngettext("{n} 条", "{n} 条", count)
    total = total.format(n=known)
    words = gettext("第 {first}–{last} 条，共 {total}").format(
        first=f"{first:,}", last=f"{last:,}", total=total
    )
    return Pages(
        number=state.page,
        words=words if first <= last else gettext("共 {total}").format(total=total),
        total_words=total,
        previous_url=state.url(page=state.page - 1) if state.page > 1 else "",
        next_url=state.url(page=state.page + 1) if state.page * state.size < min(count, cap) else "",
        sizes=tuple(Size(size, state.url(size=size), size == state.size) for size in SIZES),
    )
