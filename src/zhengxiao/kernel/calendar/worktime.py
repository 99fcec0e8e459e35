"""Working time inside the daily sessions: a running total over the days, exact on days when the clocks
change.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from zhengxiao.kernel.calendar.days import Session
from zhengxiao.kernel.calendar.terms import DateOutOfReach

if TYPE_CHECKING:
    from zhengxiao.kernel.calendar.table import Window

Span = tuple[datetime, datetime]
MICROSECOND = timedelta(microseconds=1)


class WorkTime:
    """Totals of working microseconds by day for one window of a day table."""

    def __init__(self, *, zone: ZoneInfo, sessions: tuple[Session, ...], window: Window) -> None:
        self.zone = zone
        self.window = window
        self._sessions = sessions
        self._by_day: dict[tuple[int, int, int], tuple[tuple[time, time], ...]] = {}
        self._totals = self._running_totals()

    def _running_totals(self) -> list[int]:
        totals, total = [0], 0
        works = self.window.works.tolist()
        lengths: dict[tuple[tuple[time, time], ...], int] = {}
        for index, is_work in enumerate(works):
            if is_work:
                day = date.fromordinal(self.window.first + index)
                pattern = self._pattern(day)
                if self._clocks_change(day):
                    total += sum((e - b) // MICROSECOND for b, e in self._spans(day, pattern))
                else:
                    if pattern not in lengths:
                        lengths[pattern] = sum(_minutes(b, e) for b, e in pattern) * 60_000_000
                    total += lengths[pattern]
            totals.append(total)
        return totals

    def _pattern(self, day: date) -> tuple[tuple[time, time], ...]:
        key = (day.month, day.day, day.weekday())
        found = self._by_day.get(key)
        if found is None:
            found = self._by_day[key] = _union(
                [(s.opens, s.closes) for s in self._sessions if s.applies(day)]
            )
        return found

    def _clocks_change(self, day: date) -> bool:
        opens = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return opens.utcoffset() != (opens + timedelta(days=1)).utcoffset()

    def _spans(self, day: date, pattern: tuple[tuple[time, time], ...]) -> list[Span]:
        spans = []
        for opens, closes in pattern:
            last = day + timedelta(days=1) if closes == time(0) else day
            begins = datetime.combine(day, opens, tzinfo=self.zone).astimezone(UTC)
            spans.append((begins, datetime.combine(last, closes, tzinfo=self.zone).astimezone(UTC)))
        return spans

    def spans_on(self, day: date) -> list[Span]:
        """The sessions of a day as UTC instants; empty on a rest day."""
        index = day.toordinal() - self.window.first
        return self._spans(day, self._pattern(day)) if self.window.works[index] else []

    def total_at(self, moment: datetime, day: date) -> int:
        """Working microseconds from the beginning of the window to `moment`, which lies on local `day`."""
        instant = moment.astimezone(UTC)
        total = self._totals[day.toordinal() - self.window.first]
        for begins, ends in self.spans_on(day):
            if instant <= begins:
                break
            total += (min(instant, ends) - begins) // MICROSECOND
        return total

    def reached_at(self, total: int) -> datetime:
        """The earliest instant (UTC) at which the running total is `total` (0 < total <= whole)."""
        index = bisect_left(self._totals, total) - 1
        if not 0 <= index < len(self._totals) - 1:
            raise DateOutOfReach(field="term", text=f"{total // 3_600_000_000}wh")
        left = total - self._totals[index]
        spans = self.spans_on(date.fromordinal(self.window.first + index))
        for begins, ends in spans:
            length = (ends - begins) // MICROSECOND
            if left <= length:
                return begins + left * MICROSECOND
            left -= length
        return spans[-1][1]

    @property
    def whole(self) -> int:
        """Working microseconds of the whole window; 0 when no session is ever open."""
        return self._totals[-1]


def _union(pairs: list[tuple[time, time]]) -> tuple[tuple[time, time], ...]:
    """Sessions in order with overlaps joined; 00:00 as an end is midnight."""
    result: list[tuple[time, time]] = []
    for opens, closes in sorted(pairs, key=lambda pair: pair[0]):
        if result and (result[-1][1] == time(0) or opens <= result[-1][1]):
            before = result[-1][1]
            longer = time(0) if time(0) in (before, closes) else max(before, closes)
            result[-1] = (result[-1][0], longer)
        else:
            result.append((opens, closes))
    return tuple(result)


def _minutes(opens: time, closes: time) -> int:
    ends = 24 * 60 if closes == time(0) else closes.hour * 60 + closes.minute
    return ends - opens.hour * 60 - opens.minute
