"""Working-day terms: the vectors of the reference, named weekdays, and two other implementations."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengxiao.kernel.calendar.gazette import shipped_table
from zhengxiao.kernel.calendar.rules import DayTable, Pause, Term, Unit
from zhengxiao.kernel.calendar.tests import oracle

TERMS = ["1wd", "2wd", "5wd", "7wd", "10wd", "15wd", "20wd", "45wd", "60wd", "15d", "60d", "3m", "1y"]
FIRST, LAST = date(2007, 1, 1), date(2026, 12, 31)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=oracle.SHANGHAI)


@pytest.mark.parametrize(
    ("start", "workdays", "due"),
    [
        ("2026-09-24 Thu", 5, "2026-10-09 Fri"),  # Mid-Autumn and National Day lie between
        ("2026-09-24 Thu", 20, "2026-10-29 Thu"),
        ("2026-02-13 Fri", 5, "2026-02-27 Fri"),  # make-up Saturday 02-14 counts
        ("2026-02-13 Fri", 20, "2026-03-19 Thu"),  # make-up Saturday 02-28 counts
        ("2026-02-14 Sat", 1, "2026-02-24 Tue"),  # starts on a make-up Saturday, the eve of Spring Festival
        ("2026-04-30 Thu", 7, "2026-05-13 Wed"),  # make-up Saturday 05-09 counts
        ("2025-09-28 Sun", 5, "2025-10-11 Sat"),  # the due day is a make-up Saturday
        ("2025-09-30 Tue", 7, "2025-10-16 Thu"),
        ("2024-02-09 Fri", 5, "2024-02-22 Thu"),  # make-up Sunday 02-18 counts
        ("2024-09-13 Fri", 20, "2024-10-17 Thu"),  # four make-up days near
        ("2023-09-28 Thu", 5, "2023-10-11 Wed"),
        ("2023-01-20 Fri", 5, "2023-02-01 Wed"),
        ("2018-10-15 Mon", 7, "2018-10-24 Wed"),
        ("2018-10-15 Mon", 10, "2018-10-29 Mon"),
        ("2026-11-20 Fri", 7, "2026-12-01 Tue"),
        ("2022-12-29 Thu", 2, "2023-01-03 Tue"),  # New Year 2023 began on 2022-12-31
        ("2018-12-28 Fri", 2, "2019-01-02 Wed"),  # make-up Saturday 2018-12-29 belongs to the 2019 notice
    ],
)
def test_the_reference_vectors_come_out(nation: DayTable, start: str, workdays: int, due: str) -> None:
    begins, ends = start.split()[0], due.split()[0]
    assert date.fromisoformat(begins).strftime("%a") == start.split()[1]
    assert date.fromisoformat(ends).strftime("%a") == due.split()[1]
    result = nation.due(moment(f"{begins}T10:30"), Term(workdays, Unit.WORKDAY))
    assert result.on == date.fromisoformat(ends)
    assert result.at == moment(f"{ends}T23:59:59.999999")
    assert not result.provisional
    assert nation.due_on(date.fromisoformat(begins), workdays) == result.on


def test_every_day_of_twenty_years_agrees_with_another_calendar(nation: DayTable) -> None:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    assert [day for day in days if nation.is_workday(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.parametrize(("year", "workdays"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_the_published_number_of_working_days(nation: DayTable, year: int, workdays: int) -> None:
    assert nation.workdays_between(date(year - 1, 12, 31), date(year, 12, 31)) == workdays


def pauses_near(start: date, chance: random.Random) -> list[Pause]:
    pauses = []
    for _ in range(chance.randint(1, 3)):
        begins = datetime.combine(start, datetime.min.time(), oracle.SHANGHAI) + timedelta(
            days=chance.randint(-2, 30), minutes=chance.randint(0, 1439)
        )
        ends = begins + timedelta(minutes=chance.choice([30, 600, 1440, 4000, 9000, 20000]))
        pauses.append(Pause(begins, None if chance.random() < 0.05 else ends))
    return pauses


@pytest.mark.parametrize("text", TERMS)
def test_a_walk_day_by_day_agrees_from_every_eleventh_day(nation: DayTable, text: str) -> None:
    term, chance = Term.parse(text), random.Random(text)  # noqa: S311
    for offset in range(0, (LAST - FIRST).days - 420, 11):
        start = FIRST + timedelta(days=offset)
        begins = datetime.combine(start, datetime.min.time(), oracle.SHANGHAI) + timedelta(hours=10)
        pauses = pauses_near(start, chance)
        plain = [(pause.start, pause.end) for pause in pauses]
        expected = oracle.due_on(chinese_calendar.is_workday, start, term.amount, term.unit.value)
        held = oracle.due_on(chinese_calendar.is_workday, start, term.amount, term.unit.value, plain)
        assert nation.due(begins, term).on == expected, start
        assert nation.due(begins, term, pauses).on == held, (start, pauses)


@settings(max_examples=300, deadline=None)
@given(
    start=st.datetimes(datetime(2007, 1, 1), datetime(2024, 12, 31)),  # noqa: DTZ001
    text=st.sampled_from(TERMS),
    pieces=st.lists(st.tuples(st.integers(-3000, 40000), st.integers(0, 30000) | st.none()), max_size=4),
)
def test_any_start_and_any_pauses_agree_with_the_walk(
    start: datetime, text: str, pieces: list[tuple[int, int | None]]
) -> None:
    begins, term = start.replace(tzinfo=oracle.SHANGHAI), Term.parse(text)
    pauses = []
    for offset, minutes in pieces:
        stop = begins + timedelta(minutes=offset)
        pauses.append(Pause(stop, None if minutes is None else stop + timedelta(minutes=minutes)))
    plain = [(pause.start, pause.end) for pause in pauses]
    expected = oracle.due_on(shipped_table().is_workday, start.date(), term.amount, term.unit.value, plain)
    due = shipped_table().due(begins, term, pauses)
    assert due.on == expected
    assert (due.at is None) == (expected is None)


@settings(max_examples=200, deadline=None)
@given(
    start=st.dates(date(2007, 1, 1), date(2026, 6, 1)),
    n=st.integers(1, 130),
)
def test_counting_forth_and_back_meet(start: date, n: int) -> None:
    table = shipped_table()
    due = table.nth_workday_from(start, n)
    assert table.workdays_between(start, due) == n
    assert table.workdays_between(due, start) == -n
    assert table.nth_workday_from(due, -n) == table.nth_workday_from(
        start, -1 if not table.is_workday(start) else 0
    )


def test_the_zeroth_working_day_is_the_day_itself_or_the_next(nation: DayTable) -> None:
    assert nation.nth_workday_from(date(2026, 11, 20), 0) == date(2026, 11, 20)  # Friday
    assert nation.nth_workday_from(date(2026, 11, 21), 0) == date(2026, 11, 23)  # Saturday
    assert nation.due(moment("2026-11-20T10:00"), Term(0, Unit.WORKDAY)).on == date(2026, 11, 20)
    assert nation.due(moment("2026-11-21T10:00"), Term(0, Unit.WORKDAY)).on == date(2026, 11, 23)


def test_the_last_millisecond_of_a_day_and_the_first_of_the_next_start_apart(nation: DayTable) -> None:
    one = Term(1, Unit.WORKDAY)
    assert nation.due(moment("2026-11-19T23:59:59.999"), one).on == date(2026, 11, 20)  # Thursday
    assert nation.due(moment("2026-11-20T00:00:00"), one).on == date(2026, 11, 23)  # Friday


def test_the_local_day_counts_whatever_zone_the_moment_is_written_in(nation: DayTable) -> None:
    start = datetime.fromisoformat("2026-11-19T16:30:00+00:00")  # half past midnight of Friday in Shanghai
    assert nation.due(start, Term(1, Unit.WORKDAY)).on == date(2026, 11, 23)
