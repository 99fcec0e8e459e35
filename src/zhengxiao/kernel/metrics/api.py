"""The face of metrics: what other packages may import."""

from __future__ import annotations

from zhengxiao.kernel.metrics.declarations import (
    AT_END,
    AsOf,
    Count,
    Dimension,
    Metric,
    PeriodEnd,
    PeriodStart,
    Population,
    Sum,
)
from zhengxiao.kernel.metrics.models import FrozenFigure
from zhengxiao.kernel.metrics.queries import (
    UnknownDimension,
    UnknownKey,
    UnknownMetric,
    compute,
    ids,
    metric_named,
    metrics_declared,
    population_named,
    shown,
)
from zhengxiao.kernel.metrics.registry import (
    DeclarationFault,
    close_declarations,
    register_metrics,
    register_population,
)
from zhengxiao.kernel.metrics.rules import (
    Direction,
    Figure,
    Kind,
    Part,
    Period,
    PeriodIsEmpty,
    Rounding,
    display,
    period_of,
)
from zhengxiao.kernel.metrics.services import (
    FigureAlreadyFrozen,
    NothingToFreeze,
    PeriodNotOver,
    figure_freeze,
)

__all__ = [
    "AT_END",
    "AsOf",
    "Count",
    "DeclarationFault",
    "Dimension",
    "Direction",
    "Figure",
    "FigureAlreadyFrozen",
    "FrozenFigure",
    "Kind",
    "Metric",
    "NothingToFreeze",
    "Part",
    "Period",
    "PeriodEnd",
    "PeriodIsEmpty",
    "PeriodNotOver",
    "PeriodStart",
    "Population",
    "Rounding",
    "Sum",
    "UnknownDimension",
    "UnknownKey",
    "UnknownMetric",
    "close_declarations",
    "compute",
    "display",
    "figure_freeze",
    "ids",
    "metric_named",
    "metrics_declared",
    "period_of",
    "population_named",
    "register_metrics",
    "register_population",
    "shown",
]
