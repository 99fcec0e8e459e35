from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.lib import hashing
from zhengxiao.lib.hashing import NotCanonical, canonical_json, leaf_hash, node_hash


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "spelling"),
    [
        # the example of RFC 8785 §3.2.3: sorted by UTF-16 units
        (
            {
                "\u20ac": "Euro Sign",
                "\r": "Carriage Return",
                "\ufb33": "Hebrew Letter Dalet With Dagesh",
                "1": "One",
                "\U0001f600": "Emoji: Grinning Face",
                "\u0080": "Control",
                "\u00f6": "Latin Small Letter O With Diaeresis",
            },
            '{"\\r":"Carriage Return","1":"One","\u0080":"Control",'
            '"\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign",'
            '"\U0001f600":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
        ),
        # the example of RFC 8785 §3.2.2
        (
            {
                "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
                "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
                "literals": [None, True, False],
            },
            '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
            '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
        ),
        (("凭证", 1, -2), '["凭证",1,-2]'),
        (Colour.RED, '"red"'),
        (Decimal("12.50"), '"12.50"'),
        (Decimal("1E+3"), '"1000"'),
        (date(2026, 2, 14), '"2026-02-14"'),
        (datetime(2026, 2, 14, 9, 0, tzinfo=timezone(timedelta(hours=8))), '"2026-02-14T01:00:00.000000Z"'),
        (datetime(2026, 2, 14, 1, 0, 0, 7, tzinfo=UTC), '"2026-02-14T01:00:00.000007Z"'),
        ({}, "{}"),
    ],
)
def test_a_value_has_one_spelling(value: object, spelling: str) -> None:
    assert canonical_json(value).decode() == spelling


@pytest.mark.parametrize(
    ("number", "spelling"),
    [
        # RFC 8785 appendix B
        (0.0, "0"),
        (-0.0, "0"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740992.0, "9007199254740992"),
        (295147905179352830000.0, "295147905179352830000"),
        (9.999999999999997e22, "9.999999999999997e+22"),
        (1e23, "1e+23"),
        (999999999999999700000.0, "999999999999999700000"),
        (1e21, "1e+21"),
        (9.999999999999997e-7, "9.999999999999997e-7"),
        (0.000001, "0.000001"),
        (-0.0000033333333333333333, "-0.0000033333333333333333"),
        (1424953923781206.2, "1424953923781206.2"),
    ],
)
def test_numbers_are_written_as_ecmascript_writes_them(number: float, spelling: str) -> None:
    assert canonical_json(number).decode() == spelling


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("-Infinity"),
        datetime(2026, 2, 14, 9, 0),  # noqa: DTZ001 - the refusal is the point
        {1: "a"},
        {True: "a"},
        {None: "a"},
        2**53,
        -(2**53),
        b"bytes",
        {"a", "b"},
        object(),
        "\ud800",
        {"\ud800": 1},
    ],
)
def test_a_value_without_one_spelling_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical_json({"inside": [value]})


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda children: (
        st.lists(children) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), children)
    ),
    max_leaves=20,
)


@given(plain)
def test_the_spelling_reads_back_as_the_same_value_and_spells_the_same_again(value: object) -> None:
    spelling = canonical_json(value)
    again = json.loads(spelling, parse_int=_as_ecmascript_reads)
    assert again == value
    assert canonical_json(again) == spelling


def _as_ecmascript_reads(digits: str) -> int | float:
    """Beyond 2**53 a reader that knows only doubles gets the nearest one."""
    return int(digits) if abs(int(digits)) < 2**53 else float(digits)


def test_leaf_and_node_follow_the_vectors_of_certificate_transparency() -> None:
    empty = leaf_hash(b"")
    assert empty.hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    root_of_two = node_hash(empty, leaf_hash(b"\x00"))
    assert root_of_two.hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"


def test_sm3_follows_the_vector_of_its_standard_on_both_paths() -> None:
    of_abc = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905-2016, A.1
    assert hashing.digest(b"abc", "sm3").hex() == of_abc
    assert hashing._sm3_without_openssl_name(b"abc").hex() == of_abc
    assert leaf_hash(b"bc", "sm3") == hashing._sm3_without_openssl_name(b"\x00bc")
    assert node_hash(b"a" * 32, b"b" * 32, "sm3") == hashing.digest(b"\x01" + b"a" * 32 + b"b" * 32, "sm3")


def test_a_leaf_is_never_a_node() -> None:
    left, right = leaf_hash(b"1"), leaf_hash(b"2")
    assert leaf_hash(left + right) != node_hash(left, right)
    assert leaf_hash(left + right) != hashlib.sha256(left + right).digest()


def test_an_unknown_hash_and_a_short_child_are_refused() -> None:
    with pytest.raises(ValueError, match="md5"):
        leaf_hash(b"", "md5")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="32 bytes"):
        node_hash(b"short", b"a" * 32)
