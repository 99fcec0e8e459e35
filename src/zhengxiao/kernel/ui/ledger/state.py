"""What the address of a ledger asks for, read strictly: a parameter nobody knows is refused, never
ignored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext

from zhengxiao.kernel.ui.answers import BadAddress
from zhengxiao.kernel.ui.ledger.declare import RESERVED, Choices, Column, Filter, Ledger
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import gettext_noop

SIZES = (50, 100)
OUTPUTS = ("xlsx", "csv")
MAX_TEXT = 100


class BadValue(BadAddress):
    """The parameter is known, its value makes no sense."""

    template = gettext_noop("网址中“{name}”的值“{value}”无法识别。请从页面上重新选择条件。")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A condition that is set: the filter, its value, and how to say it."""

    filter: Filter
    value: Any
    words: str


@dataclass(frozen=True)
class State:
    """A checked request: conditions, order, page, columns and form of output."""

    ledger: Ledger
    actor: Actor
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, ledger: Ledger, query: QueryDict, actor: Actor) -> State:
        """Raises BadAddress for a name the ledger does not know, BadValue for a value that makes no sense."""
        known = RESERVED | {name for item in ledger.filters for name in item.names}
        for name in query:
            if name not in known:
                raise BadAddress(name=name)
        pairs = tuple(
            (name, value.strip())
            for name in query
            for value in (query.getlist(name) if name == "cols" else query.getlist(name)[-1:])
            if value.strip()
        )
        state = cls(ledger, actor, pairs)
        _ = (
            state.chosen,
            state.order,
            state.page,
            state.size,
            state.columns,
            state.output,
            state.full,
            state.view_id,
        )
        return state

    @cached_property
    def given(self) -> dict[str, str]:
        return dict(self.pairs)

    @cached_property
    def choices(self) -> dict[str, Choices]:
        """The choices of each choice filter, asked once."""
        return {item.key: tuple(item.choices(self.actor)) for item in self.ledger.filters if item.choices}

    @cached_property
    def chosen(self) -> tuple[Chosen, ...]:
        found = (self._chosen(item) for item in self.ledger.filters)
        return tuple(item for item in found if item is not None)

    @cached_property
    def order(self) -> tuple[Column, bool] | None:
        """The column to sort by and whether falling."""
        wanted = self.given.get("sort") or self.ledger.default_sort
        if not wanted:
            return None
        for column in self.ledger.columns:
            if column.sortable and column.key == wanted.removeprefix("-"):
                return column, wanted.startswith("-")
        raise BadValue(name="sort", value=wanted)

    @cached_property
    def page(self) -> int:
        number = self.given.get("page", "1")
        if not number.isascii() or not number.isdigit() or not 1 <= int(number[:9]) <= 10**6:
            raise BadValue(name="page", value=number)
        return int(number)

    @cached_property
    def size(self) -> int:
        size = self.given.get("size", str(SIZES[0]))
        if size not in {str(known) for known in SIZES}:
            raise BadValue(name="size", value=size)
        return int(size)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The chosen columns in the ledger's own order; without a choice the default ones."""
        wanted = {value for name, value in self.pairs if name == "cols"}
        unknown = wanted - {column.key for column in self.ledger.columns}
        if unknown:
            raise BadValue(name="cols", value=min(unknown))
        return tuple(
            column for column in self.ledger.columns if (column.key in wanted if wanted else column.default)
        )

    @cached_property
    def output(self) -> str:
        """ "xlsx", "csv", "print" or empty for the page."""
        wanted = self.given.get("export", "")
        if wanted and wanted not in OUTPUTS:
            raise BadValue(name="export", value=wanted)
        return wanted or ("print" if self.given.get("print") else "")

    @cached_property
    def full(self) -> bool:
        """Whether a file is to tell what stands behind the masks; a print never does."""
        wanted = self.given.get("full", "")
        if wanted and (wanted != "1" or self.output not in OUTPUTS):
            raise BadValue(name="full", value=wanted[:20])
        return bool(wanted)

    @property
    def unmasked(self) -> tuple[Column, ...]:
        """The columns that would tell data of natural persons in full."""
        return tuple(column for column in self.columns if column.full is not None) if self.full else ()

    @cached_property
    def view_id(self) -> int | None:
        """The saved view this address came from."""
        wanted = self.given.get("view", "all")
        if wanted == "all":
            return None
        if not wanted.isascii() or not wanted.isdigit():
            raise BadValue(name="view", value=wanted[:20])
        return int(wanted[:18])

    @cached_property
    def kept(self) -> str:
        """What a saved view keeps: conditions, order, size and columns, as a query."""
        return urlencode(
            [(n, v) for n, v in self.pairs if n not in {"page", "view", "export", "print", "full"}]
        )

    @property
    def here(self) -> str:
        """This very address without its empty parameters."""
        return "?" + urlencode(self.pairs or [("view", "all")])

    def url(self, *, drop: Iterable[str] = (), **changes: str | int) -> str:
        """This address with some parameters changed; a change of anything but the page goes back to page
        1.
        """
        gone = {*drop, *changes, "page", "export", "print", "full"}
        if gone - {"page", "size", "export", "print", "full"}:
            gone.add("view")
        pairs = [(name, value) for name, value in self.pairs if name not in gone]
        pairs += [(name, str(value)) for name, value in changes.items()]
        return "?" + urlencode(pairs or [("view", "all")])

    def _chosen(self, item: Filter) -> Chosen | None:
        if item.is_range:
            first, last = (self._day(name) for name in item.names)
            return Chosen(item, (first, last), _range_words(item, first, last)) if first or last else None
        value = self.given.get(item.key)
        if value is None:
            return None
        if item.kind == "choice":
            for known, label in self.choices[item.key]:
                if str(known) == value:
                    return Chosen(item, value, str(label))
            raise BadValue(name=item.key, value=value)
        if item.kind == "bool":
            if value not in {"0", "1"}:
                raise BadValue(name=item.key, value=value)
            return Chosen(
                item, value == "1", str(item.label) if value == "1" else gettext("非") + str(item.label)
            )
        if len(value) > MAX_TEXT:
            raise BadValue(name=item.key, value=value[:20] + "…")
        return Chosen(item, value, gettext("{label}含“{value}”").format(label=item.label, value=value))

    def _day(self, name: str) -> date | None:
        text = self.given.get(name)
        if not text:
            return None
        try:
            return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  # a bare date
        except ValueError:
            raise BadValue(name=name, value=text[:20]) from None


def _range_words(item: Filter, first: date | None, last: date | None) -> str:
    if first and last:
        template = gettext("{label} {first} 至 {last}")
    else:
        template = gettext("{label} {first} 起") if first else gettext("{label} 至 {last}")
    return template.format(label=item.label, first=first, last=last)
