"""The field rules: each with an example, all of them against an oracle that judges cell by cell."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengxiao.lib.identifiers import credit_code_fault, organisation_code_fault, resident_id_fault
from zhengxiao.lib.spreadsheets import write_xlsx
from zhengxiao.lib.text_columns import TextColumn
from zhengxiao.mechanisms.disclosures.checkfile import FileCheck, KindUnclear, NotAPublicityTable
from zhengxiao.mechanisms.disclosures.checking import check, check_record, faults_of
from zhengxiao.mechanisms.disclosures.fields import (
    ALWAYS,
    LICENCE_FIELDS,
    PENALTY_FIELDS,
    TABLES,
    Cross,
    Form,
    Table,
)
from zhengxiao.mechanisms.disclosures.rules import Kind
from zhengxiao.mechanisms.disclosures.testing import CODE, LICENCE, PENALTY

TODAY = date(2026, 3, 10)
SOUND = {Kind.LICENCE: LICENCE, Kind.PENALTY: PENALTY}


@pytest.mark.parametrize("kind", list(Kind))
def test_a_sound_record_has_no_fault(kind: Kind) -> None:
    assert check_record(kind, SOUND[kind], today=TODAY) == []


@pytest.mark.parametrize("kind", list(Kind))
def test_every_required_field_is_missed(kind: Kind) -> None:
    for rule in TABLES[kind].fields:
        if rule.need is ALWAYS:
            found = check_record(kind, {**SOUND[kind], rule.name: ""}, today=TODAY)
            assert (rule.name, "必填项为空。") in [(fault.name, fault.reason) for fault in found], rule.name


@pytest.mark.parametrize(
    ("kind", "changes", "name", "words"),
    [
        (Kind.LICENCE, {"XK_XDR_SHXYM": "９1350100M000100Y43"}, "XK_XDR_SHXYM", "全角"),
        (Kind.LICENCE, {"XK_XDR_SHXYM": CODE[:-1] + "4"}, "XK_XDR_SHXYM", "校验位"),
        (Kind.LICENCE, {"XK_XDR_SHXYM": CODE[:-1]}, "XK_XDR_SHXYM", "18 位"),
        (Kind.LICENCE, {"XK_XDR_SHXYM": CODE + "1"}, "XK_XDR_SHXYM", "18 位"),
        (Kind.LICENCE, {"XK_XDR_MC": "甲" * 201}, "XK_XDR_MC", "超过 200 个字"),
        (Kind.LICENCE, {"XK_XDR_LB": "企业"}, "XK_XDR_LB", "不在代码表中"),
        (Kind.LICENCE, {"XK_XKLB": "其他-"}, "XK_XKLB", "不在代码表中"),
        (Kind.LICENCE, {"XK_JDRQ": "2026/03/11"}, "XK_JDRQ", "晚于今天"),
        (Kind.LICENCE, {"XK_JDRQ": "2026-03-04"}, "XK_JDRQ", "2026/03/04"),
        (Kind.LICENCE, {"XK_JDRQ": "２０26/03/04"}, "XK_JDRQ", "半角"),
        (Kind.LICENCE, {"XK_JDRQ": "2026/3/4"}, "XK_JDRQ", "2026/03/04"),
        (Kind.LICENCE, {"XK_JDRQ": "2025/02/29"}, "XK_JDRQ", "没有这一天"),
        (Kind.LICENCE, {"XK_YXQZI": "2026/03/03"}, "XK_YXQZI", "早于“有效期自”"),
        (Kind.LICENCE, {"XK_ZT": "3"}, "XK_ZT", "不在代码表中"),
        (Kind.LICENCE, {"XK_XDR_ZZJG": "M000100Y5"}, "XK_XDR_ZZJG", "校验位"),
        (Kind.LICENCE, {"XK_XDR_LB": "自然人"}, "XK_XDR_ZJHM", "必填"),
        (
            Kind.LICENCE,
            {"XK_XDR_LB": "自然人", "XK_XDR_ZJLX": "身份证", "XK_XDR_ZJHM": "110101199001011234"},
            "XK_XDR_ZJHM",
            "校验位",
        ),
        (Kind.PENALTY, {"CF_NR_FK": ""}, "CF_NR_FK", "大于 0"),
        (Kind.PENALTY, {"CF_NR_FK": "0.00"}, "CF_NR_FK", "大于 0"),
        (Kind.PENALTY, {"CF_NR_FK": "-1"}, "CF_NR_FK", "不小于 0"),
        (Kind.PENALTY, {"CF_NR_FK": "0.1234567"}, "CF_NR_FK", "6 位小数"),
        (Kind.PENALTY, {"CF_NR_FK": "５"}, "CF_NR_FK", "半角"),
        (Kind.PENALTY, {"CF_CFLB": "罚款；没收违法所得、没收非法财物"}, "CF_NR_WFFF", "大于 0"),
        (Kind.PENALTY, {"CF_CFLB": "暂扣或吊销许可证、执照"}, "CF_NR_ZKDX", "必填"),
        (Kind.PENALTY, {"CF_CFLB": "罚款;"}, "CF_CFLB", "不在代码表中"),
        (Kind.PENALTY, {"CF_GSJZQ": "2026/03/03"}, "CF_GSJZQ", "早于“处罚决定日期”"),
    ],
)
def test_a_fault_is_told_at_its_cell(kind: Kind, changes: dict[str, str], name: str, words: str) -> None:
    found = check_record(kind, {**SOUND[kind], **changes}, today=TODAY)
    assert any(fault.name == name and words in fault.reason for fault in found), found


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (Kind.LICENCE, {"XK_XKLB": "其他-备案"}),
        (Kind.LICENCE, {"XK_XDR_LB": "个体工商户", "XK_XDR_SHXYM": ""}),
        (Kind.LICENCE, {"XK_XDR_ZZJG": "M000100Y-4"}),
        (Kind.LICENCE, {"XK_YXQZ": "2026/03/04", "XK_YXQZI": "2026/03/04"}),
        (
            Kind.LICENCE,
            {
                "XK_XDR_LB": "自然人", "XK_XDR_SHXYM": "", "XK_FRDB": "", "XK_XDR_ZJLX": "护照号",
                "XK_XDR_ZJHM": "E12345678",
            },
        ),
        (Kind.PENALTY, {"CF_CFLB": "警告；罚款"}),
        (Kind.PENALTY, {"CF_CFLB": "警告；其他-责令改正", "CF_NR_FK": ""}),
    ],
)  # fmt: skip
def test_what_the_rules_allow_is_no_fault(kind: Kind, changes: dict[str, str]) -> None:
    organisation = changes.get("XK_XDR_ZZJG", "")
    if organisation and organisation_code_fault(organisation):
        changes["XK_XDR_ZZJG"] = organisation[:-1] + next(
            c for c in "0123456789X" if organisation_code_fault(organisation[:-1] + c) is None
        )
    assert check_record(kind, {**SOUND[kind], **changes}, today=TODAY) == []


# ---------------------------------------------------------------- an oracle that judges one cell after the other
def oracle(table: Table, record: dict[str, str]) -> set[str]:
    """The fields at fault, by the words of domain reference 5.2 and 5.3."""
    wrong: set[str] = set()
    for rule in table.fields:
        value = record[rule.name]
        need = rule.need is ALWAYS or (rule.need is not None and record[rule.need.field] in rule.need.values)
        if not value:
            if need:
                wrong.add(rule.name)
            continue
        if rule.longest and len(value) > rule.longest:
            wrong.add(rule.name)
        parts = re.split("[;；,，]", value) if rule.form is Form.CHOICES else [value]
        if rule.form in (Form.CHOICE, Form.CHOICES):
            for part in map(str.strip, parts):
                own = rule.other and part.startswith("其他-") and len(part) > 3
                if part not in rule.choices and not own:
                    wrong.add(rule.name)
        if rule.form is Form.DAY and (day(value) is None or (rule.past and day(value) > TODAY)):
            wrong.add(rule.name)
        if rule.form is Form.MONEY and money(value) is None:
            wrong.add(rule.name)
        if rule.form is Form.CREDIT_CODE and credit_code_fault(value):
            wrong.add(rule.name)
        if rule.form is Form.ORGANISATION_CODE and organisation_code_fault(value):
            wrong.add(rule.name)
        if (
            rule.form is Form.ID_NUMBER
            and record[rule.beside] == "身份证"
            and resident_id_fault(value, on=TODAY)
        ):
            wrong.add(rule.name)
    for cross in table.cross:
        first, second = record[cross.first], record[cross.second]
        if cross.rule is Cross.NOT_BEFORE:
            begin, end = day(first), day(second)
            if begin and end and end < begin:
                wrong.add(cross.second)
        elif any(word in first for word in cross.words):
            if cross.rule is Cross.FILLED and not second:
                wrong.add(cross.second)
            if cross.rule is Cross.POSITIVE and (money(second) or Decimal(0)) <= 0:
                wrong.add(cross.second)
    return wrong


def day(text: str) -> date | None:
    if not re.fullmatch("[0-9]{4}/[0-9]{2}/[0-9]{2}", text):
        return None
    try:
        return date(int(text[:4]), int(text[5:7]), int(text[8:]))
    except ValueError:
        return None


def money(text: str) -> Decimal | None:
    if not re.fullmatch(r"[0-9]+(\.[0-9]{1,6})?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


HOSTILE = [
    "", "x", " ", "９", "2026/02/30", "2026/03/09", "2026/03/11", "2099/12/31", "0000/01/01", "1", "2", "0", "0.0", "1.5",
    "1.", ".5", "1.2.3", "12345678901234567890", CODE, CODE.lower(), "M000100Y-4", "身份证", "护照号", "其他-", "其他-甲",
    "罚款", "罚款；警告", "没收违法所得、没收非法财物", "没收违法所得、没收非法财物;罚款", "暂扣或吊销许可证、执照",
    "自然人", "个体工商户", "法人及非法人组织", "普通",
    "11010519491231002X", "110105194912310021", "甲" * 65, "甲" * 201, "a" * 300, "\u3000", "\u200b1",
]  # fmt: skip


def records(kind: Kind) -> st.SearchStrategy[dict[str, str]]:
    names = [rule.name for rule in TABLES[kind].fields]
    base = {name: SOUND[kind].get(name, "") for name in names}
    changes = st.dictionaries(st.sampled_from(names), st.sampled_from(HOSTILE), max_size=8)
    return changes.map(lambda change: {**base, **change})


@settings(max_examples=60, deadline=None)
@given(data=st.data(), kind=st.sampled_from(list(Kind)))
def test_the_bulk_check_finds_what_the_oracle_finds(data: st.DataObject, kind: Kind) -> None:
    rows = data.draw(st.lists(records(kind), min_size=1, max_size=8))
    table = TABLES[kind]
    columns = {rule.name: TextColumn.of(row[rule.name] for row in rows) for rule in table.fields}
    found: dict[int, set[str]] = {}
    for fault in faults_of(check(table, columns, today=TODAY), columns):
        found.setdefault(fault.row - 1, set()).add(fault.name)
    assert {i: found.get(i, set()) for i in range(len(rows))} == {
        i: oracle(table, row) for i, row in enumerate(rows)
    }


# ---------------------------------------------------------------- whole files
def lines(kind: Kind, *records: dict[str, str], labels: bool = False) -> list[list[str]]:
    rules = LICENCE_FIELDS if kind is Kind.LICENCE else PENALTY_FIELDS
    head = [rule.label if labels else rule.name for rule in rules]
    return [head, *([record.get(rule.name, "") for rule in rules] for record in records)]


def text(rows: list[list[str]]) -> str:
    return "\n".join(",".join(row) for row in rows) + "\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("labels", [False, True])
def test_a_file_is_checked_by_codes_or_chinese_heads_in_any_encoding(
    tmp_path: Path, encoding: str, labels: bool
) -> None:
    path = tmp_path / "x.csv"
    bad = {**LICENCE, "XK_JDRQ": "2026-03-04"}
    path.write_bytes(text(lines(Kind.LICENCE, LICENCE, bad, labels=labels)).encode(encoding))
    checked = FileCheck(path, TODAY)
    faults = list(checked.faults())
    assert [(fault.row, fault.name) for fault in faults] == [(3, "XK_JDRQ")]
    assert (checked.kind, checked.rows, checked.faulty_rows, checked.count) == (Kind.LICENCE, 2, 1, 1)


def test_merged_cells_of_a_spreadsheet_leave_empty_cells_that_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    merged = {**LICENCE, "XK_XKJG": "", "XK_XKJGDM": ""}
    head, *rest = lines(Kind.LICENCE, LICENCE, merged)
    with path.open("wb") as stream:
        write_xlsx(stream, "表", head, rest)
    found = [(fault.row, fault.name, fault.reason) for fault in FileCheck(path, TODAY).faults()]
    assert found == [(3, "XK_XKJG", "必填项为空。"), (3, "XK_XKJGDM", "必填项为空。")]


def test_a_column_that_is_absent_twice_there_or_foreign_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    head, row = lines(Kind.LICENCE, LICENCE)
    at = head.index("XK_XKLB")
    head[at] = "我的列"
    path.write_text(text([[*head, "BZ"], [*row, ""]]))
    checked = FileCheck(path, TODAY)
    assert [(fault.row, fault.name) for fault in checked.faults()] == [(1, "XK_XKLB"), (1, "BZ")]
    assert checked.unknown == ("我的列",)


def test_a_row_with_cells_too_many_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text(lines(Kind.LICENCE, LICENCE)).rstrip("\n") + ",多出\n")
    (fault,) = FileCheck(path, TODAY).faults()
    assert (fault.row, fault.name) == (2, "")


@pytest.mark.parametrize(
    ("head", "refusal"),
    [("a,b", NotAPublicityTable), ("XK_WSH,CF_WSH", KindUnclear), ("", NotAPublicityTable)],
)
def test_a_table_of_something_else_is_refused(tmp_path: Path, head: str, refusal: type[Exception]) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"{head}\n1,2\n" if head else "")
    checked = FileCheck(path, TODAY)
    with pytest.raises(refusal):
        list(checked.faults())


def test_numbers_of_persons_are_masked_in_every_column(tmp_path: Path) -> None:
    person = {
        **LICENCE, "XK_XDR_LB": "自然人", "XK_XDR_ZJLX": "身份证", "XK_XDR_ZJHM": "110105194912310021",
        "XK_ZT": "11010519491231002X",
    }  # fmt: skip
    shown = "".join(fault.value for fault in check_record(Kind.LICENCE, person, today=TODAY))
    assert "11010519491231002" not in shown
    assert "11**************21" in shown
