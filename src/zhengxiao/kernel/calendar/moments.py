"""Working time of millions of moments at once: how long between two of them, and whether one lies in office hours.

Instants are datetime64[us] in UTC, as a database gives them in bulk; the day table brings zone, days and sessions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from zhengxiao.kernel.calendar.table import DayTable

Ints = NDArray[np.int64]
EPOCH = 719163  # the ordinal of 1970-01-01
DAY = 86_400_000_000
QUARTER = 900_000_000
MICROSECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class _Sessions:
    """Every session of the years `first` … `last`, in order: begin, end, and the working time before it."""

    first: int
    last: int
    begins: Ints
    ends: Ints
    before: Ints


def work_many(table: DayTable, starts: NDArray[Any], untils: NDArray[Any]) -> Ints:
    """Working microseconds inside the sessions between many pairs of instants; 0 where the second is not later.

    The same as `table.used_seconds(a, b, Unit.WORKHOUR)`, to the microsecond. NaT is not allowed.
    """
    begins, ends = _instants(starts), _instants(untils)
    if not begins.size:
        return np.zeros(0, dtype=np.int64)
    known = _sessions(table, int(min(begins.min(), ends.min())), int(max(begins.max(), ends.max())))
    worked: Ints = np.maximum(_total_at(known, ends) - _total_at(known, begins), 0)
    return worked


def in_session_many(table: DayTable, instants: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether each instant lies in a session of a working day (its first microsecond does, its end does not)."""
    moments = _instants(instants)
    if not moments.size:
        return np.zeros(0, dtype=bool)
    known = _sessions(table, int(moments.min()), int(moments.max()))
    place = np.searchsorted(known.begins, moments, side="right") - 1
    inside: NDArray[np.bool_] = (place >= 0) & (moments < known.ends[np.maximum(place, 0)])
    return inside


def local_days(instants: NDArray[Any], zone: ZoneInfo) -> NDArray[Any]:
    """The local calendar day (datetime64[D]) of each instant; clocks are taken to change at quarter hours."""
    moments = _instants(instants)
    quarters, place = np.unique(moments // QUARTER, return_inverse=True)
    offsets = np.array([_offset(quarter, zone) for quarter in quarters.tolist()], dtype=np.int64)
    local = moments + offsets[place] * MICROSECOND if moments.size else moments
    days: NDArray[Any] = (local // DAY).view("datetime64[D]")
    return days


def _offset(quarter: int, zone: ZoneInfo) -> int:
    """Seconds that the zone is ahead of UTC in a quarter of an hour."""
    offset = datetime.fromtimestamp(quarter * 900, UTC).astimezone(zone).utcoffset()
    return 0 if offset is None else round(offset / timedelta(seconds=1))


def _instants(instants: NDArray[Any]) -> Ints:
    return instants.astype("datetime64[us]", copy=False).view(np.int64)


def _total_at(known: _Sessions, moments: Ints) -> Ints:
    place = np.searchsorted(known.begins, moments, side="right") - 1
    at = np.maximum(place, 0)
    total: Ints = known.before[at] + np.minimum(moments, known.ends[at]) - known.begins[at]
    return np.where(place < 0, 0, total)


def _sessions(table: DayTable, least: int, most: int) -> _Sessions:
    """The sessions of all years that the moments touch; kept with the table."""
    first = datetime.fromtimestamp(least // MICROSECOND, UTC).year - 1
    last = datetime.fromtimestamp(most // MICROSECOND, UTC).year + 1
    window = table.covering(date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal())
    kept: _Sessions | None = table.bulk_cache.get("sessions")
    if kept is not None and kept.first <= first and last <= kept.last:
        return kept
    work = table.worktime(window)
    spans = [
        span
        for day in range(date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal() + 1)
        for span in work.spans_on(date.fromordinal(day))
    ] or [(datetime(first, 1, 1, tzinfo=UTC), datetime(first, 1, 1, tzinfo=UTC))]
    begins, ends = (
        np.array([span[side].replace(tzinfo=None) for span in spans], dtype="datetime64[us]").view(np.int64)
        for side in (0, 1)
    )
    before = np.concatenate(([0], np.cumsum(ends - begins)[:-1]))
    made = _Sessions(first, last, begins, ends, before)
    table.bulk_cache["sessions"] = made
    return made
