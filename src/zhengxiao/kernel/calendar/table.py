"""The day table of one region at one version: immutable to its users, prefix sums inside.

Everything is local to the table's zone. Days outside the confirmed spans are unknown: they are estimated by
the ordinary week and every result that touches one says `provisional`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from zhengxiao.kernel.calendar import arithmetic, bulk, sheet
from zhengxiao.kernel.calendar.days import NATIONAL_SESSIONS, DayLine, DayMark, Session, joined
from zhengxiao.kernel.calendar.terms import DateOutOfReach, Due, NaiveMoment, Pause, Term, Unit
from zhengxiao.kernel.calendar.worktime import WorkTime

FIRST = date(1900, 1, 1).toordinal()
LAST = date(2299, 12, 31).toordinal()
YEARS_AHEAD = 30
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Window:
    """Prefix sums over the days `first` … `last` (ordinals). Replaced as a whole when the table has to
    reach further.
    """

    first: int
    last: int
    rank: list[int]  # rank[i]: working days up to and including day i
    days: list[date]  # the working days in order
    ordinals: list[int]  # the same as ordinals
    works: NDArray[np.bool_]
    rank_array: Ints
    work_array: Ints
    unconfirmed: list[int]  # prefix count of days outside the confirmed spans


class DayTable:
    """Which days count, for one region at one calendar version. Make it with `build_table`.

    Moments are aware datetimes (NaiveMoment otherwise); dates are local to `zone`. `confirmed_through` ends
    the first confirmed span, `confirmed` lists all of them.
    """

    def __init__(
        self,
        *,
        region: str,
        version: int,
        zone: ZoneInfo,
        rest_weekdays: frozenset[int],
        marks: Mapping[date, DayMark],
        confirmed: tuple[tuple[date, date], ...],
        sessions: tuple[Session, ...],
    ) -> None:
        self.region = region
        self.version = version
        self.zone = zone
        self.rest_weekdays = rest_weekdays
        self.marks = MappingProxyType(dict(marks))
        self.confirmed = confirmed
        self.confirmed_from = confirmed[0][0]
        self.confirmed_through = confirmed[0][1]
        self.sessions = sessions
        self.bulk_cache: dict[Any, Any] = {}
        self._worktime: WorkTime | None = None
        self._closes: dict[date, datetime] = {}
        ahead = max(span[1].toordinal() for span in confirmed) + 366 * YEARS_AHEAD
        self._use(self._window(max(FIRST, self.confirmed_from.toordinal() - 366 * 10), min(LAST, ahead)))

    def _window(self, first: int, last: int) -> Window:
        span = np.arange(first, last + 1)
        works = ~np.isin((span - 1) % 7, list(self.rest_weekdays))  # ordinal 1 was a Monday
        known = np.zeros(len(span), dtype=bool)
        for begins, ends in self.confirmed:
            known |= (span >= begins.toordinal()) & (span <= ends.toordinal())
        for day, mark in self.marks.items():
            if first <= day.toordinal() <= last:
                works[day.toordinal() - first] = bool(mark.is_workday)
        rank = np.cumsum(works, dtype=np.int64)
        work = span[works].astype(np.int64)
        ordinals: list[int] = work.tolist()
        return Window(
            first=first,
            last=last,
            rank=rank.tolist(),
            days=[date.fromordinal(day) for day in ordinals],
            ordinals=ordinals,
            works=works,
            rank_array=rank,
            work_array=work,
            unconfirmed=np.concatenate(([0], np.cumsum(~known))).tolist(),
        )

    def _use(self, window: Window) -> None:
        # One assignment each: a thread that reads meanwhile sees the old window or the new one, never a mixture.
        self._tight = (window.first, window.rank, window.days)
        self.window = window

    def wider(self, seen: Window, *, named: object) -> Window:
        """The window after `seen` proved too small: 1900–2299. Refuses DateOutOfReach (with the date or term
        `named`) when `seen` was that wide already.
        """
        if seen.first == FIRST and seen.last == LAST:
            raise DateOutOfReach(field="start", text=str(named))
        if self.window is seen:
            self.bulk_cache = {}
            self._use(self._window(FIRST, LAST))
        return self.window

    def covering(self, first: int, last: int) -> Window:
        """A window that holds both days (ordinals). Refuses DateOutOfReach."""
        window = self.window
        if window.first <= first and last <= window.last:
            return window
        outside = date.fromordinal(min(max(first if first < window.first else last, 1), date.max.toordinal()))
        window = self.wider(window, named=outside)
        if window.first <= first and last <= window.last:
            return window
        raise DateOutOfReach(field="start", text=str(outside))

    # --- days -------------------------------------------------------------------------------------

    def is_workday(self, day: date) -> bool:
        ordinal = day.toordinal()
        window = self.covering(ordinal, ordinal)
        return bool(window.works[ordinal - window.first])

    def is_confirmed(self, day: date) -> bool:
        """Whether a published table covers the day; otherwise `is_workday` is an estimate."""
        return any(first <= day <= last for first, last in self.confirmed)

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether any day from `first` to `last`, both included, is not confirmed."""
        begins, ends = first.toordinal(), last.toordinal()
        window = self.covering(begins, ends)
        return window.unconfirmed[ends - window.first + 1] != window.unconfirmed[begins - window.first]

    def due_on(self, start: date, workdays: int) -> date:
        """The `workdays`-th working day after `start` (workdays >= 1): the tight path, over a million a
        second.
        """
        first, rank, days = self._tight
        index = start.toordinal() - first
        if index >= 0:
            try:
                return days[rank[index] + workdays - 1]
            except IndexError:
                pass
        return self.nth_workday_from(start, workdays)

    def nth_workday_from(self, day: date, n: int) -> date:
        """The n-th working day after `day`, or before it when n < 0; n = 0 is `day` or the next working
        day.
        """
        window = self.covering(day.toordinal(), day.toordinal())
        index = day.toordinal() - window.first
        rank, is_work = window.rank[index], bool(window.works[index])
        if n > 0:
            position = rank + n - 1
        elif n == 0:
            position = rank - 1 if is_work else rank
        else:
            position = rank + n - (1 if is_work else 0)
        if 0 <= position < len(window.days):
            return window.days[position]
        self.wider(window, named=f"{day} {n:+d}wd")
        return self.nth_workday_from(day, n)

    def workdays_between(self, a: date, b: date) -> int:
        """Working days d with a < d <= b; negative when b lies before a."""
        if b < a:
            return -self.workdays_between(b, a)
        begins, ends = a.toordinal(), b.toordinal()
        window = self.covering(begins, ends)
        return window.rank[ends - window.first] - window.rank[begins - window.first]

    def local_date(self, moment: datetime | date) -> date:
        """The calendar day of a moment in this table's zone (a plain date stands for itself)."""
        if not isinstance(moment, datetime):
            return moment
        if moment.tzinfo is None:
            raise NaiveMoment(field="start", text=moment.isoformat())
        return moment.astimezone(self.zone).date()

    def close_of(self, day: date) -> datetime:
        """The last moment of a local day: 23:59:59.999999, the later one where the clock is turned back
        over it.
        """
        known = self._closes.get(day)
        if known is not None:
            return known
        end = datetime(day.year, day.month, day.day, 23, 59, 59, 999999, tzinfo=self.zone)
        later = end.replace(fold=1)
        close = later if later.utcoffset() != end.utcoffset() else end
        if len(self._closes) > 20_000:
            self._closes.clear()
        self._closes[day] = close
        return close

    def midnight(self, day: date) -> datetime:
        """The first moment of a local day, in UTC."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def worktime(self, window: Window) -> WorkTime:
        """Working seconds inside the daily sessions over a window, made on first use."""
        made = self._worktime
        if made is None or made.window is not window:
            made = self._worktime = WorkTime(zone=self.zone, sessions=self.sessions, window=window)
        return made

    # --- terms ------------------------------------------------------------------------------------

    def due(self, start: datetime | date, term: Term, pauses: Iterable[Pause] = ()) -> Due:
        """When a term that starts at `start` ends. Refuses NaiveMoment, DateOutOfReach.

        The start day does not count (Civil Code art. 201). A day counts when the clock runs at its close.
        Workdays: the N-th counted working day. Days, months, years: counted calendar days (for months and
        years as many as lead to the corresponding day, or the last day of that month, art. 202); when that
        is a rest day, the next working day on which the clock runs (art. 203). Hours: elapsed time. Work
        hours: time inside the sessions.
        """
        return arithmetic.due(self, start, term, tuple(pauses))

    def used(
        self, start: datetime | date, until: datetime, unit: Unit, pauses: Iterable[Pause] = ()
    ) -> int | float:
        """How much of a term in `unit` has been used: counted days (days also for months and years), or
        hours.

        The day of `until` counts when the clock runs at that moment.
        """
        return arithmetic.used(self, start, until, unit, tuple(pauses))

    def used_seconds(
        self, start: datetime, until: datetime, unit: Unit, pauses: Iterable[Pause] = ()
    ) -> float:
        """Seconds used of an hour term; for WORKHOUR only those inside the sessions."""
        return arithmetic.used_time(self, start, until, unit, tuple(pauses)).total_seconds()

    def elapsed(self, a: datetime | date, b: datetime, unit: Unit) -> int | float:
        """`used` without pauses."""
        return arithmetic.used(self, a, b, unit, ())

    def nominal_days(self, start: datetime | date, term: Term) -> int:
        """How many calendar days a day, month, year or fixed term is, counted from `start`."""
        return arithmetic.nominal_days(self.local_date(start), term)

    def explain(
        self,
        start: datetime | date,
        term: Term,
        pauses: Iterable[Pause] = (),
        until: datetime | date | None = None,
    ) -> list[DayLine]:
        """The calculation sheet: a line per day from the start to the due day, or to `until` when that is
        later.
        """
        return sheet.explain(self, start, term, tuple(pauses), until)

    # --- in bulk ----------------------------------------------------------------------------------

    def due_many(self, starts: NDArray[Any], term: Term) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """`due(...).on` and `.provisional` for many starts without pauses.

        `starts`: int ordinals or datetime64[D] local dates for day-like terms (the answer has the same type);
        datetime64[us] UTC instants for hour terms (the answer is instants).
        """
        return bulk.due_many(self, starts, term)

    def used_many(self, starts: NDArray[Any], untils: NDArray[Any], unit: Unit) -> Ints:
        """Counted working days or calendar days between many pairs of local dates (ordinals or
        datetime64[D]).
        """
        return bulk.used_many(self, starts, untils, unit)


def build_table(
    *,
    region: str,
    version: int,
    marks: Mapping[date, DayMark],
    confirmed: Iterable[tuple[date, date]],
    zone: str | ZoneInfo = "Asia/Shanghai",
    rest_weekdays: Iterable[int] = (5, 6),
    sessions: Iterable[Session] = (),
) -> DayTable:
    """A day table from plain values: the ordinary week, the marks upon it, and the spans that are
    confirmed.
    """
    return DayTable(
        region=region,
        version=version,
        zone=zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone),
        rest_weekdays=frozenset(rest_weekdays),
        marks=marks,
        confirmed=joined(confirmed),
        sessions=tuple(sessions) or NATIONAL_SESSIONS,
    )
