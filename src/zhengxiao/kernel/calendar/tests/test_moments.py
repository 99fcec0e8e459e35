"""Working time of many moments at once is what one at a time gives."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengxiao.kernel.calendar.rules import (
    DayTable,
    Session,
    Unit,
    build_table,
    in_session_many,
    local_days,
    work_many,
)

FIRST, LAST = datetime(2025, 1, 1), datetime(2027, 3, 1)  # noqa: DTZ001 - instants in UTC, as numpy has them
ON_THE_HALF = st.integers(0, 2 * 24 * 780).map(lambda halves: FIRST + timedelta(minutes=30 * halves))
MOMENTS = st.datetimes(FIRST, LAST) | ON_THE_HALF
BOSTON = build_table(
    region="US", version=0, marks={}, confirmed=[(FIRST.date(), LAST.date())], zone="America/New_York",
    sessions=[Session(time(9), time(17))],
)  # fmt: skip


def instants(moments: list[datetime]) -> np.ndarray:
    return np.array(moments, dtype="datetime64[us]")


@settings(deadline=None)
@given(pairs=st.lists(st.tuples(MOMENTS, MOMENTS), min_size=1, max_size=20), abroad=st.booleans())
def test_working_time_in_bulk_is_the_working_time_of_each_pair(
    nation: DayTable, pairs: list[tuple[datetime, datetime]], abroad: bool
) -> None:
    table = BOSTON if abroad else nation
    expected = [
        round(table.used_seconds(a.replace(tzinfo=UTC), b.replace(tzinfo=UTC), Unit.WORKHOUR) * 1_000_000)
        for a, b in pairs
    ]
    found = work_many(table, instants([a for a, _ in pairs]), instants([b for _, b in pairs]))
    assert found.tolist() == expected


@settings(deadline=None)
@given(moments=st.lists(MOMENTS, min_size=1, max_size=20), abroad=st.booleans())
def test_in_session_is_a_microsecond_that_counts(
    nation: DayTable, moments: list[datetime], abroad: bool
) -> None:
    table = BOSTON if abroad else nation
    tick = timedelta(microseconds=1)
    expected = [
        table.used_seconds(m.replace(tzinfo=UTC), (m + tick).replace(tzinfo=UTC), Unit.WORKHOUR) > 0
        for m in moments
    ]
    assert in_session_many(table, instants(moments)).tolist() == expected


@settings(deadline=None)
@given(moments=st.lists(MOMENTS, max_size=20), zone=st.sampled_from(["Asia/Shanghai", "America/New_York"]))
def test_the_local_day_in_bulk_is_that_of_each_moment(moments: list[datetime], zone: str) -> None:
    there = ZoneInfo(zone)
    expected = [m.replace(tzinfo=UTC).astimezone(there).date() for m in moments]
    assert local_days(instants(moments), there).tolist() == expected


def test_nothing_asked_is_nothing_answered(nation: DayTable) -> None:
    none = np.zeros(0, dtype="datetime64[us]")
    assert work_many(nation, none, none).size == in_session_many(nation, none).size == 0
