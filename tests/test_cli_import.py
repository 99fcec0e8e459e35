"""`zx import`: counts, exit codes, the rejects file."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from zhengxiao.config.cli.feeds import import_command
from zhengxiao.kernel.exchange import services, targets
from zhengxiao.kernel.exchange.api import ImportTarget
from zhengxiao.kernel.exchange.tests.conftest import parse, write
from zhengxiao.lib.registry import Registry
from zhengxiao.lib.spreadsheets import read_csv

PROFILE = """
kind = "cases"
system = "sample"
format = "csv"
[columns]
source_id = "编号"
name = "名称"
"""


@pytest.fixture
def run(db, tmp_path, monkeypatch):
    registry = Registry("import target")
    for module in (targets, services):
        monkeypatch.setattr(module, "TARGETS", registry)
    targets.register_target(
        ImportTarget(kind="cases", subject_kind="pulse", parse_unit=parse, write_batch=write)
    )
    (tmp_path / "p.toml").write_text(PROFILE)
    file = tmp_path / "f.csv"

    def call(content: str, *more: str, kind: str = "cases", profile: str = "p.toml"):
        file.write_bytes(content.encode("gbk"))
        arguments = [kind, str(file), "--profile", str(tmp_path / profile), *more]
        return CliRunner().invoke(import_command, arguments)

    return call


def test_all_in_is_zero_and_again_is_unchanged(run):
    first = run("编号,名称\n1,甲\n2,乙\n", "--json")
    assert first.exit_code == 0
    answer = json.loads(first.stdout)
    assert {name: answer[name] for name in ("read", "accepted", "updated", "unchanged", "rejected")} == {
        "read": 2,
        "accepted": 2,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
    }
    assert json.loads(run("编号,名称\n1,甲\n2,乙\n", "--json").stdout)["unchanged"] == 2


def test_refused_rows_end_with_one_and_fill_the_rejects_file(run, tmp_path):
    answer = run("编号,名称\n1,甲\n2,bad\n", "--dry-run", "--rejects", str(tmp_path / "r.csv"), "--json")
    assert answer.exit_code == 1
    told = json.loads(answer.stdout)
    assert (told["dry_run"], told["rows"]["rejected"]) == (True, 1)
    assert told["rejections"][0] | {"row_to": 0} == {
        "row_from": 3,
        "row_to": 0,
        "source_id": "2",
        "field": "name",
        "code": "BadName",
        "reason": "名称不对",
    }
    assert list(read_csv(tmp_path / "r.csv")) == [
        ["编号", "名称", "拒收原因", "字段", "源文件行号"],
        ["2", "bad", "名称不对", "name", "3"],
    ]


def test_words_for_people_when_no_json_is_asked_for(run):
    answer = run("编号,名称\n2,bad\n")
    assert "拒收 1" in answer.stdout
    assert "第 3 行" not in answer.stdout
    assert "第 2 行 2：名称不对" in answer.stdout


def test_what_cannot_be_done_ends_with_two(run, tmp_path):
    (tmp_path / "broken.toml").write_text("colour = 1")
    assert run("编号,名称\n", profile="none.toml").exit_code == 2
    assert run("编号,名称\n", profile="broken.toml").exit_code == 2
    assert run("编号,名称\n", kind="items").exit_code == 2
    assert run("别的列\n1\n").exit_code == 2
    assert run("编号,名称\n1,\0\n").exit_code == 2
    assert CliRunner().invoke(import_command, ["cases", "missing.csv", "--profile", "p"]).exit_code == 2
