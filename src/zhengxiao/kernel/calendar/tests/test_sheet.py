"""The calculation sheet: a line per day, with the rule and the source."""

from __future__ import annotations

from datetime import date, datetime

from zhengxiao.kernel.calendar.rules import DayTable, Pause, Reason, Term
from zhengxiao.kernel.calendar.tests.oracle import SHANGHAI


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_the_sheet_of_a_workday_term_names_every_day_and_its_source(nation: DayTable) -> None:
    lines = nation.explain(at("2026-09-24T10:00"), Term.parse("5wd"))
    assert [(line.date.isoformat()[5:], line.reason, line.index) for line in lines] == [
        ("09-24", Reason.START_DAY, None),
        ("09-25", Reason.HOLIDAY, None),
        ("09-26", Reason.HOLIDAY, None),
        ("09-27", Reason.HOLIDAY, None),
        ("09-28", Reason.WORKDAY, 1),
        ("09-29", Reason.WORKDAY, 2),
        ("09-30", Reason.WORKDAY, 3),
        *[(f"10-0{day}", Reason.HOLIDAY, None) for day in range(1, 8)],
        ("10-08", Reason.WORKDAY, 4),
        ("10-09", Reason.WORKDAY, 5),
    ]
    assert [line.date for line in lines if line.is_due] == [date(2026, 10, 9)]
    assert lines[1].name == "中秋节"
    assert lines[8].name == "国庆节"
    assert lines[8].source == "国务院办公厅关于2026年部分节假日安排的通知"
    assert lines[8].source_url.startswith("https://www.gov.cn/")
    assert lines[4].source == "国务院关于职工工作时间的规定"


def test_make_up_days_and_pauses_are_told_apart(nation: DayTable) -> None:
    held = [Pause(at("2026-02-26T10:00"), at("2026-02-27T10:00"))]
    lines = {
        line.date: line
        for line in nation.explain(at("2026-02-13T10:00"), Term.parse("5wd"), held, at("2026-03-03T10:00"))
    }
    assert lines[date(2026, 2, 14)].reason is Reason.MAKEUP_WORKDAY
    assert lines[date(2026, 2, 14)].counted
    assert lines[date(2026, 2, 26)].reason is Reason.PAUSED
    assert not lines[date(2026, 2, 26)].counted
    assert lines[date(2026, 2, 28)].is_due
    assert lines[date(2026, 3, 1)].reason is Reason.WEEKEND
    assert lines[date(2026, 3, 3)].index == 7  # two days over


def test_days_beyond_the_horizon_are_marked_as_estimates(nation: DayTable) -> None:
    lines = nation.explain(at("2026-12-30T10:00"), Term.parse("5wd"))
    beyond = [line for line in lines if line.date > date(2026, 12, 31)]
    assert {line.reason for line in beyond} == {Reason.PROVISIONAL_WEEKDAY, Reason.PROVISIONAL_WEEKEND}
    assert all(line.provisional and not line.source for line in beyond)
    assert not any(line.provisional for line in lines if line.date <= date(2026, 12, 31))


def test_an_end_on_a_rest_day_is_shown_as_put_off(nation: DayTable) -> None:
    lines = nation.explain(at("2026-11-06T10:00"), Term.parse("15d"))
    assert [(line.index, line.reason) for line in lines[-3:]] == [
        (15, Reason.CALENDAR_DAY),  # Saturday, the nominal end
        (None, Reason.ROLLED),
        (None, Reason.ROLLED),
    ]
    assert lines[-1].is_due
    assert lines[-1].date == date(2026, 11, 23)


def test_work_hours_are_told_by_seconds_a_day(nation: DayTable) -> None:
    held = [Pause(at("2026-03-09T09:00"), at("2026-03-09T09:30"))]
    lines = nation.explain(at("2026-03-06T16:30"), Term.parse("2wh"), held)
    assert [(line.date.day, line.seconds, line.reason) for line in lines] == [
        (6, 3600, Reason.WORKDAY),
        (7, 0, Reason.WEEKEND),
        (8, 0, Reason.WEEKEND),
        (9, 3600, Reason.WORKDAY),
    ]
    assert lines[-1].is_due
    assert sum(line.seconds or 0 for line in lines) == 7200


def test_an_open_pause_leaves_the_sheet_without_a_due_day(nation: DayTable) -> None:
    lines = nation.explain(
        at("2026-03-02T09:00"), Term.parse("5wd"), [Pause(at("2026-03-04T10:00"))], at("2026-03-06T09:00")
    )
    assert [line.reason for line in lines[-3:]] == [Reason.PAUSED] * 3
    assert not any(line.is_due for line in lines)


def test_the_counted_lines_are_as_many_as_the_term(nation: DayTable) -> None:
    held = [Pause(at("2026-04-10T10:00"), at("2026-04-20T10:00"))]
    for text in ("20wd", "45wd", "60d", "3m", "1y"):
        lines = nation.explain(at("2026-03-30T10:00"), Term.parse(text), held)
        expected = nation.nominal_days(at("2026-03-30T10:00"), Term.parse(text)) or Term.parse(text).amount
        assert sum(line.counted for line in lines) == expected
        assert lines[-1].is_due


def test_a_sheet_for_a_fixed_date_in_the_past_has_its_start_only(nation: DayTable) -> None:
    lines = nation.explain(at("2026-11-23T10:00"), Term.parse("on2026-11-01"))
    assert [line.date for line in lines] == [date(2026, 11, 23)]


def test_every_reason_has_words() -> None:
    assert all(reason.label for reason in Reason)
