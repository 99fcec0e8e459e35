"""A city abroad: its own zone, weekend and clock changes."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np

from zhengxiao.kernel.calendar.rules import DayMark, DayTable, Pause, Session, Term, Unit, build_table

BOSTON = ZoneInfo("America/New_York")


def boston() -> DayTable:
    marks = {date(2026, 7, 3): DayMark(date(2026, 7, 3), False, "Independence Day", "City notice")}
    return build_table(
        region="US-BOSTON",
        version=3,
        marks=marks,
        confirmed=[(date(2026, 1, 1), date(2026, 12, 31))],
        zone="America/New_York",
        sessions=[Session(time(9), time(17), weekdays=(0, 1, 2, 3, 4))],
    )


def test_hours_are_elapsed_time_across_a_clock_change() -> None:
    start = datetime(2026, 3, 7, 12, tzinfo=BOSTON)  # clocks go forward in the following night
    assert boston().due(start, Term.parse("24h")).at == datetime(2026, 3, 8, 13, tzinfo=BOSTON)


def test_day_boundaries_are_local() -> None:
    table = boston()
    late = datetime.fromisoformat("2026-03-06T03:30+00:00")  # still Thursday evening in Boston
    assert table.due(late, Term.parse("1wd")).on == date(2026, 3, 6)
    end = table.due(late, Term.parse("1wd")).at
    assert end == datetime.fromisoformat("2026-03-06T23:59:59.999999-05:00")


def test_work_hours_follow_the_wall_clock_over_a_change() -> None:
    start = datetime(2026, 3, 6, 16, tzinfo=BOSTON)  # Friday
    assert boston().due(start, Term.parse("2wh")).at == datetime(2026, 3, 9, 10, tzinfo=BOSTON)


def test_a_holiday_of_the_city_does_not_count() -> None:
    assert boston().due(datetime(2026, 7, 2, 10, tzinfo=BOSTON), Term.parse("1wd")).on == date(2026, 7, 6)


def test_a_pause_of_days_is_taken_in_local_days() -> None:
    held = [
        Pause(
            datetime.fromisoformat("2026-03-04T02:00+00:00"), datetime.fromisoformat("2026-03-05T02:00+00:00")
        )
    ]
    # local: Tuesday 21:00 to Wednesday 21:00, so Tuesday does not count
    assert boston().due(datetime(2026, 3, 2, 10, tzinfo=BOSTON), Term.parse("2wd"), held).on == date(
        2026, 3, 5
    )


def test_a_day_whose_end_comes_twice_ends_the_second_time() -> None:
    havana = build_table(
        region="X",
        version=1,
        marks={},
        confirmed=[(date(2026, 1, 1), date(2026, 12, 31))],
        zone="America/Havana",
    )
    end = havana.close_of(date(2026, 10, 31))
    assert end.utcoffset() == datetime(2026, 10, 31, 12, tzinfo=havana.zone).utcoffset()
    assert end < havana.midnight(date(2026, 11, 2))


def test_a_friday_and_saturday_weekend_is_a_setting() -> None:
    table = build_table(
        region="X",
        version=1,
        marks={},
        confirmed=[(date(2026, 1, 1), date(2026, 12, 31))],
        zone="Asia/Riyadh",
        rest_weekdays=(4, 5),
    )
    assert table.due_on(date(2026, 3, 5), 1) == date(2026, 3, 8)  # Thursday to Sunday
    starts = np.array(["2026-03-05"], dtype="datetime64[D]")
    assert table.due_many(starts, Term(1, Unit.WORKDAY))[0].tolist() == [date(2026, 3, 8)]
