"""Limits as written, the ten elements, and what is wrong with content and codes: no database."""

from __future__ import annotations

import csv
import json
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.backbone.catalogue import content as c
from zhengxiao.backbone.catalogue.elements import (
    LONGER,
    MISSING,
    SHORTER,
    UnifiedRecord,
    differences,
    is_unified,
    reference_of,
)
from zhengxiao.backbone.catalogue.limits import (
    DEFAULT_CONVERSION,
    INSTANT,
    NO_LIMIT,
    UNSTATED,
    Conversion,
    Limit,
    LimitUnreadable,
    is_longer,
    is_shorter,
    limit_from_parts,
    limit_from_text,
)
from zhengxiao.backbone.catalogue.reading import ItemDraft, ItemOptions, item_from_row
from zhengxiao.backbone.catalogue.rules import Standing, standing
from zhengxiao.backbone.catalogue.vocabulary import APPLICANT_FACING, TASK_TYPES, task_type_code
from zhengxiao.kernel.calendar.api import Term, Unit


def limit(text: str) -> Limit:
    return Limit(term=Term.parse(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30(工作日)", limit("30wd")),
        ("30（工作日）", limit("30wd")),
        ("20个工作日", limit("20wd")),
        ("２０个工作日", limit("20wd")),
        ("二十个工作日", limit("20wd")),
        ("自受理之日起15个工作日内", limit("15wd")),
        ("不超过 3 个月", limit("3m")),
        ("1个月", limit("1m")),
        ("15天", limit("15d")),
        ("7 日", limit("7d")),
        ("十五日内办结", limit("15d")),
        ("一百二十日", limit("120d")),
        ("1年", limit("1y")),
        ("48小时", limit("48h")),
        ("2个工作小时", limit("2wh")),
        ("无", NO_LIMIT),
        ("无法定时限", NO_LIMIT),
        ("", UNSTATED),
        (None, UNSTATED),
        ("即时办结", INSTANT),
        ("当场办结", INSTANT),
        ("20 working days", limit("20wd")),
        ("1 Month", limit("1m")),
        ("at once", INSTANT),
        ("none", NO_LIMIT),
    ],
)
def test_a_limit_is_read_as_lists_write_it(text: str | None, expected: Limit) -> None:
    assert limit_from_text(text) == expected


@pytest.mark.parametrize(
    "text", ["尽快", "3-5个工作日", "半年", "20", "工作日", "30个工作日或60日", "10工作日+5日"]
)
def test_a_limit_that_could_mean_two_things_is_refused_and_not_guessed(text: str) -> None:
    with pytest.raises(LimitUnreadable):
        limit_from_text(text)


def test_two_column_limits_use_the_national_unit_codes() -> None:
    assert [limit_from_parts("5", code) for code in "0123"] == [
        limit("5d"),
        limit("5wd"),
        limit("5m"),
        limit("5y"),
    ]
    assert limit_from_parts("", "1") == UNSTATED
    assert limit_from_parts("10", "工作日") == limit("10wd")


def test_limits_of_different_units_are_compared_by_the_documented_conversion() -> None:
    assert DEFAULT_CONVERSION.workdays(Term.parse("1m")) == 22
    assert DEFAULT_CONVERSION.workdays(Term.parse("1y")) == 250
    assert DEFAULT_CONVERSION.workdays(Term.parse("365d")) == 250
    assert DEFAULT_CONVERSION.workdays(Term.parse("16wh")) == 2
    assert Conversion(workdays_per_month=21).workdays(Term.parse("2m")) == 42
    assert not is_longer(limit("20wd"), limit("1m"))
    assert is_longer(limit("23wd"), limit("1m"))
    assert is_shorter(limit("15d"), limit("15wd"))


def test_no_limit_is_longer_than_any_and_an_unstated_one_compares_with_nothing() -> None:
    assert is_longer(NO_LIMIT, limit("1y"))
    assert not is_longer(limit("1y"), NO_LIMIT)
    assert not is_longer(UNSTATED, limit("1wd"))
    assert not is_longer(limit("1wd"), UNSTATED)


lengths = st.builds(
    Term, st.integers(0, 100), st.sampled_from([Unit.WORKDAY, Unit.DAY, Unit.MONTH, Unit.YEAR])
)


@given(lengths, lengths)
def test_longer_agrees_with_plain_fractions(first: Term, second: Term) -> None:
    factor = {"wd": Fraction(1), "d": Fraction(250, 365), "m": Fraction(22), "y": Fraction(250)}
    expected = first.amount * factor[first.unit.value] > second.amount * factor[second.unit.value]
    assert is_longer(Limit(first), Limit(second)) == expected
    assert is_shorter(Limit(second), Limit(first)) == expected


def test_the_six_applicant_facing_types_are_types_by_application() -> None:
    assert len(APPLICANT_FACING) == 6
    assert all(TASK_TYPES[code].by_application for code in APPLICANT_FACING)
    assert [task_type_code(text) for text in ("1", "01", "行政许可", "20", "99", "x")] == [
        "01",
        "01",
        "01",
        "20",
        None,
        None,
    ]


PROVINCE = UnifiedRecord(
    "省",
    basic_code="000123008000",
    name="施工许可",
    task_type="01",
    statutory=limit("20wd"),
    promised=limit("10wd"),
    materials=("申请表", "身份证明"),
    legal_basis="《建筑法》第七条",
)
DISTRICT = UnifiedRecord(
    "区",
    basic_code="000123008000",
    implementation_code="11511301008778183N4000123008000",
    name="施工许可",
    task_type="01",
    statutory=limit("20wd"),
    promised=limit("5wd"),
    materials=("身份证明", "申请表"),
    legal_basis="《建筑法》 第七条。",
)


def changed(**values: object) -> UnifiedRecord:
    return UnifiedRecord(**{**{name: getattr(DISTRICT, name) for name in DISTRICT.__slots__}, **values})


def test_a_shorter_limit_is_a_permitted_difference_and_order_and_punctuation_are_none() -> None:
    found = differences(reference_of([PROVINCE, DISTRICT]), DISTRICT)
    assert [(row.element, row.note, row.permitted) for row in found] == [("limits", SHORTER, True)]
    assert is_unified(found)


@pytest.mark.parametrize(
    ("local", "element", "note"),
    [
        (changed(promised=limit("11wd")), "limits", LONGER),
        (changed(promised=limit("1m")), "limits", LONGER),
        (changed(statutory=NO_LIMIT), "limits", LONGER),
        (changed(promised=UNSTATED), "limits", MISSING),
        (changed(legal_basis=""), "legal_basis", MISSING),
        (changed(task_type="07"), "task_type", "与基准不一致"),
        (changed(materials=("申请表",)), "materials", "与基准不一致"),
        (changed(name="建筑施工许可"), "name", "与基准不一致"),
        (
            changed(implementation_code="11511301008778183N4000123009000"),
            "implementation_code",
            "实施编码不含该基本编码",
        ),
    ],
)
def test_every_other_departure_breaks_unity_and_names_its_element(
    local: UnifiedRecord, element: str, note: str
) -> None:
    found = [row for row in differences(reference_of([PROVINCE, local]), local) if not row.permitted]
    assert [(row.element, row.note) for row in found] == [(element, note)]


def test_what_the_higher_level_leaves_open_is_decided_by_the_next_level_that_states_it() -> None:
    city = UnifiedRecord("市", name="施工许可", form_ref="表一")
    district = UnifiedRecord("区", name="施工许可", form_ref="表二")
    found = differences(reference_of([UnifiedRecord("省", name="施工许可"), city, district]), district)
    assert [(row.element, row.reference_holder) for row in found] == [("form_ref", "市")]


def test_papers_and_limits_of_different_sub_items_are_not_held_against_each_other() -> None:
    first, second = (
        changed(sub_name="首次申请"),
        changed(sub_name="注销", materials=(), promised=limit("90wd")),
    )
    found = differences(reference_of([first, second]), second)
    assert [row.element for row in found] == ["sub_name"]


SOUND = c.VersionContent(
    name="施工许可",
    task_type="01",
    kind="promised",
    legal_basis="《建筑法》第七条",
    statutory_amount=20,
    statutory_unit="wd",
    promised_amount=10,
    promised_unit="wd",
)


def codes(found: tuple[c.Finding, ...]) -> list[str]:
    return [row.code for row in found]


def replaced(**values: object) -> c.VersionContent:
    return c.VersionContent(**{**{name: getattr(SOUND, name) for name in SOUND.__slots__}, **values})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (SOUND, []),
        (replaced(promised_amount=21), ["promise_longer"]),
        (replaced(promised_amount=1, promised_unit="m"), ["promise_longer"]),
        (replaced(statutory_amount=None, statutory_none=True, promised_amount=90), []),
        (replaced(promised_amount=0), ["promised_zero"]),
        (replaced(promised_amount=None), ["promise_missing"]),
        (replaced(kind="instant", promised_amount=0), []),
        (replaced(kind="instant", promised_amount=1), ["instant_waits"]),
        (replaced(name=" "), ["name_missing"]),
        (replaced(task_type="99"), ["type_unknown"]),
        (replaced(materials=(c.Material("", "sometimes"),)), ["material_nameless", "necessity_unknown"]),
        (replaced(statutory_amount=None, legal_basis=""), ["limits_missing", "basis_missing"]),
    ],
)
def test_content_is_judged_field_by_field(content: c.VersionContent, expected: list[str]) -> None:
    assert codes(c.content_findings(content)) == expected


def test_two_contents_have_one_digest_exactly_when_they_are_equal() -> None:
    assert SOUND.digest() == replaced().digest()
    assert SOUND.digest() != replaced(promised_unit="d").digest()
    assert SOUND.digest() != replaced(materials=(c.Material("申请表"),)).digest()


def test_four_do_is_derived_and_silence_is_not_no() -> None:
    assert c.four_do(replaced(visits=1, is_online=True)) == {
        "instant": False,
        "online": True,
        "nearby": None,
        "once": True,
    }
    assert c.four_do(replaced(kind="", visits=2))["once"] is False


@pytest.mark.parametrize(
    ("state", "valid_from", "valid_to", "expected"),
    [
        ("draft", None, None, Standing.DRAFT),
        ("published", date(2026, 3, 2), None, Standing.IN_FORCE),
        ("published", date(2026, 3, 3), None, Standing.COMING),
        ("published", date(2026, 1, 1), date(2026, 3, 2), Standing.ENDED),
        ("published", date(2026, 1, 1), date(2026, 3, 3), Standing.IN_FORCE),
        ("retired", date(2026, 1, 1), date(2026, 3, 3), Standing.IN_FORCE),
    ],
)
def test_a_version_stands_by_its_dates(
    state: str, valid_from: date | None, valid_to: date | None, expected: Standing
) -> None:
    assert standing(state, valid_from, valid_to, date(2026, 3, 2)) == expected


OPTIONS = ItemOptions(region="511602000000", level="4")


def read(**row: str) -> ItemDraft:
    found = item_from_row({"code": "E-000021-001-1", "name": "甲", "department": "区财政局", **row}, OPTIONS)
    assert isinstance(found, ItemDraft)
    return found


def test_a_row_without_code_name_and_department_is_refused_with_three_reasons() -> None:
    found = item_from_row({}, OPTIONS)
    assert [type(refusal).__name__ for refusal in found] == [
        "ItemCodeMissing",
        "ItemNameMissing",
        "ItemDepartmentMissing",
    ]


def test_an_unreadable_limit_keeps_its_words_and_becomes_a_warning() -> None:
    draft = read(promised="看情况", statutory="20个工作日")
    assert draft.content.extra == {"promised": "看情况"}
    assert draft.content.promised == UNSTATED
    assert "value_unread" in codes(draft.warnings)


def test_an_instant_item_with_a_limit_is_kept_by_its_number() -> None:
    draft = read(kind="即办件", promised="3个工作日", statutory="5个工作日")
    assert (draft.content.kind, draft.content.promised_amount) == ("promised", 3)
    assert draft.content.extra == {"kind": "即办件"}


def test_a_promise_longer_than_the_law_allows_is_a_warning_on_import() -> None:
    assert "promise_longer" in codes(read(promised="30天", statutory="5个工作日").warnings)


def test_every_real_city_limit_is_read(shared_data) -> None:
    lines = (shared_data / "catalogue" / "city_items.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    statutory = [limit_from_text(row["handle_time"]) for row in rows]
    promised = [limit_from_text(row["handle_time_limit"]) for row in rows]
    assert all(row.term is not None and row.term.unit is Unit.WORKDAY for row in statutory + promised)
    assert not any(is_longer(one, two) for one, two in zip(promised, statutory, strict=True))


def test_every_real_district_row_is_understood_and_its_faults_are_counted(shared_data) -> None:
    with (shared_data / "catalogue" / "district_items.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    drafts = [
        item_from_row(
            {
                "code": row["item_code"],
                "name": row["name"],
                "department": row["department"],
                "task_type": row["task_type"],
                "credit_code": row["dept_uscc"],
                "region_code": row["area_code"],
            },
            OPTIONS,
        )
        for row in rows
    ]
    assert all(isinstance(draft, ItemDraft) for draft in drafts)
    warned = [codes(draft.warnings) for draft in drafts]
    assert sum("credit_code_empty" in row for row in warned) == 146
    assert (
        sum("credit_code" in row for row in warned) == 8
    )  # seven wrong check digits and one lower-case letter
    assert {draft.scheme for draft in drafts} == {"local_matter", "local_power"}
