"""A figure broken down, as rows of a ledger: sorted, shown, exported and printed like any other ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.metrics.api import Figure, Kind, Metric, Part, compute, shown
from zhengxiao.kernel.ui.api import Column, Ledger
from zhengxiao.surfaces.cockpit.asked import Asked
from zhengxiao.surfaces.cockpit.ledgers import figure_filters
from zhengxiao.surfaces.cockpit.links import part_url

DEFAULT_BY = "department"


@dataclass(frozen=True, slots=True)
class Line:
    """One key of a breakdown, or the total (`total`), which stays on top."""

    label: str
    value: Decimal | None
    text: str
    numerator: Decimal
    denominator: Decimal | None
    n: int
    numerator_url: str
    denominator_url: str
    total: bool = False

    @property
    def pk(self) -> int:
        """What a ledger remembers a row by while it cuts out a page."""
        return id(self)


class Lines:
    """As much of a queryset as a ledger asks for, over rows that are computed."""

    ordered = True

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = list(lines)

    def order_by(self, *names: str) -> Lines:
        """Sorted by the first name; no data comes last, the total first."""
        if not names or names[0].lstrip("-") == "pk":
            return self
        name, falling = names[0].lstrip("-"), names[0].startswith("-")
        total = [line for line in self.lines if line.total]
        known = [line for line in self.lines if not line.total and getattr(line, name) is not None]
        unknown = [line for line in self.lines if not line.total and getattr(line, name) is None]
        return Lines(
            [*total, *sorted(known, key=lambda line: getattr(line, name), reverse=falling), *unknown]
        )

    def values(self, *names: str) -> Lines:
        return self

    def values_list(self, *names: str, flat: bool = False) -> list[int]:
        """The keys, which is all that is ever asked."""
        return [line.pk for line in self.lines]

    def filter(self, *, pk__in: Iterable[int]) -> Lines:
        wanted = set(pk__in)
        return Lines(line for line in self.lines if line.pk in wanted)

    def count(self) -> int:
        return len(self.lines)

    def iterator(self, chunk_size: int | None = None) -> Iterator[Line]:
        return iter(self.lines)

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    def __getitem__(self, part: slice) -> Lines:
        return Lines(self.lines[part])


def breakdown_of(metric: Metric, asked: Asked, at: datetime) -> Lines:
    """The total and one line per key of the dimension."""
    by = asked.by or DEFAULT_BY
    given: dict[str, Any] = {
        "period_from": asked.days.first,
        "period_to": asked.days.after,
        "actor": asked.actor,
        "as_of": at,
    }
    (total,) = compute(metric.name, **given)
    parts = compute(metric.name, by=by, **given)
    if by != "month":
        parts.sort(key=lambda figure: -figure.n)
    lines = [_line(metric, asked, figure, by) for figure in parts]
    return Lines([_line(metric, asked, total, None), *lines])


def _line(metric: Metric, asked: Asked, figure: Figure, by: str | None) -> Line:
    def url(part: Part) -> str:
        return part_url(metric.name, part, asked.days, asked.region_id, by, figure.key)

    return Line(
        label=figure.label if by else gettext("合计"),
        value=figure.value,
        text=shown(figure),
        numerator=figure.numerator,
        denominator=figure.denominator,
        n=figure.n,
        numerator_url=url(Part.NUMERATOR),
        denominator_url=url(Part.DENOMINATOR if metric.denominator else Part.NUMERATOR),
        total=by is None,
    )


def figure_ledger(metric: Metric, asked: Asked) -> Ledger:
    """The columns that the kind of figure has."""
    columns: tuple[Column, ...] = (
        Column("label", _("名称"), sortable=True),
        Column(
            "value", metric.label, value="text", kind="number", sortable=True, sort=("value",), url=_plain_url
        ),
    )
    if metric.kind == Kind.RATIO:
        columns += (
            Column("numerator", _("分子"), value=_whole("numerator"), kind="number", sortable=True,
                   sort=("numerator",), url=lambda line: line.numerator_url),
            Column("denominator", _("分母"), value=_whole("denominator"), kind="number", sortable=True,
                   sort=("denominator",), url=lambda line: line.denominator_url),
        )  # fmt: skip
    elif metric.kind == Kind.SUM_RATIO:
        columns += (
            Column("numerator", _("分子"), value=_tenths("numerator"), kind="number", sortable=True, sort=("numerator",)),
            Column("denominator", _("分母"), value=_tenths("denominator"), kind="number", sortable=True,
                   sort=("denominator",)),
            Column("n", _("件数"), kind="number", sortable=True, url=lambda line: line.denominator_url),
        )  # fmt: skip
    if metric.kind == Kind.COUNT:
        columns = (
            columns[0],
            Column("n", metric.label, kind="number", sortable=True, url=lambda line: line.numerator_url),
        )
    return Ledger(
        name=f"cockpit.figure.{metric.name}",
        title=metric.label,
        columns=columns,
        filters=figure_filters(metric, asked.region_id),
        empty_title=_("统计期内没有数据"),
    )


def _plain_url(line: Line) -> str:
    return ""


def _whole(name: str) -> Any:
    return lambda line: int(getattr(line, name))


def _tenths(name: str) -> Any:
    return lambda line: round(getattr(line, name), 1)
