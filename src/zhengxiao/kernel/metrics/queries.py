"""Figures and the subjects behind them, for an actor, a period and a cut-off."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.metrics import registry
from zhengxiao.kernel.metrics.compilation import Cell, gather, matching
from zhengxiao.kernel.metrics.declarations import MONTH, Dimension, Metric, Population
from zhengxiao.kernel.metrics.rules import (
    Figure,
    Kind,
    Part,
    Period,
    display,
    months_of,
    period_of,
    quotient,
    window_of,
)
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop

UNASSIGNED = _("未归属")
TOTAL = _("合计")


class UnknownMetric(Refusal):
    template = gettext_noop("没有名为“{name}”的指标。已有指标：{known}。")


class UnknownDimension(Refusal):
    template = gettext_noop("指标“{name}”不能按“{by}”分组。可用维度：{known}。")


class UnknownKey(Refusal):
    template = gettext_noop("统计期内没有“{key}”这一月份。")


def metric_named(name: str) -> Metric:
    """The declaration. Raises UnknownMetric, which lists the known names."""
    if name not in registry.DECLARED.metrics:
        raise UnknownMetric(name=name, known="、".join(registry.DECLARED.metrics))
    return registry.DECLARED.metrics[name]


def population_named(name: str) -> Population:
    """The population a metric is about, for its label and dimensions."""
    return registry.DECLARED.populations[name]


def metrics_declared() -> list[Metric]:
    return registry.DECLARED.metrics.values()


def compute(
    name: str,
    *,
    period_from: date | datetime,
    period_to: date | datetime,
    actor: Actor,
    as_of: datetime,
    by: str | None = None,
) -> list[Figure]:
    """The figure over everything the actor may see in `[period_from, period_to)`, or one per key of `by`.

    Bare dates are local midnights of the platform's zone. Without `by` there is always exactly one figure;
    with it, one per key that occurs, in order of key. Raises UnknownMetric, UnknownDimension, PeriodIsEmpty.
    """
    metric = metric_named(name)
    population = registry.DECLARED.populations[metric.population]
    dimension = _dimension(metric, population, by)
    zone = timezone.get_default_timezone()
    period = period_of(period_from, period_to, zone)
    cells = gather(metric, population.base(actor), period, as_of, dimension, zone)
    if dimension is None:
        return [_figure(metric, cells.get(None, Cell()), period, as_of, None, None, str(TOTAL))]
    labels = _labels(dimension, cells)
    return [
        _figure(metric, cells[key], period, as_of, dimension.name, key, labels.get(key, str(key)))
        for key in sorted(cells, key=lambda key: (key is None, key))
    ]


def ids(
    name: str,
    *,
    part: Part | str,
    period_from: date | datetime,
    period_to: date | datetime,
    actor: Actor,
    as_of: datetime,
    by: str | None = None,
    key: Any = None,
) -> QuerySet[Any]:
    """The subjects behind one part of a figure, as a queryset of the population's model, one row each.

    Give `by` and `key` to open one row of a breakdown. The conditions are those of `compute`, so the
    numbers agree, save that a subject counted by several terms of one part appears once. A count has no
    denominator: it returns none.
    """
    metric = metric_named(name)
    population = registry.DECLARED.populations[metric.population]
    dimension = _dimension(metric, population, by)
    zone = timezone.get_default_timezone()
    period = period_of(period_from, period_to, zone)
    subjects = population.base(actor)
    if dimension is MONTH:
        period = _month(period, str(key))
    elif dimension is not None:
        subjects = subjects.filter(
            **{f"{dimension.path}__isnull": True} if key is None else {dimension.path: key}
        )
    if not metric.terms(Part(part)) or period.start > as_of:
        return subjects.none()
    return subjects.filter(matching(metric, population.model, Part(part), window_of(period, as_of), zone))


def shown(figure: Figure, **options: Any) -> str:
    """`display` with "no data" in the reader's language."""
    return display(figure, **options, no_data=str(_("无数据")))


def _dimension(metric: Metric, population: Population, by: str | None) -> Dimension | None:
    if by is None:
        return None
    dimension = population.dimension(by)
    if dimension is None:
        known = "、".join([known.name for known in population.dimensions] + [MONTH.name])
        raise UnknownDimension(name=metric.name, by=by, known=known)
    return dimension


def _month(period: Period, key: str) -> Period:
    for name, month in months_of(period, timezone.get_default_timezone()):
        if name == key:
            return month
    raise UnknownKey(key=key)


def _labels(dimension: Dimension, keys: Collection[Any]) -> dict[Any, str]:
    present = [key for key in keys if key is not None]
    labels = dict(dimension.labels(present)) if dimension.labels and present else {}
    return {**labels, None: str(UNASSIGNED)}


def _figure(
    metric: Metric, cell: Cell, period: Period, as_of: datetime, by: str | None, key: Any, label: str
) -> Figure:
    count = metric.kind == Kind.COUNT
    n = cell.numerator_n if count else cell.denominator_n
    return Figure(
        name=metric.name,
        unit=str(metric.unit),
        value=cell.numerator if count else quotient(cell.numerator, cell.denominator),
        numerator=cell.numerator,
        denominator=None if count else cell.denominator,
        n=n,
        as_of=as_of,
        period=period,
        by=by,
        key=key,
        label=label,
        small_n=not count and n < metric.small_n,
        rounding=metric.rounding,
    )
