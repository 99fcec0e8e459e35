"""Numbers as plain SVG geometry: no style attribute is needed, so the strict content policy holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from zhengxiao.kernel.ui.words import LIGHT_WORDS

WIDTH = 1000
"""Units across a bar; SVG scales it to the cell."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a stacked bar, in bar units."""

    light: str
    count: int
    x: float
    width: float


def light_segments(counts: Mapping[str, int]) -> list[Segment]:
    """Pieces in the fixed order of the lights; a count above zero is never thinner than the eye sees (0.8
    %).
    """
    positive = {str(light): counts.get(light, 0) for light in LIGHT_WORDS if counts.get(light, 0) > 0}
    total = sum(positive.values())
    floor = WIDTH * 0.008
    raw = {light: max(floor, WIDTH * count / total) for light, count in positive.items()}
    scale = WIDTH / sum(raw.values()) if raw else 1.0
    segments: list[Segment] = []
    x = 0.0
    for light, width in raw.items():
        segments.append(Segment(light, positive[light], round(x, 1), round(width * scale, 1)))
        x += width * scale
    return segments


def share(value: float | Decimal | int, total: float | Decimal | int) -> float:
    """`value` of `total` in bar units, kept within the bar."""
    if not total:
        return 0.0
    return round(min(1.0, max(0.0, float(value) / float(total))) * WIDTH, 1)
