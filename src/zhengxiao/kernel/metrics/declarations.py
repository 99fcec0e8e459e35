"""How an app states a figure: a population, its dimensions, terms for numerator and denominator."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import DateTimeField, Model, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.metrics.rules import Direction, Kind, Part, Rounding, Window
from zhengxiao.lib.actors import Actor

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

AT_END = ""
"""The period field of a term that looks at the stock at the period's end instead of events within it."""

Labels = Callable[[Collection[Any]], Mapping[Any, str]]


class Moment(Value):
    """A moment known only when a figure is asked for; stands anywhere in a Q or an expression."""

    def __init__(self) -> None:
        super().__init__(None, output_field=DateTimeField())

    def of(self, window: Window) -> Any:
        raise NotImplementedError

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        raise TypeError(f"{type(self).__name__}() was used outside a metric declaration")


class AsOf(Moment):
    """The cut-off itself."""

    def of(self, window: Window) -> Any:
        return window.as_of


class PeriodStart(Moment):
    """The first moment of the period (of the month, when figures are asked for by month)."""

    def of(self, window: Window) -> Any:
        return window.start


class PeriodEnd(Moment):
    """The exclusive end of what is known: the period's end, or just after the cut-off in a running period.

    "Past due at the end": `due_at__lt=PeriodEnd()`; "unfinished at the end": `finished_at` null or `>=` it.
    """

    def of(self, window: Window) -> Any:
        return window.end


@dataclass(frozen=True)
class Count:
    """Subjects of the population that match `where`. `period_field` None: the metric's own."""

    where: Q = field(default_factory=Q)
    period_field: str | None = None


@dataclass(frozen=True)
class Sum:
    """The sum of a field path or expression over subjects that match `where`; exclude nulls there."""

    expression: Any
    where: Q = field(default_factory=Q)
    period_field: str | None = None


Term = Count | Sum


@dataclass(frozen=True)
class Dimension:
    """What figures can be broken down by. `labels` maps raw keys to names; without it a key names itself."""

    name: str
    label: str | _StrPromise
    path: str
    labels: Labels | None = None


MONTH = Dimension(name="month", label=_("月份"), path="")
"""By calendar month of the platform's zone, over each term's own period field; every population has it."""


@dataclass(frozen=True)
class Population:
    """The subjects a figure is about. `base(actor)` is scoped by `visible_to` and has one row per subject."""

    name: str
    label: str | _StrPromise
    model: type[Model]
    base: Callable[[Actor], QuerySet[Any]]
    dimensions: tuple[Dimension, ...] = ()

    def dimension(self, name: str) -> Dimension | None:
        return next((known for known in (*self.dimensions, MONTH) if known.name == name), None)


@dataclass(frozen=True)
class Metric:
    """One declared figure. `source` is the clause or formula it follows; a new meaning is a new `version`.

    `rounding` is how the figure is shortened when shown; another rounding of the same formula is a variant of its own name.
    """

    name: str
    label: str | _StrPromise
    kind: Kind
    unit: str | _StrPromise
    direction: Direction
    source: str | _StrPromise
    population: str
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...] = ()
    period_field: str | None = None
    version: int = 1
    small_n: int = 30
    rounding: Rounding = Rounding.TRUNCATE

    def terms(self, part: Part) -> tuple[Term, ...]:
        return self.numerator if part == Part.NUMERATOR else self.denominator

    def field_of(self, term: Term) -> str | None:
        """The path whose moment decides whether a subject falls in the period; AT_END for the stock."""
        return self.period_field if term.period_field is None else term.period_field
