from __future__ import annotations

import gzip
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.lib import spreadsheets as sheets

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠A",
    " =1",
    "\ufeff=1",
]


def xlsx(path: Path, headers: list[str], rows: list[list[object]], sheet: str = "台账") -> Path:
    with path.open("wb") as stream:
        sheets.write_xlsx(stream, sheet, headers, rows)
    return path


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_that_could_be_a_formula_gets_an_apostrophe(text):
    assert sheets.safe_text(text) == "'" + text


@pytest.mark.parametrize("text", ["", "正常", "3-5 日", "a=b", "'引号", "2026-03-01"])
def test_harmless_text_stays_as_it_is(text):
    assert sheets.safe_text(text) == text


@given(st.text())
def test_guarding_can_be_undone(text):
    assert sheets.plain_text(sheets.safe_text(text)) == text


def test_csv_has_a_byte_order_mark_and_no_live_formula():
    stream = io.BytesIO()
    assert (
        sheets.write_csv(stream, ["事项", "数"], [["=cmd|' /C calc'!A1", -5], ["a\n=1", Decimal("1.5")]]) == 2
    )
    assert stream.getvalue().decode("utf-8") == (
        '\ufeff"事项","数"\r\n"\'=cmd|\' /C calc\'!A1",-5\r\n"a\n=1",1.5\r\n'
    )


def test_excel_files_hold_strings_never_formulas_or_links(tmp_path):
    rows = [[text, "https://example.invalid", "123"] for text in FORMULAS]
    path = xlsx(tmp_path / "a.xlsx", ["甲", "乙", "丙"], rows)
    with zipfile.ZipFile(path) as book:
        content = book.read("xl/worksheets/sheet1.xml").decode()
        assert not any("rels" in name and "sheet" in name for name in book.namelist())
    assert "<f>" not in content
    assert content.count('t="inlineStr"') == 3 + 3 * len(FORMULAS)


def test_excel_values_come_back_as_they_were(tmp_path):
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    row = [
        "工改",
        12,
        1.5,
        Decimal("2.25"),
        date(2026, 2, 14),
        moment,
        None,
        110101199003070011,
        "=1+1",
        True,
    ]
    path = xlsx(tmp_path / "a.xlsx", [f"列{n}" for n in range(10)], [row])
    assert list(sheets.read_table(path))[1] == [
        "工改",
        "12",
        "1.5",
        "2.25",
        "2026-02-14",
        "2026-03-02 09:30:00",
        "",
        "110101199003070011",
        "=1+1",
        "是",
    ]


def test_a_cell_longer_than_excel_allows_is_cut_not_lost(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", ["甲"], [["长" * 40_000]])
    assert list(sheets.read_table(path))[1][0] == "长" * 32_766 + "…"


def test_a_sheet_name_with_forbidden_signs_is_cleaned(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", ["甲"], [["1"]], sheet="住建局/黄灯:[本月]?" * 4)
    assert list(sheets.read_xlsx(path)) == [["甲"], ["1"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_the_encoding_of_a_csv_file_is_found(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("事项,时限\r\n食品经营许可,20(工作日)\r\n".encode(encoding))
    assert list(sheets.read_csv(path)) == [["事项", "时限"], ["食品经营许可", "20(工作日)"]]


def test_gbk_after_a_long_ascii_beginning_is_found(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\r\n" * 300_000 + "许可,1\r\n".encode("gbk"))
    assert sheets.detect_encoding(path) == "gb18030"


def test_a_gzip_csv_is_read_and_its_position_can_be_watched(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress("甲,乙\n1,2\n".encode()))
    reader = sheets.BoundedReader(path, sheets.UPLOAD_LIMITS)
    assert list(sheets.read_csv(path, reader=reader)) == [["甲", "乙"], ["1", "2"]]


def test_a_gzip_bomb_is_refused(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" * (8 << 20)))
    with pytest.raises(sheets.SuspiciousContainer):
        list(sheets.read_csv(path, encoding="utf-8"))
    with pytest.raises(sheets.TableTooLarge):
        list(sheets.read_csv(path, limits=sheets.Limits(max_bytes=1 << 20)))


def test_a_truncated_gzip_is_refused_as_damaged(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" * 10_000)[:-12])
    with pytest.raises(sheets.DamagedTable):
        list(sheets.read_csv(path))


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"a,b\n" + b"x" * (2 << 20), sheets.LineTooLong),
        (b'a,b\n"' + b"line\n" * 100_000, sheets.LineTooLong),
        (b"a,b\n1,\0\n", sheets.NotText),
        (b"a,b\n\xff\xff\xff,1\n", sheets.UnknownEncoding),
    ],
)
def test_hostile_csv_is_refused(tmp_path, content, refusal):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(refusal):
        list(sheets.read_csv(path))


def bomb(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in entries.items():
            container.writestr(name, content)
    return path


def test_zip_bombs_are_refused_before_parsing(tmp_path):
    ratio = bomb(tmp_path / "ratio.xlsx", {"xl/workbook.xml": b"0" * (20 << 20)})
    many = bomb(tmp_path / "many.xlsx", {f"xl/{n}": b"" for n in range(2_001)})
    large = bomb(tmp_path / "large.xlsx", {"xl/a": b"0" * (60 << 20), "xl/b": b"1" * (60 << 20)})
    entity = bomb(tmp_path / "entity.xlsx", {"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})
    for path in (ratio, many, entity):
        with pytest.raises(sheets.SuspiciousContainer):
            list(sheets.read_xlsx(path))
    with pytest.raises(sheets.TableTooLarge):
        list(sheets.read_xlsx(large))


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path):
    path = bomb(tmp_path / "lie.xlsx", {"xl/workbook.xml": b"0" * (3 << 20)})
    content = bytearray(path.read_bytes())
    true_size = (3 << 20).to_bytes(4, "little")
    path.write_bytes(bytes(content.replace(true_size, (10).to_bytes(4, "little"))))
    with pytest.raises(sheets.TableRefused):
        list(sheets.read_xlsx(path))


def test_overlapping_entries_are_refused(tmp_path):
    path = bomb(tmp_path / "a.zip", {"xl/a": b"abc" * 100, "xl/b": b"abc" * 100})
    content = bytearray(path.read_bytes())
    second = content.rfind(b"PK\x01\x02")
    content[second + 42 : second + 46] = (0).to_bytes(4, "little")
    path.write_bytes(bytes(content))
    with pytest.raises(sheets.SuspiciousContainer):
        list(sheets.read_xlsx(path))


def test_a_file_that_is_no_spreadsheet_is_refused_as_damaged(tmp_path):
    for name, content in {"a.xlsx": b"not a zip", "b.xlsx": b"PK\x03\x04rubbish"}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(sheets.DamagedTable):
            list(sheets.read_xlsx(tmp_path / name))


def test_a_missing_sheet_is_named_with_those_that_exist(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", ["甲"], [["1"]])
    with pytest.raises(sheets.NoSuchSheet, match="台账"):
        list(sheets.read_xlsx(path, sheet="明细"))


def test_the_child_is_stopped_when_the_reader_stops_early(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", ["甲"], [[str(n)] for n in range(5_000)])
    rows = sheets.read_xlsx(path)
    assert next(rows) == ["甲"]
    rows.close()


@given(st.binary(max_size=400))
def test_any_bytes_are_either_read_or_refused_by_name(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "a.csv"
    path.write_bytes(content)
    told = ""
    try:
        list(sheets.read_csv(path))
    except sheets.TableRefused as refusal:
        told = refusal.text or "refused without a word"
    assert told != "refused without a word"
