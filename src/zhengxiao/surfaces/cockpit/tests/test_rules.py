from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.surfaces.cockpit.rules import CUSTOM, PERIODS, Days, month_at, span_of, trend_of

DAYS = st.dates(date(2001, 1, 1), date(2198, 12, 31))


def test_the_running_month_is_compared_to_the_same_days_of_the_last():
    span = span_of("month", date(2026, 3, 31))
    assert span.days == Days(date(2026, 3, 1), date(2026, 3, 31))
    assert span.before == Days(date(2026, 2, 1), date(2026, 2, 28))


def test_the_year_is_compared_to_the_year_before_up_to_the_same_day():
    span = span_of("year", date(2028, 2, 29))
    assert span.before == Days(date(2027, 1, 1), date(2027, 2, 28))


def test_days_of_ones_own_are_compared_to_as_many_before():
    span = span_of(CUSTOM, date(2026, 3, 26), date(2026, 3, 2), date(2026, 3, 6))
    assert span.before == Days(date(2026, 2, 25), date(2026, 3, 1))


@given(DAYS, st.sampled_from(sorted(PERIODS)))
def test_a_comparison_never_overlaps_its_period(today, key):
    span = span_of(key, today)
    assert span.before.first <= span.before.last < span.days.first <= span.days.last


@given(DAYS, st.integers(-30, 30))
def test_a_month_begins_on_the_first_and_ends_before_the_next(day, months):
    found = month_at(day, months)
    assert found.first.day == 1
    assert (found.last + timedelta(days=1)).day == 1
    assert (found.first.year * 12 + found.first.month) - (day.year * 12 + day.month) == months


@given(DAYS)
def test_a_trend_is_twelve_months(day):
    days = trend_of(day)
    assert (days.last.year * 12 + days.last.month) - (days.first.year * 12 + days.first.month) == 11
