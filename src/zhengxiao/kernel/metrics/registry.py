"""The declared populations and metrics, checked as they come in and closed when the apps have started."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Field, Model, Q

from zhengxiao.kernel.metrics.declarations import AT_END, MONTH, Metric, Population, Sum, Term
from zhengxiao.kernel.metrics.rules import Kind
from zhengxiao.lib.registry import Registry


class DeclarationFault(RuntimeError):
    """A declaration that cannot be computed or explained; stops the start and says why."""


@dataclass(frozen=True)
class Declarations:
    """Populations and metrics by name."""

    populations: Registry[Population] = field(default_factory=lambda: Registry("population"))
    metrics: Registry[Metric] = field(default_factory=lambda: Registry("metric"))

    def add_population(self, population: Population) -> None:
        names = [dimension.name for dimension in population.dimensions]
        if len(set(names)) < len(names) or MONTH.name in names:
            raise DeclarationFault(f"population {population.name}: a dimension is named twice")
        for dimension in population.dimensions:
            _check_path(population, dimension.path, f"dimension {dimension.name}")
        self.populations.add(population.name, population)

    def add_metric(self, metric: Metric) -> None:
        if metric.population not in self.populations:
            raise DeclarationFault(f"metric {metric.name}: no population {metric.population!r}")
        fault = _fault_of(metric)
        if fault:
            raise DeclarationFault(f"metric {metric.name}: {fault}")
        population = self.populations[metric.population]
        for term in (*metric.numerator, *metric.denominator):
            _check_term(population, metric, term)
        self.metrics.add(metric.name, metric)

    def close(self) -> None:
        self.populations.close()
        self.metrics.close()


DECLARED = Declarations()


def register_population(population: Population) -> None:
    """Declare what figures are about, while apps start. DeclarationFault for a path that is no field."""
    DECLARED.add_population(population)


def register_metrics(app: str, metrics: Iterable[Metric]) -> None:
    """Declare an app's figures; every name begins with the app's label and a dot. Raises DeclarationFault."""
    for metric in metrics:
        if not metric.name.startswith(f"{app}."):
            raise DeclarationFault(f"metric {metric.name!r} does not begin with {app!r}")
        DECLARED.add_metric(metric)


def close_declarations() -> None:
    """No figure may be declared after the apps have started."""
    DECLARED.close()


def _fault_of(metric: Metric) -> str | None:
    if not metric.source.strip():
        return "a figure without a source clause is an opinion"
    if not metric.unit or not metric.numerator:
        return "unit and numerator are required"
    if (metric.kind == Kind.COUNT) == bool(metric.denominator):
        return "a count has no denominator and a ratio has one"
    has_sum = any(isinstance(term, Sum) for term in (*metric.numerator, *metric.denominator))
    if metric.kind == Kind.RATIO and has_sum:
        return "a ratio counts subjects; declare a sum_ratio"
    return None


def _check_term(population: Population, metric: Metric, term: Term) -> None:
    path = metric.field_of(term)
    if path is None:
        raise DeclarationFault(f"metric {metric.name}: a term has no period field; AT_END is the stock")
    if path != AT_END:
        _check_path(population, path, f"period of {metric.name}")
    elif not term.where:
        raise DeclarationFault(f"metric {metric.name}: a term at the end needs a condition")
    for used, lookup in _paths(term.where):
        _check_path(population, used, metric.name, lookup=lookup)
    if isinstance(term, Sum):
        expression = F(term.expression) if isinstance(term.expression, str) else term.expression
        for used, lookup in _paths(expression):
            _check_path(population, used, metric.name, lookup=lookup)


def _paths(node: Any) -> Iterator[tuple[str, bool]]:
    """Every field path that a Q or an expression reads, and whether a lookup may follow it."""
    if isinstance(node, F):
        yield node.name, False  # type: ignore[attr-defined]
    elif isinstance(node, Q):
        for child in node.children:
            if isinstance(child, tuple):
                yield child[0], True
                yield from _paths(child[1])
            else:
                yield from _paths(child)
    elif hasattr(node, "get_source_expressions"):
        for source in node.get_source_expressions():
            yield from _paths(source)


def _check_path(population: Population, path: str, where: str, *, lookup: bool = False) -> None:
    """Refuse a path that is no field, or that crosses to many rows: one subject would count several times."""
    model: type[Model] | None = population.model
    for position, part in enumerate(path.split("__")):
        if model is None:
            if lookup:
                return
            raise DeclarationFault(f"{population.name}, {where}: {path!r} goes beyond a plain field")
        step = _field(model, part)
        if step is None and lookup and position:
            return
        if step is None:
            raise DeclarationFault(f"{population.name}, {where}: {path!r} is no field")
        if step.one_to_many or step.many_to_many:
            raise DeclarationFault(f"{population.name}, {where}: {path!r} crosses to many rows")
        model = step.related_model if step.is_relation and isinstance(step.related_model, type) else None


def _field(model: type[Model], name: str) -> Field[Any, Any] | None:
    try:
        return model._meta.pk if name == "pk" else model._meta.get_field(name)  # type: ignore[return-value]
    except FieldDoesNotExist:
        return None
