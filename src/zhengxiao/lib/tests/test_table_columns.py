"""Tables as blocks of columns: the same cells as the csv module reads, whatever stands in the file."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengxiao.lib import table_columns
from zhengxiao.lib.spreadsheets import NotText, UnknownEncoding, write_xlsx
from zhengxiao.lib.table_columns import table_blocks
from zhengxiao.lib.text_columns import TextColumn


def read(path: Path, **options: object) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    """Header, and (row number, cells) of each row."""
    header: tuple[str, ...] = ()
    rows = []
    for block in table_blocks(path, **options):  # type: ignore[arg-type]
        header = block.header
        for i in range(len(block)):
            rows.append((block.first_row + i, [column.text(i) for column in block.columns]))
    return header, rows


cell = st.text(st.sampled_from('甲a1,"\n\r \t;'), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    rows=st.lists(st.lists(cell, min_size=3, max_size=3), max_size=12),
    size=st.sampled_from([16, 64, 1 << 20]),
)
def test_what_the_csv_module_wrote_is_read_alike_in_blocks_of_any_size(
    tmp_path: Path, rows: list[list[str]], size: int
) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows([["a", "b", "c"], *rows])
    path = tmp_path / "x.csv"
    path.write_bytes(stream.getvalue().encode())
    records = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))[1:]
    kept = [(2 + i, [c.strip(" \t\r\n") for c in record]) for i, record in enumerate(records)]
    wanted = [(number, record) for number, record in kept if any(c.strip() for c in record)]
    assert read(path, block=size)[1] == wanted


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("名称,编号\n甲公司,１２\n乙公司,34\n".encode(encoding))
    assert read(path) == (("名称", "编号"), [(2, ["甲公司", "１２"]), (3, ["乙公司", "34"])])


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('a,b\n5" pipe,x\n1,2\n', [(2, ['5" pipe', "x"]), (3, ["1", "2"])]),
        ('a,b\n"open,x\n1,2\n', [(2, ["open,x\n1,2", ""])]),
        ("a,b\n1\n1,2,3\n\n,\n4,5", [(2, ["1", ""]), (3, ["1", "2"]), (6, ["4", "5"])]),
        ("\n\na,b\r\n1,2\r\n", [(4, ["1", "2"])]),
        ('a,b\n"x ""y"" z"," 2 "\n', [(2, ['x "y" z', "2"])]),
        ("a,b", []),
        ("", []),
    ],
)
def test_rows_keep_their_numbers_through_blank_ragged_and_badly_quoted_lines(
    tmp_path: Path, text: str, rows: list[tuple[int, list[str]]]
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode())
    assert read(path)[1] == rows


def test_too_few_and_too_many_cells_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n1\n1,2,3\n")
    (block,) = table_blocks(path)
    assert block.ragged.tolist() == [1, 2]


def test_nul_and_foreign_bytes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"a,b\n1,\0\n")
    with pytest.raises(NotText):
        read(path)
    path.write_bytes(b"a,b\n\xff\xff\xff,\x80\n")
    with pytest.raises(UnknownEncoding):
        read(path)


def test_a_spreadsheet_is_read_alike_and_its_days_are_written_with_slashes(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with path.open("wb") as stream:
        write_xlsx(
            stream, "表", ["名称", "日期"], [["甲", date(2026, 3, 4)], [None, None], ["乙", "2026-3-4"]]
        )
    assert read(path) == (("名称", "日期"), [(2, ["甲", "2026/03/04"]), (4, ["乙", "2026-3-4"])])


@given(texts=st.lists(st.text(max_size=12)), value=st.text(min_size=1, max_size=12), most=st.integers(0, 8))
def test_questions_to_a_column_are_those_to_its_texts(texts: list[str], value: str, most: int) -> None:
    texts = [*texts, value, value + "x"]
    column = TextColumn.of(texts)
    plain = [text.encode("utf-8", "replace").decode() for text in texts]
    wanted = value.encode("utf-8", "replace").decode()
    assert [column.text(i) for i in range(len(texts))] == plain
    assert column.equal(wanted).tolist() == [text == wanted for text in plain]
    assert column.begins(wanted).tolist() == [text != wanted and text.startswith(wanted) for text in plain]
    assert column.longer(most).tolist() == [i for i, text in enumerate(plain) if len(text) > most]


def test_well_quoted_cells_are_cut_by_their_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a quote out of place may send a file the slow way."""
    monkeypatch.setattr(table_columns, "_sign_by_sign", lambda *told: pytest.fail("the slow way"))
    path = tmp_path / "x.csv"
    path.write_text('a,b\n"1,2","x\ny"\n"q""q",3\n')
    assert read(path)[1] == [(2, ["1,2", "x\ny"]), (3, ['q"q', "3"])]
