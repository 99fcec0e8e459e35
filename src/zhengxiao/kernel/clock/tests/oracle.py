"""An independent reckoning of clocks, day by day, written from the architecture and not from the rules it checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)

# level, working days before (-) or after (+) the due day, 0: after its last moment; written from domain.md 3.2-3.3
POLICY = {
    "two-limit.promised": (("blue", "before", 2), ("yellow", "after", 0)),
    "two-limit.statutory": (("red", "after", 0),),
    "remind-warn-alarm": (("blue", "before", 0), ("yellow", "after", 1), ("red", "after", 2)),
    "green-yellow-red": (("yellow", "before", 2), ("red", "after", 0)),
    "remind": (("blue", "before", 1), ("yellow", "after", 0)),
    "procedure": (("blue", "before", 2), ("yellow", "after", 0), ("red", "after", 1)),
    "silent": (),
}


@dataclass
class Days:
    """Working days by walking: Monday to Friday unless named otherwise."""

    rest: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        return day in self.work or (day.weekday() < 5 and day not in self.rest)

    def walk(self, day: date, steps: int) -> date:
        way = DAY if steps > 0 else -DAY
        while steps:
            day += way
            if self.works(day):
                steps -= 1 if way > timedelta(0) else -1
        return day


def opening(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=CHINA)


def closing(day: date) -> datetime:
    return opening(day + DAY) - TICK


def stands(pauses: Sequence[tuple[datetime, datetime | None]], moment: datetime) -> bool:
    return any(begins <= moment and (ends is None or moment < ends) for begins, ends in pauses)


def due_day(
    days: Days, start: datetime, workdays: int, pauses: Sequence[tuple[datetime, datetime | None]]
) -> date | None:
    day, left = start.astimezone(CHINA).date(), workdays
    for _ in range(2000):
        day += DAY
        if days.works(day) and not stands(pauses, closing(day)):
            left -= 1
            if not left:
                return day
    return None


def rungs(
    days: Days,
    policy: str,
    start: datetime,
    workdays: int,
    pauses: Sequence[tuple[datetime, datetime | None]],
) -> list[tuple[str, datetime]]:
    """Level and first moment of each rung, in order of time."""
    due = due_day(days, start, workdays, pauses)
    if due is None:
        return []
    found = []
    for level, side, count in POLICY[policy]:
        if side == "after":
            moment = closing(due) + TICK if count == 0 else opening(days.walk(due, count))
        else:
            moment = max(start, opening(days.walk(due, -min(count, workdays - 1))))
            for begins, ends in sorted(pauses, key=lambda pause: pause[0]):
                if ends is not None and begins <= moment < ends:
                    moment = ends
        found.append((level, moment))
    return sorted(found, key=lambda pair: pair[1])


def light(reached: list[tuple[str, datetime]], paused: bool, at: datetime) -> str:
    levels = {level for level, moment in reached if moment <= at}
    if "red" in levels:
        return "red"
    if "yellow" in levels:
        return "yellow"
    if paused:
        return "grey"
    return "blue" if "blue" in levels else "green"
