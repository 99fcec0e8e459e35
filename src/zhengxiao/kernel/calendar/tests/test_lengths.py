"""Calendar days, months, years and fixed dates; the roll to the next working day; what is refused."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from zhengxiao.kernel.calendar.rules import (
    DateOutOfReach,
    DayTable,
    NaiveMoment,
    Term,
    TermOutOfRange,
    TermUnreadable,
    Unit,
)
from zhengxiao.kernel.calendar.tests.oracle import SHANGHAI


def on(text: str) -> datetime:
    return datetime.fromisoformat(text + "T10:00").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "term", "due"),
    [
        ("2026-11-06", "15d", "2026-11-23"),  # nominal end Saturday 11-21, rolled to Monday
        ("2026-11-05", "15d", "2026-11-20"),  # Friday, stays
        ("2026-01-30", "15d", "2026-02-14"),  # nominal end is a make-up Saturday, stays
        ("2026-02-01", "15d", "2026-02-24"),  # nominal end in Spring Festival, rolled over it to Tuesday
        ("2026-01-31", "1m", "2026-02-28"),  # no 31 February; 02-28 is a make-up Saturday
        ("2024-01-31", "1m", "2024-02-29"),  # leap year, Thursday
        ("2025-11-30", "3m", "2026-02-28"),
        ("2024-02-29", "1y", "2025-02-28"),  # Friday
        ("2025-08-31", "6m", "2026-02-28"),
        ("2025-07-01", "3m", "2025-10-09"),  # nominal end on National Day, rolled to Thursday
        ("2026-11-20", "22dom", "2026-11-22"),  # a fixed date stays although it is a Sunday
        ("2026-11-22", "22dom", "2026-11-22"),
        ("2026-11-23", "22dom", "2026-12-22"),
        ("2026-02-01", "31dom", "2026-02-28"),
        ("2026-12-31", "1dom", "2027-01-01"),
        ("2026-11-23", "1qe", "2026-12-31"),
        ("2026-12-31", "1qe", "2026-12-31"),
        ("2026-01-01", "1qe", "2026-03-31"),
        ("2026-11-23", "2qe", "2027-03-31"),
        ("2026-11-23", "on2026-12-15", "2026-12-15"),
    ],
)
def test_lengths_end_where_the_civil_code_says(nation: DayTable, start: str, term: str, due: str) -> None:
    assert nation.due(on(start), Term.parse(term)).on == date.fromisoformat(due)


@pytest.mark.parametrize(
    "text", ["20wd", "2wh", "48h", "15d", "3m", "1y", "22dom", "1qe", "on2026-12-31", "0wd"]
)
def test_a_term_reads_back_as_it_was_written(text: str) -> None:
    assert str(Term.parse(text)) == text


@pytest.mark.parametrize("text", ["", "wd", "20", "-5wd", "1.5h", "20 wd x", "20ww", "on2026-02-30", "٣wd"])
def test_a_term_that_cannot_be_read_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(TermUnreadable) as refusal:
        Term.parse(text)
    assert f"“{text}”" in refusal.value.text


@pytest.mark.parametrize("text", ["999999999wd", "40000d", "5000m", "101y", "32dom", "0qe"])
def test_an_absurd_amount_is_refused_with_its_limits(text: str) -> None:
    with pytest.raises(TermOutOfRange):
        Term.parse(text)


@pytest.mark.parametrize("text", ["26000wd", "100y", "210000wh", "880000h", "36600d", "1200m"])
def test_a_hundred_years_can_be_counted_and_are_provisional(nation: DayTable, text: str) -> None:
    due = nation.due(on("2026-11-23"), Term.parse(text))
    assert due.on is not None
    assert due.on.year > 2100
    assert due.provisional or Term.parse(text).unit is Unit.HOUR


def test_a_term_that_leaves_the_calendar_is_refused(nation: DayTable) -> None:
    for text in ("26000wd", "100y", "210000wh", "36600d"):
        with pytest.raises(DateOutOfReach):
            nation.due(on("2260-11-23"), Term.parse(text))
    with pytest.raises(DateOutOfReach):
        nation.is_workday(date(1850, 1, 1))
    with pytest.raises(DateOutOfReach):
        nation.due_on(date(1850, 1, 1), 5)
    with pytest.raises(DateOutOfReach):
        nation.due_on(date(2400, 1, 1), 5)


def test_a_start_without_a_zone_is_refused(nation: DayTable) -> None:
    with pytest.raises(NaiveMoment):
        nation.due(datetime(2026, 11, 23, 10), Term.parse("20wd"))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("start", "term", "provisional"),
    [
        ("2026-12-03", "20wd", False),  # due Thursday 2026-12-31, the last confirmed day
        ("2026-12-04", "20wd", True),
        ("2006-12-29", "5wd", True),  # before the first confirmed day
        ("2026-12-20", "15d", True),
        ("2026-12-30", "100h", False),  # hours need no calendar
        ("2026-12-31", "8wh", True),
        ("2080-05-05", "20wd", True),
        ("1995-05-05", "20wd", True),
    ],
)
def test_a_due_day_beyond_what_is_published_is_provisional(
    nation: DayTable, start: str, term: str, provisional: bool
) -> None:
    assert nation.due(on(start), Term.parse(term)).provisional is provisional
