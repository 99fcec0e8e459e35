"""The directly-follows graph as a drawing: activities one below the other, lines between them, thick where many cases go. Pure.

Steps down run through the middle; what skips or goes back runs at the side, what goes back with a dashed line, so that
a grey print tells the same. The table beside it holds every number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhengxiao.surfaces.process.rules import Arc, Log

ROW, BOX, MARGIN, WIDTH = 62, 30, 10, 200
LANE = 34
THICKEST = 7.0
MOST_ASIDE = 12


@dataclass(frozen=True, slots=True)
class Node:
    """An activity with its place and how many cases go through it."""

    code: str
    y: int
    cases: int


@dataclass(frozen=True, slots=True)
class Line:
    """An arc as a path, with where its number stands."""

    path: str
    width: float
    back: bool
    label_x: int
    label_y: int
    count: int
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes and lines in a box of `width` × `height`; boxes begin at `left`."""

    nodes: Sequence[Node]
    lines: Sequence[Line]
    width: int
    height: int
    left: int
    box_width: int = WIDTH
    box_height: int = BOX


def ordered(log: Log) -> list[str]:
    """Activities by where they stand in a case on average; equal ones by name."""
    place = np.arange(len(log.activity)) - np.repeat(log.first, log.lengths)
    share = place / np.maximum(np.repeat(log.lengths, log.lengths) - 1, 1)
    sums = np.bincount(log.activity, weights=share, minlength=len(log.names))
    counts = np.maximum(np.bincount(log.activity, minlength=len(log.names)), 1)
    mean = sums / counts
    return sorted(log.names, key=lambda name: (round(float(mean[log.names.index(name)]), 3), name))


def drawing(log: Log, arcs: Sequence[Arc], least: int) -> Drawing:
    """The graph of the arcs that `least` or more cases take, and the activities these touch."""
    shown = [arc for arc in arcs if len(arc.cases) >= least and arc.source != arc.target]
    touched = {arc.source for arc in shown} | {arc.target for arc in shown}
    names = [name for name in ordered(log) if name in touched]
    row = log.row
    counts = {name: len(np.unique(row[log.activity == log.names.index(name)])) for name in names}
    place = {name: number for number, name in enumerate(names)}
    most = max((arc.count for arc in shown), default=1)
    sides = sorted(
        (arc for arc in shown if place[arc.target] != place[arc.source] + 1),
        key=lambda arc: abs(place[arc.target] - place[arc.source]),
    )
    sides = sides[:MOST_ASIDE]
    backs = sum(place[arc.target] < place[arc.source] for arc in sides)
    left = MARGIN + (LANE * backs + 44 if backs else 0)
    lines = [_straight(arc, place, most, left) for arc in shown if place[arc.target] == place[arc.source] + 1]
    lanes = {True: 0, False: 0}
    for arc in sides:
        back = place[arc.target] < place[arc.source]
        lanes[back] += 1
        lines.append(_aside(arc, place, most, left, back=back, lane=lanes[back]))
    nodes = [Node(name, MARGIN + place[name] * ROW, counts[name]) for name in names]
    width = left + WIDTH + LANE * lanes[False] + 64
    return Drawing(nodes, lines, width, 2 * MARGIN + len(names) * ROW, left)


def _thickness(count: int, most: int) -> float:
    return round(1 + (THICKEST - 1) * count / most, 1)


def _straight(arc: Arc, place: dict[str, int], most: int, left: int) -> Line:
    x, y = left + WIDTH // 2, MARGIN + place[arc.source] * ROW + BOX
    path = f"M{x} {y}V{y + ROW - BOX - 6}"
    return Line(path, _thickness(arc.count, most), False, x + 9, y + 20, arc.count, arc.source, arc.target)


def _aside(arc: Arc, place: dict[str, int], most: int, left: int, *, back: bool, lane: int) -> Line:
    """Down on the right, up on the left, each in a lane of its own."""
    begins = MARGIN + place[arc.source] * ROW + BOX // 2 + (4 if not back else -4)
    ends = MARGIN + place[arc.target] * ROW + BOX // 2 - (4 if not back else -4)
    edge = left if back else left + WIDTH
    x = edge - LANE * lane if back else edge + LANE * lane
    path = f"M{edge} {begins}H{x}V{ends}H{edge - 6 if back else edge + 6}"
    label = x - 4 if back else x + 4
    return Line(
        path,
        _thickness(arc.count, most),
        back,
        label,
        (begins + ends) // 2,
        arc.count,
        arc.source,
        arc.target,
    )
