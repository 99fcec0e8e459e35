"""Numbers of persons are found in any spelling, and what only looks like one is left alone."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.lib.identifiers import RESIDENT_CHECKS, RESIDENT_WEIGHTS
from zhengxiao.lib.personal_numbers import (
    NumberKind,
    PersonalNumbersFound,
    covered,
    personal_numbers,
    refuse_personal_numbers,
)

X_NUMBER, PHONE = "11010519491231002X", "13800138000"


def resident(rng: random.Random) -> str:
    """A made-up number with a right check sign; reckoned here, not by the product."""
    born = date(1930, 1, 1) + timedelta(days=rng.randrange(33_000))
    body = f"{rng.choice(['110105', '441602', '511602', '420704'])}{born:%Y%m%d}{rng.randrange(1000):03d}"
    return body + RESIDENT_CHECKS[sum(int(d) * w for d, w in zip(body, RESIDENT_WEIGHTS, strict=True)) % 11]


def kinds(text: str, **more: bool) -> list[str]:
    return [found.kind.value for found in personal_numbers(text, **more)]


WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
SPELLINGS = (
    lambda n: n,
    lambda n: n.lower(),
    lambda n: n.translate(WIDE),
    lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
    lambda n: f"{n[:6]}-{n[6:14]}-{n[14:]}",
    lambda n: " ".join(n),
    lambda n: "\u200b".join(n),
    lambda n: f"{n[:6]}\u00a0{n[6:14]}\u2011{n[14:]}",
)


def test_a_thousand_numbers_in_eight_spellings_are_all_found_and_nothing_of_them_stays() -> None:
    rng = random.Random(20260521)  # noqa: S311
    for number in (resident(rng) for _ in range(1000)):
        for spell in SPELLINGS:
            text = f"第一行\n申请人王某（{spell(number)}），联系"
            found = personal_numbers(text)
            assert [(one.kind, text[one.start : one.end]) for one in found] == [
                ("resident", spell(number))
            ], text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"电话{PHONE}。", ["phone"]),
        (f"+86 {PHONE}", ["phone"]),
        (f"86{PHONE}", ["phone"]),
        ("138-0013-8000", ["phone"]),
        ("138 0013 8000", ["phone"]),
        ("1380013 8000", ["phone"]),
        ("１３８００１３８０００", ["phone"]),
        ("①③⑧⓪⓪①③⑧⓪⓪⓪", ["phone"]),
        (f"Tel{PHONE}ok", ["phone"]),
        (f"{X_NUMBER}{PHONE}", ["resident", "phone"]),
        (f"{PHONE}{X_NUMBER}", ["phone", "resident"]),
        (f"{PHONE}{PHONE}", ["phone", "phone"]),
        ("110105491231002", ["resident_15"]),
        ("11010519491231002 X", ["resident"]),
        (f"{PHONE}、{X_NUMBER}；{PHONE}", ["phone", "resident", "phone"]),
    ],
)
def test_other_numbers_of_persons_are_found(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "办件 441602-20261012-00317",
        "441602-20261012-00317 511602-20260521-00012",
        "91310115MA1K3BTP2B",
        "11440100007482620J",
        "121200004013590816",
        "受2026-0521-0012",
        "110105194912310021",
        "11010519491331002X",
        "共 13,800,138,000 元",
        "020-12345678",
        "2026-05-21 10:00:00.123456",
        "b1946ac92492d2347c6235b4d2611184a13800138000f0e0d0c0b0a09080706050403020",
        "1.2.156.3005.2.11100000000013338W032",
        "第 1380013 号",
        "23800138000",
        "",
    ],
)
def test_what_only_looks_like_a_number_of_a_person_stays(text: str) -> None:
    assert kinds(text) == []


def test_numbers_written_together_are_told_apart() -> None:
    rng = random.Random(7)  # noqa: S311
    for _ in range(200):
        number = resident(rng)
        assert kinds(f"{number}{PHONE}{number}") == ["resident", "phone", "resident"], number


def test_bank_cards_are_found_only_when_asked_for() -> None:
    assert kinds("6222020200112230000") == []
    assert kinds("卡号 6222 0202 0011 2233 0", cards=True) == kinds("62220202001122330", cards=True)
    assert kinds("4111 1111 1111 1111", cards=True) == ["card"]
    assert kinds("4111111111111112", cards=True) == []


def test_covering_leaves_no_number_and_changes_no_length() -> None:
    text = f"甲{X_NUMBER.translate(WIDE)}\n乙{PHONE}"
    hidden = covered(text)
    assert hidden == "甲" + "*" * 18 + "\n乙" + "*" * 11


def test_the_gate_names_kind_and_line_but_not_the_number() -> None:
    with pytest.raises(PersonalNumbersFound) as refused:
        refuse_personal_numbers(f"第一行\n第二行{PHONE}", field="text")
    assert refused.value.params["line"] == 2
    assert PHONE not in refused.value.text
    assert refused.value.field == "text"
    refuse_personal_numbers("没有号码")


@given(st.text(alphabet="0123456789Xx -－１２３① \n王a\u200b", max_size=80))
def test_found_places_lie_in_the_text_in_order_and_covering_ends(text: str) -> None:
    found = personal_numbers(text, cards=True)
    edges = [edge for one in found for edge in (one.start, one.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)
    assert personal_numbers(covered(text, cards=True), cards=True) == ()
    assert NumberKind.CARD.value == "card"
