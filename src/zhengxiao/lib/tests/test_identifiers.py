"""Codes: what passes, what does not and why, and that bulk and single checks agree."""

from __future__ import annotations

import csv
import datetime as dt
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.lib import identifiers as ids
from zhengxiao.lib import identifiers_bulk as bulk


def oracle_credit_check(body: str) -> str:
    total = sum(ids.CREDIT_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return ids.CREDIT_ALPHABET[(31 - total % 31) % 31]


def oracle_mod_37_36(body: str) -> str:
    alphabet, p = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 36
    for sign in body:
        p = (p + alphabet.index(sign)) % 36 or 36
        p = p * 2 % 37
    return alphabet[(37 - p) % 36]


credit_bodies = st.builds(
    "".join,
    st.tuples(
        st.sampled_from("123456789ANY"),
        st.sampled_from(ids.CREDIT_ALPHABET),
        st.text("0123456789", min_size=6, max_size=6),
        st.text(ids.CREDIT_ALPHABET, min_size=9, max_size=9),
    ),
)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("91310115MA1K3BTP2B", None),
        ("91152201078377449P", None),
        ("13440000515356094L", ids.CREDIT_CHECK),
        ("TE440000GD030003VV", ids.CREDIT_CHARACTERS),
        ("TE5116020105116050", ids.CREDIT_SHAPE),
        ("91310115MA1K3BTP2", ids.CREDIT_LENGTH),
        ("91310115ma1k3btp2b", ids.LOWER),
        ("９1310115MA1K3BTP2B", ids.WIDE),
        ("91310115 MA1K3BTP2B", ids.WIDE),
        ("", ids.EMPTY),
    ],
)
def test_a_credit_code_passes_or_says_why_not(code: str, fault: str | None) -> None:
    assert ids.credit_code_fault(code) == fault


def test_a_rural_collective_beginning_with_n_has_a_lawful_credit_code() -> None:
    body = "N2110105MA1234567"
    assert ids.credit_code_fault(body + oracle_credit_check(body)) is None


def test_full_width_digits_count_as_digits_to_python_but_not_to_us() -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in "91310115MA1K3BTP2B")
    assert int("１") == 1
    assert ids.credit_code_fault(wide) == ids.WIDE
    assert not bulk.credit_codes_ok([wide])[0]
    assert ids.normalise_code(f" {wide}\u200b ") == "91310115MA1K3BTP2B"


def test_the_twenty_real_credit_codes_get_their_known_verdict(shared_data) -> None:
    with (shared_data / "identifiers" / "credit_codes_20.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    verdicts = ["1" if ids.credit_code_fault(row["code"]) is None else "0" for row in rows]
    assert verdicts == [row["valid"] for row in rows]


@given(body=credit_bodies, last=st.sampled_from(ids.CREDIT_ALPHABET))
def test_a_credit_code_is_right_for_exactly_one_last_sign(body: str, last: str) -> None:
    right = ids.credit_code_fault(body + last) is None
    assert right == (last == oracle_credit_check(body)) == bool(bulk.credit_codes_ok([body + last])[0])


lawful_credit_codes = credit_bodies.map(lambda body: body + oracle_credit_check(body))


@given(st.lists(st.one_of(st.text(max_size=20), lawful_credit_codes), max_size=30))
def test_bulk_and_single_credit_checks_agree_on_anything(codes: list[str]) -> None:
    assert bulk.credit_codes_ok(codes).tolist() == [ids.credit_code_fault(code) is None for code in codes]


def test_a_trailing_nul_or_a_nineteenth_sign_does_not_slip_through_in_bulk() -> None:
    good = "91310115MA1K3BTP2B"
    assert bulk.credit_codes_ok([good, good + "\0", good + "1", ""]).tolist() == [True, False, False, False]
    assert bulk.credit_codes_ok(np.array([good, "x"])).tolist() == [True, False]


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("00877836X", None),
        ("00877868-5", None),
        ("007482620", None),
        ("007482621", ids.ORGANISATION_CHECK),
        ("0087790701", ids.ORGANISATION_LENGTH),
        ("00877.685", ids.ORGANISATION_CHARACTERS),
    ],
)
def test_an_organisation_code_passes_or_says_why_not(code: str, fault: str | None) -> None:
    assert ids.organisation_code_fault(code) == fault


@given(st.text("0123456789ABCXYZ-", min_size=8, max_size=10))
def test_bulk_and_single_organisation_checks_agree(code: str) -> None:
    expected = ids.organisation_code_fault(code) is None
    assert bool(bulk.organisation_codes_ok([code])[0]) == expected


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("11010519491231002X", None),
        ("440524188001010014", None),
        ("110105194912310021", ids.RESIDENT_CHECK),
        ("11010519490229002X", ids.RESIDENT_DATE),
        ("11010519491301002X", ids.RESIDENT_DATE),
        ("99010519491231002X", ids.RESIDENT_REGION),
        ("1101051949123100", ids.RESIDENT_LENGTH),
        ("1101051949123100XX", ids.RESIDENT_CHARACTERS),
        ("11010519491231002x", ids.LOWER),
        ("１1010519491231002X", ids.WIDE),
    ],
)
def test_a_resident_number_passes_or_says_why_not(code: str, fault: str | None) -> None:
    assert ids.resident_id_fault(code) == fault


def test_nobody_is_born_after_the_day_asked_about() -> None:
    assert ids.resident_id_fault("11010519491231002X", on=dt.date(1949, 12, 30)) == ids.RESIDENT_FUTURE
    assert ids.resident_id_fault("11010519491231002X", on=dt.date(1949, 12, 31)) is None


@given(
    st.sampled_from(["110105", "440524", "990105", "000000"]),
    st.integers(1790, 2030),
    st.integers(0, 14),
    st.integers(0, 33),
    st.integers(0, 999),
    st.sampled_from("0123456789X"),
)
def test_bulk_and_single_resident_checks_agree(
    region: str, year: int, month: int, day: int, serial: int, last: str
) -> None:
    code = f"{region}{year:04}{month:02}{day:02}{serial:03}{last}"
    assert bool(bulk.resident_ids_ok([code])[0]) == (ids.resident_id_fault(code) is None)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("000000000000", None),
        ("440000000000", None),
        ("441500000000", None),
        ("511602001003", None),
        ("441900003000", None),
        ("511602000003", ids.REGION_SHAPE),
        ("440000003000", ids.REGION_SHAPE),
        ("990000000000", ids.REGION_PROVINCE),
        ("5116020000", ids.REGION_SHAPE),
        ("５11602000000", ids.REGION_SHAPE),
    ],
)
def test_a_region_code_passes_or_says_why_not(code: str, fault: str | None) -> None:
    assert ids.region_code_fault(code) == fault


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=20))
def test_an_e_certificate_identifier_is_right_for_exactly_one_check_sign(serial: str) -> None:
    kind, issuer = "11100000000013338W011", "11310000000000000A"
    check = oracle_mod_37_36(kind + issuer + serial + "001")
    code = f"1.2.156.3005.2.{kind}.{issuer}.{serial}.001."
    assert ids.certificate_id_fault(code + check) is None
    other = "0" if check != "0" else "1"
    assert ids.certificate_id_fault(code + other) == ids.CERTIFICATE_CHECK


def test_an_e_certificate_identifier_without_its_parts_is_refused_by_shape() -> None:
    assert ids.certificate_id_fault("1.2.156.3005.2.X.Y.1.001.A") == ids.CERTIFICATE_SHAPE
    assert ids.certificate_id_fault("1.2.840.1") == ids.CERTIFICATE_SHAPE


@pytest.mark.parametrize(
    ("code", "scheme", "fault"),
    [
        ("000123008000", "basic_12", None),
        ("44010602900Y", "basic_12", None),
        ("44010602900X", "basic_12", ids.BASIC_SHAPE),
        ("0100123001", "basic_10", None),
        ("11370800MB285591843370117002011", "implementation_31", None),
        ("91441500196720244T3442199806003", "implementation_31", ids.IMPLEMENTATION_CREDIT),
        ("11370800MB285591849370117002011", "implementation_31", ids.IMPLEMENTATION_LEVEL),
        ("11370800MB28559184337011700201", "implementation_31", ids.IMPLEMENTATION_LENGTH),
        ("11440100007482620J344010200400401", "handling_33", None),
        ("11440100007482620J3440102004004A1", "handling_33", ids.HANDLING_SHAPE),
        ("511A0138000000-511602000000-000-115113010833722043-1-00", "local_matter", None),
        ("512C0107400001-511602000000-000-00877868-5-1-00", "local_matter", None),
        ("511A0138000000-511602000000-000-TE5116020105116050-1-00", "local_matter", ids.LOCAL_BODY),
        ("511A0138000000-991602000000-000-115113010833722043-1-00", "local_matter", ids.LOCAL_REGION),
        ("G-000007-001-511602000000-000-115113010833722043-1-00", "local_power", None),
        ("1J-5100-00027-511602000000-000-11511301008778386B-1-00", "local_power", None),
        ("H-000185-001-4444444444", "local_power", ids.LOCAL_SHAPE),
        ("anything", "no_such_scheme", ids.SCHEME_UNKNOWN),
    ],
)
def test_an_item_code_is_judged_by_its_scheme(code: str, scheme: str, fault: str | None) -> None:
    assert ids.item_code_fault(code, scheme) == fault


def test_every_real_district_code_is_recognised_as_one_of_the_two_local_schemes(shared_data) -> None:
    with (shared_data / "catalogue" / "district_items.csv").open(encoding="utf-8") as file:
        found = [ids.item_code_scheme(row["item_code"]) for row in csv.DictReader(file)]
    assert found.count("local_matter") == 1114
    assert found.count("local_power") == 21


def test_every_real_city_code_is_an_implementation_or_handling_code(shared_data) -> None:
    lines = (shared_data / "catalogue" / "city_items.jsonl").read_text(encoding="utf-8").splitlines()
    codes = [json.loads(line)["TASK_CODE"] for line in lines]
    assert sorted({ids.item_code_scheme(code) for code in codes}) == ["handling_33", "implementation_31"]
    whole = [code[:31] for code in codes]
    singly = [ids.implementation_code_fault(code) is None for code in whole]
    assert bulk.implementation_codes_ok(whole).tolist() == singly


@given(st.lists(st.text("0123456789ABY", min_size=29, max_size=32), max_size=10))
def test_bulk_and_single_implementation_checks_agree(codes: list[str]) -> None:
    codes.append("11370800MB285591843370117002011")
    singly = [ids.implementation_code_fault(code) is None for code in codes]
    assert bulk.implementation_codes_ok(codes).tolist() == singly


@pytest.mark.parametrize("place", range(17))
@pytest.mark.parametrize("sign", "0A")
def test_each_place_of_a_credit_code_has_its_own_alphabet_in_bulk_as_singly(place: int, sign: str) -> None:
    """The check sign is made right again, so that only the alphabet of the place can speak."""
    body = "91350100M000100Y4"
    body = body[:place] + sign + body[place + 1 :]
    code = body + oracle_credit_check(body)
    assert bool(bulk.credit_codes_ok([code])[0]) == (ids.credit_code_fault(code) is None)
