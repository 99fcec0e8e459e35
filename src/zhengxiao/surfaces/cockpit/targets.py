"""What each rate should reach. CONFIG: a jurisdiction sets its own; a figure without a line has no target."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from zhengxiao.kernel.metrics.api import Direction, Figure, metric_named

TARGETS: Mapping[str, Decimal] = MappingProxyType(
    {
        "cases.on_time_rate": Decimal("0.995"),
        "cases.overdue_rate": Decimal("0.005"),
        "cases.statutory_speedup": Decimal("0.60"),
    }
)
REDDENING_WORKDAYS = 2
"""How far the list of cases that will turn red looks ahead."""
RECENT_WORKDAYS = 5
"""How far back a broken promise is recent."""


def misses_target(figure: Figure) -> bool:
    """Whether the figure is on the wrong side of its target; no data and no target miss nothing."""
    target = TARGETS.get(figure.name)
    if target is None or figure.value is None:
        return False
    if metric_named(figure.name).direction == Direction.DOWN:
        return figure.value > target
    return figure.value < target
