"""Yearly files and the shipped years."""

from __future__ import annotations

import json
from datetime import date, time
from pathlib import Path

import pytest

from zhengxiao.kernel.calendar.gazette import (
    YearFileUnreadable,
    YearNotPublished,
    read_json,
    read_toml,
    shipped_years,
)
from zhengxiao.kernel.calendar.reading import PauseUnreadable, read_arrangements, read_moment, read_pause
from zhengxiao.kernel.calendar.rules import DayTable
from zhengxiao.kernel.calendar.tests.oracle import SHANGHAI


@pytest.mark.parametrize("year", range(2007, 2027))
def test_a_yearly_file_says_what_the_shipped_table_says(
    shared_data: Path, nation: DayTable, year: int
) -> None:
    found = read_json((shared_data / "calendar" / f"{year}.json").read_text(encoding="utf-8"))
    assert found.confirmed == (date(year, 1, 1), date(year, 12, 31))
    assert found.url
    ours = {
        mark.date: mark.is_workday
        for shipped in shipped_years()
        for mark in shipped.marks
        if shipped.confirmed == found.confirmed
    }
    assert {mark.date: mark.is_workday for mark in found.marks} == ours


def test_a_year_that_is_not_published_is_refused(shared_data: Path) -> None:
    with pytest.raises(YearNotPublished, match="2027"):
        read_json((shared_data / "calendar" / "2027.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{}",
        "{",
        '{"year": 2026, "days": [{"date": "2026-02-30", "isOffDay": true}]}',
        '{"year": 2026, "days": [{"date": "2026-02-03", "isOffDay": "yes"}]}',
        '{"year": 2026, "days": [{"date": "2020-02-03", "isOffDay": true}]}',
        '{"year": 2026, "days": [{"date": "2026-02-03", "isOffDay": true}, {"date": "2026-02-03", "isOffDay": false}]}',
    ],
)
def test_a_file_with_a_fault_is_refused_whole(content: str) -> None:
    with pytest.raises(YearFileUnreadable):
        read_json(content)


def test_half_a_year_settles_no_year() -> None:
    content = {"year": 2027, "papers": [], "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}]}
    assert read_json(json.dumps(content)).confirmed is None


def test_local_days_are_read_from_toml() -> None:
    text = 'title = "停办公告"\nurl = "https://example.org/1"\n[[days]]\ndate = 2026-08-03\nworks = false\nname = "台风"\n'
    text += '[[days]]\ndate = "2026-08-04"\nworks = "ordinary"\n'
    (found,) = read_arrangements(text)
    assert [(mark.date.day, mark.is_workday, mark.local) for mark in found.marks] == [
        (3, False, True),
        (4, None, True),
    ]
    with pytest.raises(YearFileUnreadable):
        read_toml("a = 1")


def test_a_change_within_the_year_cites_its_own_notice(nation: DayTable) -> None:
    assert "延长2020年春节假期" in nation.marks[date(2020, 2, 3)].source_title
    assert "content_5472352" in nation.marks[date(2020, 2, 3)].source_url


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("2026-03-02:2026-03-09", "2026-03-02T00:00", "2026-03-09T00:00"),
        ("2026-03-02T10:00:2026-03-09T09:30", "2026-03-02T10:00", "2026-03-09T09:30"),
        ("2026-03-02T10:00:30:2026-03-09", "2026-03-02T10:00:30", "2026-03-09T00:00"),
        ("2026-03-02T10:00+08:00:2026-03-09T09:30+08:00", "2026-03-02T10:00", "2026-03-09T09:30"),
        ("2026-03-02:", "2026-03-02T00:00", None),
        ("2026-03-02T10:00:", "2026-03-02T10:00", None),
    ],
)
def test_a_pause_is_split_between_its_two_moments(text: str, begins: str, ends: str | None) -> None:
    pause = read_pause(text, SHANGHAI)
    assert pause.start == read_moment(begins, SHANGHAI)
    assert pause.end == (None if ends is None else read_moment(ends, SHANGHAI))


@pytest.mark.parametrize("text", ["2026-03-02", "2026-03-02-2026-03-09", ":2026-03-02", "a:b"])
def test_a_pause_that_cannot_be_split_is_refused(text: str) -> None:
    with pytest.raises(PauseUnreadable):
        read_pause(text, SHANGHAI)


def test_midnight_is_where_a_date_begins() -> None:
    assert read_moment("2026-03-02", SHANGHAI).time() == time(0)
