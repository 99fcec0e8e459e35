from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.kernel.metrics.packing import IdsAltered, pack_ids, unpack_ids
from zhengxiao.kernel.metrics.rules import (
    Figure,
    Part,
    Period,
    PeriodIsEmpty,
    Rounding,
    display,
    months_of,
    period_of,
    quotient,
    window_of,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


def figure(value: str | None, unit: str = "%") -> Figure:
    moment = datetime(2026, 2, 1, tzinfo=UTC)
    period = Period(moment, moment + timedelta(days=28))
    number = None if value is None else Decimal(value)
    return Figure("x.y", unit, number, Decimal(0), Decimal(0), 0, moment, period)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (
            "0.947999",
            "%",
            "94.79%",
        ),  # truncated, as the provincial report tables do; never rounded up to 94.80
        ("0.999999", "%", "99.99%"),  # one late case in a million is not 100 %
        ("1", "%", "100.00%"),
        ("-0.123456", "%", "-12.34%"),
        ("0", "%", "0.00%"),
        (None, "%", "无数据"),
        ("12", "件", "12"),
        ("1000000", "件", "1000000"),
        ("3.456", "工作日", "3.45"),
    ],
)
def test_a_figure_is_written_truncated_and_never_rounded_up(value: str | None, unit: str, text: str) -> None:
    assert display(figure(value, unit)) == text


def test_rounding_is_a_named_variant() -> None:
    assert display(figure("0.947999"), rounding=Rounding.HALF_UP) == "94.80%"
    assert display(figure("0.947999"), places=1) == "94.7%"


def test_nothing_to_divide_by_is_no_data() -> None:
    assert quotient(Decimal(0), Decimal(0)) is None
    assert quotient(Decimal(0), Decimal(4)) == 0


def test_bare_dates_are_midnights_of_the_platform_zone() -> None:
    period = period_of(date(2026, 2, 1), date(2026, 3, 1), SHANGHAI)
    assert period.start == datetime(2026, 1, 31, 16, tzinfo=UTC)
    assert period.end == datetime(2026, 2, 28, 16, tzinfo=UTC)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(PeriodIsEmpty):
        period_of(date(2026, 2, 1), date(2026, 2, 1), SHANGHAI)


def test_a_running_period_is_known_through_its_cut_off_and_a_past_one_to_its_end() -> None:
    period = period_of(date(2026, 2, 1), date(2026, 3, 1), SHANGHAI)
    noon = datetime(2026, 2, 10, 4, tzinfo=UTC)
    assert window_of(period, noon).end == noon + timedelta(microseconds=1)
    assert window_of(period, datetime(2026, 5, 1, tzinfo=UTC)).end == period.end
    assert window_of(period, datetime(2026, 1, 1, tzinfo=UTC)).end == period.start


def test_months_are_cut_to_the_period_and_to_the_zone() -> None:
    months = months_of(period_of(date(2025, 12, 15), date(2026, 2, 10), SHANGHAI), SHANGHAI)
    assert [key for key, _ in months] == ["2025-12", "2026-01", "2026-02"]
    assert months[0][1] == period_of(date(2025, 12, 15), date(2026, 1, 1), SHANGHAI)
    assert months[1][1] == period_of(date(2026, 1, 1), date(2026, 2, 1), SHANGHAI)
    assert months[2][1] == period_of(date(2026, 2, 1), date(2026, 2, 10), SHANGHAI)


@given(
    st.integers(0, 19 * 365 * 86400).map(lambda n: datetime(2007, 1, 1, tzinfo=UTC) + timedelta(seconds=n)),
    st.timedeltas(timedelta(microseconds=1), timedelta(days=800)),
)
def test_months_cover_the_period_without_gap_or_overlap(start: datetime, length: timedelta) -> None:
    period = Period(start, start + length)
    months = [month for _, month in months_of(period, SHANGHAI)]
    assert months[0].start == period.start
    assert months[-1].end == period.end
    assert all(one.end == following.start for one, following in pairwise(months))


def test_equal_sets_of_ids_give_equal_digests_and_altered_ones_are_noticed() -> None:
    packed, digest = pack_ids({Part.NUMERATOR: [3, 1], Part.DENOMINATOR: [3, 2, 1]})
    assert (packed, digest) == pack_ids({Part.DENOMINATOR: [1, 2, 3], Part.NUMERATOR: [1, 3]})
    assert unpack_ids(packed, digest) == {Part.NUMERATOR: [1, 3], Part.DENOMINATOR: [1, 2, 3]}
    other, _ = pack_ids({Part.NUMERATOR: [1]})
    with pytest.raises(IdsAltered):
        unpack_ids(other, digest)
