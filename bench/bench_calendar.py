"""Day arithmetic: how fast beside bare numpy and three packages, and whether it is right.

Run: `python -m bench.bench_calendar` or `python bench/bench_calendar.py`. Everything is measured beside its
baseline in the same run.
"""

from __future__ import annotations

import json
import random
import statistics
from collections.abc import Callable
from datetime import date, datetime, timedelta
from time import perf_counter
from typing import Any

import chinese_calendar
import holidays
import numpy as np
from bench.common import Figure

from zhengxiao.kernel.calendar.gazette import shipped_table
from zhengxiao.kernel.calendar.rules import Pause, Term
from zhengxiao.kernel.calendar.tests import oracle

FIRST, LAST = date(2007, 1, 1), date(2026, 12, 31)
TERMS = ["1wd", "2wd", "5wd", "7wd", "10wd", "15wd", "20wd", "45wd", "60wd", "15d", "60d", "3m", "1y"]
BULK = 1_000_000
SCALAR = 500_000


def seconds(work: Callable[[], Any], rounds: int = 9) -> float:
    """The median of several rounds."""
    taken = []
    for _ in range(rounds):
        begins = perf_counter()
        work()
        taken.append(perf_counter() - begins)
    return statistics.median(taken)


def bulk() -> dict[str, float]:
    """A million starts, 20 working days: ours (answer and provisional flag) against bare gathers and
    busday_offset.
    """
    table, term = shipped_table(), Term.parse("20wd")
    chance = np.random.default_rng(7)
    low, high = FIRST.toordinal(), date(2026, 11, 1).toordinal()
    ordinals = chance.integers(low, high, BULK)
    dates = (ordinals - 719163).view("datetime64[D]")
    works = np.array([table.is_workday(date.fromordinal(day)) for day in range(low, LAST.toordinal() + 200)])
    rank, work = np.cumsum(works), np.flatnonzero(works) + low
    rest = [date.fromordinal(low + int(n)) for n in np.flatnonzero(~works)]
    calendar = np.busdaycalendar(weekmask="1111111", holidays=np.array(rest, dtype="datetime64[D]"))

    def gather() -> Any:
        return work[rank[ordinals - low] + 19]

    def busday() -> Any:
        return np.busday_offset(dates, 20, roll="backward", busdaycal=calendar)

    assert (table.due_many(ordinals, term)[0] == gather()).all()
    assert (table.due_many(dates, term)[0] == busday()).all()
    ours, bare = seconds(lambda: table.due_many(ordinals, term)), seconds(gather)
    numpy_busday = seconds(busday, rounds=3)
    return {
        "bulk_ours_million_per_s": BULK / ours / 1e6,
        "bulk_bare_gather_million_per_s": BULK / bare / 1e6,
        "bulk_ratio_to_bare_gather": bare / ours,
        "bulk_ratio_to_numpy_busday": numpy_busday / ours,
    }


def scalar() -> dict[str, float]:
    """One call at a time: the tight path, the full answer, and the packages walking their days."""
    table, chance = shipped_table(), random.Random(7)
    days = [FIRST + timedelta(days=chance.randrange(7200)) for _ in range(SCALAR)]
    due_on, due = table.due_on, table.due

    def tight() -> None:
        for day in days:
            due_on(day, 20)

    def full() -> None:
        term = Term.parse("20wd")
        for day in days[:50_000]:
            due(datetime(day.year, day.month, day.day, 10, tzinfo=oracle.SHANGHAI), term)

    def walk(is_workday: Callable[[date], bool], many: int) -> float:
        begins = perf_counter()
        for day in days[:many]:
            assert oracle.due_on(is_workday, day, 20, "wd") == due_on(day, 20)
        return many / (perf_counter() - begins)

    china = holidays.country_holidays("CN", years=range(2022, 2027))
    makeup = china.weekend_workdays

    def by_holidays() -> float:
        some = [date(2022, 1, 4) + timedelta(days=n) for n in range(1500)]
        begins = perf_counter()
        for day in some:
            oracle.due_on(lambda d: d in makeup or (d.weekday() < 5 and d not in china), day, 20, "wd")
        return len(some) / (perf_counter() - begins)

    tight_rate = SCALAR / seconds(tight, 5)
    chinesecalendar_rate, holidays_rate = walk(chinese_calendar.is_workday, 3000), by_holidays()
    return {
        "scalar_million_per_s": tight_rate / 1e6,
        "scalar_full_answer_million_per_s": 50_000 / seconds(full, 3) / 1e6,
        "scalar_ratio_to_chinesecalendar_walk": tight_rate / chinesecalendar_rate,
        "scalar_ratio_to_holidays_walk": tight_rate / holidays_rate,
    }


def correctness() -> dict[str, int]:
    """Every start day 2007–2026 × 13 terms, without pauses and with, against a day-by-day walk: how many
    differ.
    """
    table, chance, workdays = shipped_table(), random.Random(11), {}
    for n in range((LAST - FIRST).days + 1500):
        day = FIRST + timedelta(days=n)
        workdays[day] = chinese_calendar.is_workday(day) if day <= LAST else day.weekday() < 5
    known, differences, checked = workdays.__getitem__, 0, 0
    for offset in range((LAST - FIRST).days + 1):
        start = FIRST + timedelta(days=offset)
        moment = datetime(start.year, start.month, start.day, 10, tzinfo=oracle.SHANGHAI)
        stop = moment + timedelta(minutes=chance.randrange(-2000, 40_000))
        more = stop + timedelta(minutes=chance.randrange(0, 20_000))
        held = [
            (stop, stop + timedelta(minutes=chance.choice([60, 1440, 5000, 15_000]))),
            (more, more + timedelta(days=2)),
        ]
        pauses = [Pause(begins, ends) for begins, ends in held]
        for text in TERMS:
            term = Term.parse(text)
            plain = oracle.due_on(known, start, term.amount, term.unit.value)
            paused = oracle.due_on(known, start, term.amount, term.unit.value, held)
            differences += table.due(moment, term).on != plain
            differences += table.due(moment, term, pauses).on != paused
            checked += 2
    return {"checked": checked, "differences": differences}


def run() -> dict[str, Any]:
    """All figures of the calendar; goals: ratio to a bare gather >= 0.5, scalar >= 1 million/s, 0
    differences.
    """
    return {**bulk(), **scalar(), **correctness()}


def figures(size: str) -> list[Figure]:
    """The same as figures with goals; "small" leaves the long comparison with the day-by-day walk out."""
    found = {**bulk(), **scalar()}
    goals = {"scalar_million_per_s": 1.0, "bulk_ratio_to_bare_gather": 0.5}
    listed = []
    for name, value in found.items():
        least = goals.get(name)
        met = value >= least if least is not None and size == "full" else None
        listed.append(
            Figure(f"calendar.{name}", value, "", goal=f"≥ {least}" if least is not None else "", met=met)
        )
    if size == "full":
        checked = correctness()
        words = f"{checked['checked']:,} compared"
        listed.append(
            Figure(
                "calendar.differences",
                checked["differences"],
                "",
                goal="0",
                met=not checked["differences"],
                note=words,
            )
        )
    return listed


if __name__ == "__main__":
    print(json.dumps({key: round(value, 3) for key, value in run().items()}, indent=2))
