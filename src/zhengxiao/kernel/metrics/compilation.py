"""From declared terms to ORM queries: one query per period rule, the same filters for numbers and ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import DateTimeField, DecimalField, ExpressionWrapper, F, Field, Q, QuerySet, Value
from django.db.models.functions import TruncMonth

from zhengxiao.kernel.metrics.declarations import AT_END, MONTH, Dimension, Metric, Moment, Sum, Term
from zhengxiao.kernel.metrics.rules import Part, Period, Window, month_key, months_of, window_of

EXACT = DecimalField(max_digits=30, decimal_places=6)
Cells = dict[Any, "Cell"]


@dataclass
class Cell:
    """What one key has gathered so far."""

    numerator: Decimal = Decimal(0)
    denominator: Decimal = Decimal(0)
    numerator_n: int = 0
    denominator_n: int = 0

    def add(self, part: Part, amount: Decimal, n: int) -> None:
        if part == Part.NUMERATOR:
            self.numerator += amount
            self.numerator_n += n
        else:
            self.denominator += amount
            self.denominator_n += n


@dataclass(frozen=True)
class Rule:
    """Terms that share a period field and a window, hence one query; of one month when `key_is_fixed`."""

    period_field: str
    window: Window
    terms: tuple[tuple[Part, Term], ...]
    key: Any = None
    key_is_fixed: bool = False


def gather(
    metric: Metric, base: QuerySet[Any], period: Period, as_of: datetime, by: Dimension | None, zone: tzinfo
) -> Cells:
    """Numerator and denominator per key of `by` (key None alone without one)."""
    cells: Cells = {}
    if period.start > as_of:
        return cells  # nothing is known of a period that lies ahead, not even its stock
    for rule in _rules(metric, period, as_of, by, zone):
        _gather_rule(cells, base, rule, by, zone)
    return cells


def matching(metric: Metric, model: type[models.Model], part: Part, window: Window, zone: tzinfo) -> Q:
    """The condition that holds for exactly the subjects behind one part."""
    conditions = [
        _within(model, metric.field_of(term) or AT_END, window, zone) & resolve_q(term.where, window)
        for term in metric.terms(part)
    ]
    return reduce(or_, conditions)


def resolve_q(condition: Q, window: Window) -> Q:
    """The condition with every placeholder replaced by its moment."""
    resolved = Q.create(connector=condition.connector, negated=condition.negated)
    for child in condition.children:
        if isinstance(child, tuple):
            resolved.children.append((child[0], _resolve(child[1], window)))
        else:
            resolved.children.append(_resolve(child, window))
    return resolved


def exact(amount: Any) -> Decimal:
    """A database sum with six places: SQLite answers floats where PostgreSQL answers numerics."""
    if amount is None:
        return Decimal(0)
    value = amount if isinstance(amount, Decimal) else Decimal(repr(amount))
    return value.quantize(Decimal("0.000001")).normalize() + 0


def _rules(
    metric: Metric, period: Period, as_of: datetime, by: Dimension | None, zone: tzinfo
) -> Iterable[Rule]:
    grouped: dict[tuple[str, bool], list[tuple[Part, Term]]] = {}
    for part in Part:
        for term in metric.terms(part):
            path = metric.field_of(term) or AT_END
            edges = (
                path == AT_END
                or _has_edge(term.where)
                or (isinstance(term, Sum) and _has_edge(term.expression))
            )
            grouped.setdefault((path, by is MONTH and edges), []).append((part, term))
    for (path, per_month), terms in grouped.items():
        if not per_month:
            yield Rule(path, window_of(period, as_of), tuple(terms))
            continue
        # "Unfinished at the end" means the end of each month, so each month is asked for on its own.
        for key, month in months_of(period, zone):
            if month.start <= as_of:
                yield Rule(path, window_of(month, as_of), tuple(terms), key=key, key_is_fixed=True)


def _gather_rule(cells: Cells, base: QuerySet[Any], rule: Rule, by: Dimension | None, zone: tzinfo) -> None:
    wheres = [resolve_q(term.where, rule.window) for _, term in rule.terms]
    rows = base.order_by().filter(_within(base.model, rule.period_field, rule.window, zone))
    if all(wheres):
        rows = rows.filter(reduce(or_, wheres))
    aggregates: dict[str, Any] = {}
    for index, ((_, term), where) in enumerate(zip(rule.terms, wheres, strict=True)):
        aggregates[f"n{index}"] = models.Count("pk", filter=where or None)
        if isinstance(term, Sum):
            aggregates[f"s{index}"] = models.Sum(_summed(term, rule.window), filter=where or None)
    for key, answer in _answers(rows, rule, by, zone, aggregates):
        if not any(answer[f"n{index}"] for index in range(len(rule.terms))):
            continue  # a month without subjects is left out, as every other key without subjects is
        cell = cells.setdefault(key, Cell())
        for index, (part, _) in enumerate(rule.terms):
            n = answer[f"n{index}"] or 0
            cell.add(part, exact(answer.get(f"s{index}", n)), n)


def _answers(
    rows: QuerySet[Any], rule: Rule, by: Dimension | None, zone: tzinfo, aggregates: dict[str, Any]
) -> Iterable[tuple[Any, dict[str, Any]]]:
    if by is None or rule.key_is_fixed:
        return [(rule.key, rows.aggregate(**aggregates))]
    if by is not MONTH:
        grouped = rows.values(metric_key=F(by.path)).annotate(**aggregates)
        return [(answer["metric_key"], answer) for answer in grouped]
    dated = not isinstance(field_at(rows.model, rule.period_field), DateTimeField)
    month = TruncMonth(rule.period_field) if dated else TruncMonth(rule.period_field, tzinfo=zone)
    grouped = rows.values(metric_key=month).annotate(**aggregates)
    return [(month_key(answer["metric_key"]), answer) for answer in grouped]


def _summed(term: Sum, window: Window) -> Any:
    expression = F(term.expression) if isinstance(term.expression, str) else _resolve(term.expression, window)
    return ExpressionWrapper(expression, output_field=EXACT)


def _within(model: type[models.Model], path: str, window: Window, zone: tzinfo) -> Q:
    if path == AT_END:
        return Q()
    if isinstance(field_at(model, path), DateTimeField):
        return Q((f"{path}__gte", window.start), (f"{path}__lt", window.end))
    return Q((f"{path}__gte", _first_day(window.start, zone)), (f"{path}__lt", _first_day(window.end, zone)))


def _first_day(moment: datetime, zone: tzinfo) -> date:
    """The first local day that begins at or after the moment; a date column has no finer edge."""
    local = moment.astimezone(zone)
    return local.date() if local.time() == time() else local.date() + timedelta(days=1)


def field_at(model: type[models.Model], path: str) -> Field[Any, Any]:
    """The field a to-one path ends in."""
    *steps, last = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]
    found = model._meta.pk if last == "pk" else model._meta.get_field(last)
    assert isinstance(found, Field)  # noqa: S101 - registration refuses anything else
    return found


def _resolve(node: Any, window: Window) -> Any:
    if isinstance(node, Moment):
        return Value(node.of(window), output_field=DateTimeField())
    if isinstance(node, Q):
        return resolve_q(node, window)
    sources = node.get_source_expressions() if hasattr(node, "get_source_expressions") else []
    if not sources:
        return node
    clone = node.copy()
    clone.set_source_expressions([_resolve(source, window) for source in sources])
    return clone


def _has_edge(node: Any) -> bool:
    """Whether the node looks at the edges of the period, so that months must be asked for one by one."""
    if isinstance(node, Moment):
        return True
    if isinstance(node, Q):
        return any(_has_edge(child[1] if isinstance(child, tuple) else child) for child in node.children)
    return hasattr(node, "get_source_expressions") and any(map(_has_edge, node.get_source_expressions()))
