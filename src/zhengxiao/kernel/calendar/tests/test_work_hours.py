"""Work hours: sessions 09:00–12:00 and 13:30–17:30 unless a calendar has others."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

import pytest

from zhengxiao.kernel.calendar.rules import DayTable, Pause, Session, Term, Unit, build_table
from zhengxiao.kernel.calendar.tests import oracle


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=oracle.SHANGHAI)


@pytest.mark.parametrize(
    ("start", "term", "due"),
    [
        ("2026-03-02T09:30", "2wh", "2026-03-02T11:30"),  # Monday morning
        ("2026-03-02T11:00", "2wh", "2026-03-02T14:30"),  # across lunch
        ("2026-03-02T10:00", "2wh", "2026-03-02T12:00"),  # reached at the end of the morning, not after lunch
        ("2026-03-02T16:30", "2wh", "2026-03-03T10:00"),  # into Tuesday
        ("2026-03-06T16:30", "2wh", "2026-03-09T10:00"),  # Friday, across the weekend
        ("2026-03-07T08:00", "2wh", "2026-03-09T11:00"),  # Saturday
        ("2026-02-14T16:30", "2wh", "2026-02-24T10:00"),  # make-up Saturday, across Spring Festival
        ("2026-02-13T17:00", "2wh", "2026-02-14T10:30"),  # Friday into the make-up Saturday
        ("2026-03-02T22:00", "1wh", "2026-03-03T10:00"),  # at night
        ("2026-03-02T12:30", "1wh", "2026-03-02T14:30"),  # at lunch
        ("2026-03-02T09:00", "7wh", "2026-03-02T17:30"),  # a whole day
        ("2026-03-02T09:00", "70wh", "2026-03-13T17:30"),  # ten whole days
        ("2026-03-02T09:30", "0wh", "2026-03-02T09:30"),
        (
            "2026-09-30T17:29:59.5",
            "1wh",
            "2026-10-08T09:59:59.5",
        ),  # the eve of National Day, to the microsecond
    ],
)
def test_work_hours_run_inside_the_sessions_only(nation: DayTable, start: str, term: str, due: str) -> None:
    result = nation.due(at(start), Term.parse(term))
    assert result.at == at(due)
    assert result.on == at(due).date()


def test_work_hours_agree_with_a_walk_minute_by_minute(nation: DayTable) -> None:
    chance = random.Random(5)  # noqa: S311
    for _ in range(60):
        start = at("2025-01-01T00:00") + timedelta(minutes=chance.randint(0, 60 * 24 * 690))
        hours = chance.choice([1, 2, 4, 8, 16])
        pauses = []
        for _pause in range(chance.randint(0, 2)):
            stop = start + timedelta(minutes=chance.randint(-600, 6000))
            pauses.append((stop, stop + timedelta(minutes=chance.randint(0, 4000))))
        expected = oracle.minutes_at_work(nation.is_workday, start, hours * 60, pauses)
        held = [Pause(*pair) for pair in pauses]
        due = nation.due(start, Term(hours, Unit.WORKHOUR), held)
        assert due.at is not None
        if not any(begins <= due.at < ends for begins, ends in pauses):
            assert due.at in (expected, min([expected, *(b for b, _e in pauses if b >= due.at)]))
        assert nation.used_seconds(start, due.at, Unit.WORKHOUR, held) == hours * 3600


def table(*sessions: Session, zone: str = "Asia/Shanghai", rest: tuple[int, ...] = (5, 6)) -> DayTable:
    return build_table(
        region="TEST",
        version=1,
        marks={},
        confirmed=[(date(2026, 1, 1), date(2026, 12, 31))],
        zone=zone,
        rest_weekdays=rest,
        sessions=sessions,
    )


def test_summer_hours_hold_in_summer() -> None:
    summer = Session(time(8), time(11), month_from=6, day_from=1, month_to=9, day_to=30)
    winter = Session(time(9), time(12), month_from=10, day_from=1, month_to=5, day_to=31)
    seasonal = table(summer, winter)
    assert seasonal.due(at("2026-05-29T11:00"), Term.parse("2wh")).at == at(
        "2026-06-01T09:00"
    )  # Friday to Monday
    assert seasonal.due(at("2026-09-30T10:00"), Term.parse("2wh")).at == at("2026-10-01T10:00")
    assert seasonal.due(at("2026-12-31T11:00"), Term.parse("2wh")).at == at("2027-01-01T10:00")


def test_a_short_friday_is_short() -> None:
    days = Session(time(9), time(17), weekdays=(0, 1, 2, 3))
    friday = Session(time(9), time(12), weekdays=(4,))
    assert table(days, friday).due(at("2026-03-06T11:00"), Term.parse("2wh")).at == at("2026-03-09T10:00")


def test_a_desk_open_around_the_clock_works_through_a_night_of_25_hours() -> None:
    boston = table(Session(time(0), time(0)), zone="America/New_York", rest=())
    start = datetime.fromisoformat("2026-10-31T12:00-04:00")
    due = boston.due(start, Term.parse("24wh"))
    assert due.at == datetime.fromisoformat("2026-11-01T11:00-05:00")  # clocks go back on Sunday at 2
    assert (
        boston.used_seconds(start, datetime.fromisoformat("2026-11-02T00:00-05:00"), Unit.WORKHOUR)
        == 37 * 3600
    )


def test_an_office_that_never_opens_is_refused_instead_of_searched_for_ever() -> None:
    never = table(Session(time(9), time(12), weekdays=(6,)))
    with pytest.raises(Exception, match="超出日历可计算的范围"):
        never.due(at("2026-03-02T09:00"), Term.parse("1wh"))
