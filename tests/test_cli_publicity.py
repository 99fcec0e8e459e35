"""`zx check-publicity`: exit codes, the three ways of telling, nothing personal shown."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from zhengxiao.config.cli import main
from zhengxiao.lib.table_columns import table_blocks
from zhengxiao.mechanisms.disclosures.rules import Kind
from zhengxiao.mechanisms.disclosures.testing import LICENCE
from zhengxiao.mechanisms.disclosures.tests.test_checking import lines, text

TODAY = ["--today", "2026-03-10"]


def written(path: Path, *records: dict[str, str]) -> str:
    path.write_text(text(lines(Kind.LICENCE, *records)), encoding="utf-8")
    return str(path)


def test_a_sound_file_ends_with_nought(tmp_path: Path) -> None:
    answer = CliRunner().invoke(main, ["check-publicity", written(tmp_path / "x.csv", LICENCE), *TODAY])
    assert answer.exit_code == 0
    assert "1 行，0 行有错，共 0 处" in answer.stdout


def test_faults_end_with_one_and_are_told_cell_by_cell(tmp_path: Path) -> None:
    bad = {**LICENCE, "XK_JDRQ": "2026-03-04", "XK_XDR_LB": "自然人", "XK_XDR_ZJLX": "身份证",
           "XK_XDR_ZJHM": "110101199001011234"}  # fmt: skip
    file = written(tmp_path / "x.csv", LICENCE, bad)
    answer = CliRunner().invoke(main, ["check-publicity", file, *TODAY])
    assert answer.exit_code == 1
    assert "第 3 行 XK_JDRQ" in answer.stdout
    assert "110101199001011234" not in answer.stdout
    told = json.loads(
        CliRunner().invoke(main, ["check-publicity", file, *TODAY, "--json", "--limit", "1"]).stdout
    )
    assert (told["rows"], told["faulty_rows"], told["count"], len(told["faults"])) == (2, 1, 2, 1)


def test_all_faults_go_to_a_spreadsheet(tmp_path: Path) -> None:
    file = written(tmp_path / "x.csv", {**LICENCE, "XK_ZT": "9"})
    out = tmp_path / "faults.xlsx"
    assert CliRunner().invoke(main, ["check-publicity", file, *TODAY, "--xlsx", str(out)]).exit_code == 1
    (block,) = table_blocks(out)
    assert [column.text(0) for column in block.columns][:2] == ["2", "XK_ZT"]


def test_a_file_that_is_no_table_of_the_kind_ends_with_two(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    answer = CliRunner().invoke(main, ["check-publicity", str(path)])
    assert answer.exit_code == 2
    assert "表头中没有双公示的列" in answer.stderr
