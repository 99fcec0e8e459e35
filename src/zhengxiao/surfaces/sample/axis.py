"""Working time as a line of numbers: 12.5 is the middle of the thirteenth working day. Order on it is order in time."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, time, timedelta

from zhengxiao.kernel.calendar.api import DayTable

MORNING, AFTERNOON = 180 * 60, 240 * 60
"""Seconds from 9:00 to 12:00 and from 13:30 to 17:30."""
WHOLE = MORNING + AFTERNOON
OPENS, REOPENS = time(9), time(13, 30)
MARGIN = 1 / 420
"""One office minute."""


class Axis:
    """The working days from `first` up to the moment `at`, and places on them."""

    def __init__(self, table: DayTable, first: date, at: datetime) -> None:
        self.zone = table.zone
        local = at.astimezone(self.zone)
        self.days = [
            day
            for day in (first + timedelta(days=n) for n in range((local.date() - first).days + 1))
            if table.is_workday(day)
        ]
        # The place of `at`: within today's office hours, else the end of the last working day before it.
        if self.days and self.days[-1] == local.date() and local.time() <= OPENS:
            self.days.pop()
        self.now = float(len(self.days))
        if self.days and self.days[-1] == local.date():
            self.now = len(self.days) - 1 + self._part(local.time())
        self.today = len(self.days) - 1
        self.at = at

    @staticmethod
    def _part(clock: time) -> float:
        seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
        morning = min(max(seconds - 9 * 3600, 0), MORNING)
        return (morning + min(max(seconds - 13.5 * 3600, 0), AFTERNOON)) / WHOLE

    def moment(self, place: float) -> datetime:
        """The moment of a place; whole seconds, in office hours."""
        number = int(place)
        seconds = int((place - number) * WHOLE)
        day = self.days[number]
        if seconds < MORNING:
            return datetime.combine(day, OPENS, self.zone) + timedelta(seconds=seconds)
        return datetime.combine(day, REOPENS, self.zone) + timedelta(seconds=seconds - MORNING)

    def known(self, place: float | None) -> datetime | None:
        """The moment of a place that has come, None for one that lies ahead."""
        return None if place is None or place >= self.now else self.moment(place)

    def evening_before(self, number: int, part: float) -> datetime:
        """A moment between 18:00 and 22:00 on the day before the working day `number`."""
        eve = self.days[number] - timedelta(days=1)
        return datetime.combine(eve, time(18), self.zone) + timedelta(seconds=int(part * 4 * 3600))

    def number_on(self, day: date) -> int:
        """The first working day not before `day`."""
        return bisect_left(self.days, day)
