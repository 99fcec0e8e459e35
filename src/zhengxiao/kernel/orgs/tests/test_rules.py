from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.kernel.orgs.rules import (
    Level,
    covers,
    is_below,
    must_stay_apart,
    periods_overlap,
    region_level,
    region_path,
    unit_code_is_well_formed,
)
from zhengxiao.lib.actors import Role


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("000000000000", Level.NATION),
        ("440000000000", Level.PROVINCE),
        ("440100000000", Level.CITY),
        ("441900000000", Level.CITY),
        ("440103000000", Level.COUNTY),
        ("429004000000", Level.COUNTY),
        ("440103001000", Level.TOWN),
        ("441900003000", Level.TOWN),
        ("440103001001", Level.VILLAGE),
    ],
)
def test_the_shape_of_a_code_tells_its_level(code: str, level: Level) -> None:
    assert region_level(code) is level


@pytest.mark.parametrize(
    "code",
    [
        "",
        "44",
        "44010300000",
        "4401030000000",
        "04010300000a",
        "040000000000",
        "44010300000\n",
        "４４０１０３００００００",
    ],
)
def test_a_code_of_another_shape_has_no_level(code: str) -> None:
    assert region_level(code) is None


@given(st.integers(min_value=0, max_value=999_999_999_999))
def test_every_twelve_digits_have_at_most_the_level_of_their_last_group_that_is_not_zero(number: int) -> None:
    code = f"{number:012d}"
    groups = [code[:2], code[2:4], code[4:6], code[6:9], code[9:]]
    filled = [index for index, group in enumerate(groups) if int(group)]
    expected = None if code[0] == "0" and number else Level(filled[-1] + 2 if filled else 1)
    assert region_level(code) == expected


def test_the_path_holds_the_digits_of_each_level() -> None:
    assert region_path("000000000000", Level.NATION, None) == "/"
    assert region_path("440000000000", Level.PROVINCE, "/") == "/44/"
    assert region_path("440103000000", Level.COUNTY, "/44/4401/") == "/44/4401/440103/"


@pytest.mark.parametrize(
    ("child", "parent", "fits"),
    [
        ("440103000000", "440100000000", True),
        ("441900003000", "441900000000", True),
        ("429004000000", "420000000000", True),
        ("440000000000", "000000000000", True),
        ("440203000000", "440100000000", False),
        ("440100000000", "440103000000", False),
        ("440100000000", "440100000000", False),
    ],
)
def test_a_region_lies_below_a_parent_whose_digits_it_begins_with(
    child: str, parent: str, fits: bool
) -> None:
    child_level, parent_level = region_level(child), region_level(parent)
    assert child_level is not None
    assert parent_level is not None
    assert is_below(child, child_level, parent, parent_level) is fits


days = st.integers(min_value=0, max_value=12)
START = date(2026, 2, 9)
END_OF_TIME = 40


def _days(first: int, last: int | None) -> set[int]:
    return set(range(first, END_OF_TIME if last is None else last))


def _date(day: int | None) -> date | None:
    return None if day is None else START + timedelta(days=day)


@given(days, st.none() | days, days, st.none() | days)
def test_periods_overlap_when_they_share_a_day(a: int, b: int | None, c: int, d: int | None) -> None:
    shared = _days(a, b) & _days(c, d)
    assert periods_overlap(_date(a), _date(b), _date(c), _date(d)) == bool(shared)  # type: ignore[arg-type]


@given(days, st.none() | days, days, days)
def test_a_period_covers_another_when_it_holds_all_its_days(a: int, b: int | None, c: int, d: int) -> None:
    if d <= c:
        return
    assert covers(_date(a), _date(b), _date(c), _date(d)) == (_days(c, d) <= _days(a, b))  # type: ignore[arg-type]


@pytest.mark.parametrize("code", ["", "-A", "A B", "A/B", "市监", "A\n", "x" * 33])
def test_a_unit_code_with_other_signs_is_malformed(code: str) -> None:
    assert not unit_code_is_well_formed(code)


def test_the_three_administrators_stay_apart_and_nobody_else() -> None:
    admins = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}
    for first in Role:
        for second in Role:
            assert must_stay_apart(first, second) == (first != second and {first, second} <= admins)
