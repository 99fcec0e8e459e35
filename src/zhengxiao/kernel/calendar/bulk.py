"""Day-like terms for millions of starts at once.

For one term the due day of every day of the table is worked out once (a few ten thousand entries, cached),
so any number of starts is a single gather.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zhengxiao.kernel.calendar.terms import Term, Unit

if TYPE_CHECKING:
    from zhengxiao.kernel.calendar.table import DayTable, Window

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
EPOCH = 719163  # the ordinal of 1970-01-01, where datetime64 counts from
KEPT = 64


def due_many(table: DayTable, starts: NDArray[Any], term: Term) -> tuple[NDArray[Any], Bools]:
    """See DayTable.due_many."""
    if term.unit.is_hourly:
        return _due_instants(table, starts, term)
    is_dates = starts.dtype.kind == "M"
    days = _days(starts)
    if not days.size:
        return starts.copy(), np.zeros(0, dtype=bool)
    base = EPOCH if is_dates else 0
    least, most = int(days.min()) + base, int(days.max()) + base
    made = _tables(table, term, least, most, is_dates)
    index = days if made.shift == 0 else days - made.shift
    found = made.dues.take(index)
    if len(table.confirmed) == 1 and least >= table.confirmed_from.toordinal() and not term.unit.is_fixed:
        # One span and no start before it: whatever is due after its end is an estimate. Cheaper than a
        # second gather.
        through = table.confirmed_through.toordinal() - base
        return found, (found.view(np.int64) if is_dates else found) > through
    return found, made.provisional.take(index)


@dataclass(frozen=True, slots=True)
class Made:
    """The answers of one term: entry `start - shift` of both arrays; starts up to `beyond` (excluded) are answered."""

    window: Window
    beyond: int
    shift: int
    dues: NDArray[Any]
    provisional: Bools


def _days(dates: NDArray[Any]) -> Ints:
    if dates.dtype.kind == "M":
        return dates.astype("datetime64[D]", copy=False).view(np.int64)
    return dates.astype(np.int64, copy=False)


def _tables(table: DayTable, term: Term, least: int, most: int, is_dates: bool) -> Made:
    """The answers for all starts, or at least from `least` to `most`; the window is widened when they reach
    further.
    """
    key, window = (term, is_dates), table.window
    while True:
        made: Made | None = table.bulk_cache.get(key)
        if made is None or made.window is not window:
            made = _make(window, term, is_dates)
            if len(table.bulk_cache) >= KEPT:
                table.bulk_cache.clear()
            table.bulk_cache[key] = made
        if window.first <= least and most < made.beyond:
            return made
        window = table.wider(window, named=str(term))


def _make(window: Window, term: Term, is_dates: bool) -> Made:
    starts = np.arange(window.first, window.last + 1)
    if term.unit is Unit.WORKDAY and term.amount:
        position = window.rank_array + (term.amount - 1)
        good = int(np.searchsorted(position, len(window.work_array)))
        dues = window.work_array[position[:good]]
    else:
        nominal = _nominal(starts, term)
        good = int(np.searchsorted(nominal, window.last + 1)) if not term.unit.is_fixed else len(starts)
        dues = nominal[:good]
        if not term.unit.is_fixed:
            here = dues - window.first
            position = window.rank_array[here] - window.works[here]
            inside = position < len(window.work_array)
            good = good if inside.all() else int(np.argmin(inside))
            dues = window.work_array[position[:good]]
    unconfirmed = np.asarray(window.unconfirmed)
    provisional = np.zeros(good, dtype=bool)
    if not term.unit.is_fixed:
        provisional = unconfirmed[dues - window.first + 1] != unconfirmed[:good]
    base = EPOCH if is_dates else 0
    # Empty room in front, so that a start is its own index; the room is never touched and costs no memory.
    room = max(0, window.first - base)
    padded, flags = np.zeros(room + good, dtype=np.int64), np.zeros(room + good, dtype=bool)
    padded[room:], flags[room:] = dues - base, provisional
    return Made(
        window=window,
        beyond=window.first + good,
        shift=window.first - base - room,
        dues=padded.view("datetime64[D]") if is_dates else padded,
        provisional=flags,
    )


def _nominal(starts: Ints, term: Term) -> Ints:
    """The nominal end of the term for every start, as ordinals; the same rules as
    `arithmetic.nominal_days`.
    """
    if term.unit in (Unit.DAY, Unit.WORKDAY):
        return starts + term.amount
    if term.unit is Unit.FIXED:
        return np.full(len(starts), term.amount)
    dates = (starts - EPOCH).view("datetime64[D]")
    months = dates.astype("datetime64[M]")
    day0 = (dates - months).astype(np.int64)
    if term.unit is Unit.QUARTER_END:
        number = months.astype(np.int64)
        return _ordinals((number + (2 - number % 3) + 3 * (term.amount - 1) + 1).view("datetime64[M]")) - 1
    if term.unit is Unit.DAY_OF_MONTH:
        this = _ordinals(months) + np.minimum(term.amount - 1, _length(months) - 1)
        following = months + np.timedelta64(1, "M")
        later = _ordinals(following) + np.minimum(term.amount - 1, _length(following) - 1)
        return np.where(starts <= this, this, later)
    ahead = months + np.timedelta64(term.amount * (12 if term.unit is Unit.YEAR else 1), "M")
    result: Ints = _ordinals(ahead) + np.minimum(day0, _length(ahead) - 1)
    return result


def _ordinals(months: NDArray[Any]) -> Ints:
    result: Ints = months.astype("datetime64[D]").astype(np.int64) + EPOCH
    return result


def _length(months: NDArray[Any]) -> Ints:
    return _ordinals(months + np.timedelta64(1, "M")) - _ordinals(months)


def _due_instants(table: DayTable, starts: NDArray[Any], term: Term) -> tuple[NDArray[Any], Bools]:
    instants = starts.astype("datetime64[us]")
    if term.unit is Unit.HOUR:
        return instants + np.timedelta64(term.amount, "h"), np.zeros(len(instants), dtype=bool)
    dues = [table.due(moment.replace(tzinfo=UTC), term) for moment in instants.tolist()]
    moments = [due.at.astimezone(UTC).replace(tzinfo=None) for due in dues if isinstance(due.at, datetime)]
    return np.array(moments, dtype="datetime64[us]"), np.array([due.provisional for due in dues], dtype=bool)


def used_many(table: DayTable, starts: NDArray[Any], untils: NDArray[Any], unit: Unit) -> Ints:
    """See DayTable.used_many."""
    base = EPOCH if starts.dtype.kind == "M" else 0
    begins, ends = _days(starts), _days(untils)
    if unit is Unit.WORKDAY and begins.size:
        least, most = min(begins.min(), ends.min()), max(begins.max(), ends.max())
        window = table.covering(int(least) + base, int(most) + base)
        begins, ends = (
            window.rank_array[begins - (window.first - base)],
            window.rank_array[ends - (window.first - base)],
        )
    counted: Ints = np.maximum(ends - begins, 0)
    return counted
