"""Pauses: which days they take, and which they do not."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from zhengxiao.kernel.calendar.rules import DayTable, Pause, PauseBackwards, Term, Unit
from zhengxiao.kernel.calendar.tests.oracle import SHANGHAI

FIVE = Term(5, Unit.WORKDAY)
MONDAY = "2026-03-02T09:00"  # five working days later is Monday 2026-03-09


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def pause(begins: str, ends: str | None) -> Pause:
    return Pause(at(begins), None if ends is None else at(ends))


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([], "2026-03-09"),
        (
            [("2026-03-04T10:00", "2026-03-04T16:00")],
            "2026-03-09",
        ),  # the same day: it runs again at the close
        ([("2026-03-04T10:00", "2026-03-05T08:00")], "2026-03-10"),  # Wednesday does not count, Thursday does
        ([("2026-03-06T10:00", "2026-03-09T10:00")], "2026-03-10"),  # across a weekend: Friday only
        ([("2026-03-07T10:00", "2026-03-08T10:00")], "2026-03-09"),  # the weekend only
        ([("2026-03-09T16:00", "2026-03-11T10:00")], "2026-03-11"),  # begins on the due day and moves it
        ([("2026-03-10T08:00", "2026-03-20T10:00")], "2026-03-09"),  # after the due day
        ([("2026-03-03T10:00", "2026-03-05T10:00"), ("2026-03-04T10:00", "2026-03-06T10:00")], "2026-03-12"),
        ([("2026-03-03T10:00", "2026-03-04T10:00"), ("2026-03-10T10:00", "2026-03-11T10:00")], "2026-03-11"),
        (
            [("2026-02-20T10:00", "2026-03-03T10:00")],
            "2026-03-09",
        ),  # ends the day after the start, which counts
        ([("2026-02-20T10:00", "2026-03-04T10:00")], "2026-03-10"),
        ([("2026-03-04T00:00", "2026-03-05T00:00")], "2026-03-10"),  # exactly one day, midnight to midnight
        ([("2026-03-04T10:00", "2026-03-05T10:00"), ("2026-03-05T09:00", "2026-03-05T18:00")], "2026-03-10"),
        ([("2026-03-05T10:00", None)], None),
        ([("2026-03-09T23:59", None)], None),  # open since the due day
        ([("2026-03-10T00:00", None)], "2026-03-09"),  # open, but only after the due day
    ],
)
def test_a_pause_moves_the_due_day_as_the_close_rule_says(
    nation: DayTable, pauses: list[tuple[str, str | None]], due: str | None
) -> None:
    result = nation.due(at(MONDAY), FIVE, [pause(*pair) for pair in pauses])
    assert result.on == (None if due is None else date.fromisoformat(due))
    assert (result.at is None) == (due is None)


def test_the_order_in_which_pauses_are_given_does_not_matter(nation: DayTable) -> None:
    pauses = [pause("2026-03-03T10:00", "2026-03-04T10:00"), pause("2026-03-10T10:00", "2026-03-11T10:00")]
    assert nation.due(at(MONDAY), FIVE, pauses) == nation.due(at(MONDAY), FIVE, pauses[::-1])


def test_a_pause_in_the_days_a_calendar_term_is_put_off_by_holds_its_end(nation: DayTable) -> None:
    term = Term(15, Unit.DAY)  # from Friday 2026-11-06: nominal end Saturday 11-21, due Monday 11-23
    held = [pause("2026-11-22T10:00", "2026-11-26T10:00")]
    assert nation.due(at("2026-11-06T10:00"), term, held).on == date(2026, 11, 26)
    assert nation.due(at("2026-11-06T10:00"), term, [pause("2026-11-22T10:00", None)]).at is None


def test_a_fixed_date_is_not_moved_by_a_pause(nation: DayTable) -> None:
    assert nation.due(at(MONDAY), Term.parse("22dom"), [pause("2026-03-05T10:00", None)]).on == date(
        2026, 3, 22
    )


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(PauseBackwards):
        pause("2026-03-05T10:00", "2026-03-04T10:00")


@pytest.mark.parametrize(
    ("until", "used"),
    [
        ("2026-03-02T17:00", 0),  # the start day
        ("2026-03-03T08:00", 1),
        ("2026-03-04T09:00", 2),  # the pause has not begun yet
        ("2026-03-04T11:00", 1),  # now it has
        ("2026-03-05T09:00", 1),
        ("2026-03-05T11:00", 2),  # it runs again
        ("2026-03-08T11:00", 3),  # Sunday
    ],
)
def test_the_day_at_hand_counts_when_the_clock_runs_now(nation: DayTable, until: str, used: int) -> None:
    held = [pause("2026-03-04T10:00", "2026-03-05T10:00")]
    assert nation.used(at(MONDAY), at(until), Unit.WORKDAY, held) == used


def test_what_is_used_at_the_due_moment_is_the_whole_term(nation: DayTable) -> None:
    held = [pause("2026-03-04T10:00", "2026-03-05T10:00"), pause("2026-03-09T10:00", "2026-03-12T10:00")]
    for text in ("5wd", "20wd", "2wh", "30wh", "48h"):
        term = Term.parse(text)
        due = nation.due(at(MONDAY), term, held)
        assert due.at is not None
        assert nation.used(at(MONDAY), due.at, term.unit, held) == term.amount


def test_an_hour_term_leaves_the_exact_interval_out(nation: DayTable) -> None:
    held = [pause("2026-03-02T10:15", "2026-03-02T11:45"), pause("2026-03-02T11:00", "2026-03-02T12:00")]
    assert nation.due(at(MONDAY), Term.parse("48h"), held).at == at("2026-03-04T10:45")
    assert nation.due(at(MONDAY), Term.parse("48h"), [pause("2026-03-04T09:00", None)]).at is None
    assert nation.due(at(MONDAY), Term.parse("48h"), [pause("2026-03-04T09:01", None)]).at == at(
        "2026-03-04T09:00"
    )
