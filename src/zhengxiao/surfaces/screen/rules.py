"""What a hall screen shows in which turn. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

CASES_AT_ONCE = 8
WINDOWS_AT_ONCE = 12
MOST_CASES = 48
"""CONFIG: the screen goes round in a minute or so; more would never come up again."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One picture of the round: `part` is "cases" or "windows", `page` counts from 0."""

    part: str
    page: int
    number: int
    of: int


def turn_of(asked: int, cases: int, windows: int) -> Turn:
    """The turn that a running number means: all pages of cases, then all pages of windows, then again.

    A hall without cases shows the empty page of cases.
    """
    of_cases = max(1, ceil(min(cases, MOST_CASES) / CASES_AT_ONCE))
    of_windows = ceil(windows / WINDOWS_AT_ONCE)
    place = asked % (of_cases + of_windows)
    if place < of_cases:
        return Turn("cases", place, place, of_cases + of_windows)
    return Turn("windows", place - of_cases, place, of_cases + of_windows)


def tail_of(number: str) -> str:
    """What the applicant knows the case by: month, day and serial of `990102-20261128-00001` → `1128-00001`."""
    parts = number.split("-")
    if len(parts) == 3 and len(parts[1]) == 8:
        return f"{parts[1][4:]}-{parts[2]}"
    return number[-8:]


def percent_used(started_at: datetime, due_at: datetime | None, at: datetime) -> int | None:
    """How much of the time has gone, 0 to 100; None while the clock stands still. For a bar, not for a verdict."""
    if due_at is None:
        return None
    whole = (due_at - started_at).total_seconds()
    if whole <= 0:
        return 100
    return max(0, min(100, round(100 * (at - started_at).total_seconds() / whole)))
