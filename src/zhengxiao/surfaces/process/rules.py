"""Mining of processes: variants, waits, rework, hand-overs, and what would be if a step were dropped. Pure, over columns.

A log holds the events of cases in order of case and time. All lengths are working microseconds between events, given by
the caller, who knows the calendars.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
PAIR = 1 << 20
"""More than any number of activities or units of one log."""


@dataclass(frozen=True, slots=True)
class Log:
    """Events by case and time. `case`: id; `first`: place of each case's first event; `activity`: place in `names`;
    `unit`: who did it; `wait`: working time since the event before in the same case, 0 for the first."""

    case: Ints
    first: Ints
    activity: Ints
    unit: Ints
    wait: Ints
    names: tuple[str, ...]
    ends: frozenset[int] = frozenset()
    """Activities that end a case; what comes later (delivery) is not part of its duration."""

    def __len__(self) -> int:
        return len(self.case)

    @property
    def lengths(self) -> Ints:
        """How many events each case has."""
        lengths: Ints = np.diff(np.append(self.first, len(self.activity)))
        return lengths

    @property
    def row(self) -> Ints:
        """Per event the place of its case."""
        return np.repeat(np.arange(len(self.case)), self.lengths)


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution in working microseconds."""

    n: int
    median: float
    p90: float
    total: float


def spread(values: Ints) -> Spread:
    """Median, 90th percentile (nearest rank) and sum; zeros where there is nothing."""
    if not len(values):
        return Spread(0, 0.0, 0.0, 0.0)
    ordered = np.sort(values)
    rank = min(len(ordered) - 1, -(-90 * len(ordered) // 100) - 1)
    return Spread(len(ordered), float(np.median(ordered)), float(ordered[rank]), float(ordered.sum()))


def durations(log: Log) -> Ints:
    """Working time of each case from its first event to the last one that ends it, else to its last."""
    if not len(log):
        return np.zeros(0, dtype=np.int64)
    since = _since_first(log)
    last = log.first + log.lengths - 1
    if log.ends:
        is_end = np.isin(log.activity, list(log.ends))
        ending = np.where(is_end, np.arange(len(log.activity)), -1)
        latest = np.maximum.reduceat(ending, log.first)
        last = np.where(latest >= 0, latest, last)
    found: Ints = since[last]
    return found


def _since_first(log: Log) -> Ints:
    """Per event the working time since its case began."""
    run = np.cumsum(log.wait)
    since: Ints = run - np.repeat(run[log.first], log.lengths)
    return since


# ---------------------------------------------------------------- variants
@dataclass(frozen=True, slots=True)
class Variant:
    """A way through the process. `key` is the same for the same names in the same order, whatever else is in the log."""

    key: str
    steps: tuple[str, ...]
    cases: Ints
    share: float
    duration: Spread


def variant_key(steps: Sequence[str]) -> str:
    return blake2b("\n".join(steps).encode(), digest_size=8).hexdigest()


def variants(log: Log) -> list[Variant]:
    """Every sequence of activities with its cases, the most frequent first. Exact: sequences are compared whole."""
    spent, found = durations(log), []
    lengths = log.lengths
    for length in np.unique(lengths).tolist():
        rows = np.flatnonzero(lengths == length)
        sequences = log.activity[log.first[rows][:, None] + np.arange(length)]
        packed = np.ascontiguousarray(sequences.astype(np.int32)).view([("", np.int32)] * length).reshape(-1)
        _kinds, place, member = np.unique(packed, return_index=True, return_inverse=True)
        for number, first in enumerate(place.tolist()):
            mine = rows[member.reshape(-1) == number]
            steps = tuple(log.names[step] for step in sequences[first].tolist())
            share = len(mine) / len(log)
            found.append(Variant(variant_key(steps), steps, log.case[mine], share, spread(spent[mine])))
    return sorted(found, key=lambda variant: (-len(variant.cases), variant.steps))


# ---------------------------------------------------------------- between events
@dataclass(frozen=True, slots=True)
class Arc:
    """One activity directly followed by another: how often, in which cases, and the wait between."""

    source: str
    target: str
    count: int
    cases: Ints
    wait: Spread


def _pairs(log: Log, what: Ints) -> tuple[Ints, Ints, Ints]:
    """(source, target, place of the later event) of neighbours within a case."""
    later = np.setdiff1d(np.arange(len(log.activity)), log.first, assume_unique=True)
    return what[later - 1], what[later], later


def arcs(log: Log) -> list[Arc]:
    """The directly-follows relation, the largest total wait first."""
    source, target, later = _pairs(log, log.activity)
    row = log.row
    found = []
    for key, places in _grouped(source * PAIR + target, later):
        cases = log.case[np.unique(row[places])]
        arc = Arc(log.names[key // PAIR], log.names[key % PAIR], len(places), cases, spread(log.wait[places]))
        found.append(arc)
    return sorted(found, key=lambda arc: (-arc.wait.total, arc.source, arc.target))


@dataclass(frozen=True, slots=True)
class HandOver:
    """Work that went from one unit to another: how often and how long it lay between."""

    source: int
    target: int
    count: int
    cases: Ints
    wait: Spread


def hand_overs(log: Log) -> list[HandOver]:
    """Neighbouring events of different units, the slowest median first."""
    source, target, later = _pairs(log, log.unit)
    apart = source != target
    units, place = np.unique(np.concatenate((source, target)), return_inverse=True)
    place = place.reshape(-1)
    codes = place[: len(source)] * PAIR + place[len(source) :]
    row = log.row
    found = []
    for key, places in _grouped(codes[apart], later[apart]):
        cases = log.case[np.unique(row[places])]
        pair = int(units[key // PAIR]), int(units[key % PAIR])
        found.append(HandOver(*pair, len(places), cases, spread(log.wait[places])))
    return sorted(found, key=lambda over: (-over.wait.median, -over.count, over.source, over.target))


def _grouped(keys: Ints, values: Ints) -> list[tuple[int, Ints]]:
    """(key, values of that key) for every key that occurs."""
    order = np.argsort(keys, kind="stable")
    ordered, kept = keys[order], values[order]
    kinds, begins = np.unique(ordered, return_index=True)
    parts: list[Any] = np.split(kept, begins[1:])
    return list(zip(kinds.tolist(), parts, strict=False))


# ---------------------------------------------------------------- rework
@dataclass(frozen=True, slots=True)
class Rework:
    """An activity that some cases go through more than once."""

    activity: str
    cases: Ints
    extra: int
    """Repetitions beyond the first, over all cases."""
    wait: Spread
    """Working time of a case from the first to the last time."""


def rework(log: Log) -> list[Rework]:
    """Activities repeated within a case, the most cases first."""
    if not len(log):
        return []
    since, keys = _since_first(log), log.row * PAIR + log.activity
    _kinds, place, times = np.unique(keys, return_inverse=True, return_counts=True)
    again = np.flatnonzero(times[place.reshape(-1)] > 1)
    found = [
        (key % PAIR, key // PAIR, len(places) - 1, int(since[places[-1]] - since[places[0]]))
        for key, places in _grouped(keys[again], again)
    ]
    loops = []
    for activity in sorted({activity for activity, *_rest in found}):
        mine = [(case, extra, wait) for number, case, extra, wait in found if number == activity]
        cases = log.case[np.array([case for case, _extra, _wait in mine], dtype=np.int64)]
        waits = np.array([wait for _case, _extra, wait in mine], dtype=np.int64)
        loops.append(Rework(log.names[activity], cases, sum(extra for _c, extra, _w in mine), spread(waits)))
    return sorted(loops, key=lambda loop: (-len(loop.cases), loop.activity))


# ---------------------------------------------------------------- what if
@dataclass(frozen=True, slots=True)
class WhatIf:
    """Durations as they are and as they would be without an activity, over all cases of the log."""

    activity: str
    cases: Ints
    before: Spread
    after: Spread
    saved: Spread
    """Per case that has the activity."""


def without(log: Log, activity: str) -> WhatIf:
    """Drop an activity and the wait that leads to it; everything else stays as it was.

    The wait is what lies between the event before and this one. It is saved whole, though part of it may have been spent
    on other things: so the answer is the most that can be won, not a forecast. What comes after the end of a case
    saves nothing.
    """
    spent = durations(log)
    if activity not in log.names or not len(log):
        return WhatIf(activity, log.case[:0], spread(spent), spread(spent), spread(spent[:0]))
    within = _since_first(log) <= np.repeat(spent, log.lengths)
    mine = (log.activity == log.names.index(activity)) & within
    row = log.row
    saved = np.bincount(row[mine], weights=log.wait[mine], minlength=len(log)).astype(np.int64)
    has = np.bincount(row[log.activity == log.names.index(activity)], minlength=len(log)) > 0
    return WhatIf(activity, log.case[has], spread(spent), spread(spent - saved), spread(saved[has]))
