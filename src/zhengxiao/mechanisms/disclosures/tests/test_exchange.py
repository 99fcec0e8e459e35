"""Penalties in, receipts in, and both sides compared: twice the same file changes nothing."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from zhengxiao.kernel.access.testing import SampleOrg
from zhengxiao.kernel.exchange.api import ImportRun, profile_load, rejections_of, run_import, warnings_of
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.mechanisms.disclosures.batches import batch_report
from zhengxiao.mechanisms.disclosures.fields import PENALTY_FIELDS
from zhengxiao.mechanisms.disclosures.models import Disclosure, UpperRecord
from zhengxiao.mechanisms.disclosures.penalties import PenaltyIn, penalty_enter
from zhengxiao.mechanisms.disclosures.receipts import match_again, only_ours, only_theirs
from zhengxiao.mechanisms.disclosures.rules import Kind
from zhengxiao.mechanisms.disclosures.testing import PENALTY, at, duty

pytestmark = pytest.mark.django_db
DAY = at("2026-03-04")
NEXT = at("2026-03-06")
RECEIPT = ("回执号", "公示编号", "种类", "决定文书号", "部门", "结果", "原因", "回执时间", "报送时间")


def brought_in(path: Path, profile: str, head: Any, *rows: Any, encoding: str = "utf-8") -> ImportRun:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows([head, *rows])
    return run_import(profile=profile_load(profile), path=path, dry_run=False, actor=SYSTEM, at=NEXT)


def receipts(path: Path, *rows: Any, **how: Any) -> ImportRun:
    return brought_in(path, "publicity-receipts", RECEIPT, *rows, **how)


def line(number: str, document: str, result: str, reason: str = "", reported: str = "") -> tuple[str, ...]:
    return (number, "", "行政许可", document, "甲区市场监管局", result, reason, "2026-03-05 09:00", reported)


def reported(org: SampleOrg, count: int) -> list[Disclosure]:
    rows = [duty(org, n) for n in range(1, count + 1)]
    batch_report(department_id=org.market.pk, kind=Kind.LICENCE, actor=org.actor(Role.APPROVER), at=DAY)
    return rows


def state(row: Disclosure) -> str:
    row.refresh_from_db()
    return row.state


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_receipts_move_their_records_and_twice_the_same_file_changes_nothing(
    org: SampleOrg, tmp_path: Path, encoding: str
) -> None:
    good, bad = reported(org, 2)
    lines = [line("R1", good.document_no, "入库"), line("R2", bad.document_no, "退回", "信用代码有误")]
    run = receipts(tmp_path / "a.csv", *lines, encoding=encoding)
    assert (run.accepted, run.rejected) == (2, 0)
    assert (state(good), state(bad), bad.reject_reason) == ("received", "rejected", "信用代码有误")
    facts = Entry.objects.count()
    again = receipts(tmp_path / "b.csv", *lines, encoding=encoding)
    assert (again.unchanged, again.accepted, Entry.objects.count()) == (2, 0, facts)


def test_what_was_reported_without_us_counts_for_the_moment_the_platform_tells(
    org: SampleOrg, tmp_path: Path
) -> None:
    row = duty(org)
    receipts(tmp_path / "a.csv", line("R1", row.document_no, "入库", reported="2026-03-03 08:30"))
    assert state(row) == "received"
    assert row.reported_at == at("2026-03-03", 8, 30)


def test_both_sides_are_compared_by_document_number(org: SampleOrg, tmp_path: Path) -> None:
    answered, silent = reported(org, 2)
    receipts(
        tmp_path / "a.csv",
        line("R1", answered.document_no, "入库"),
        line("R2", "示许准〔2026〕99 号", "入库"),
    )
    assert [row.document_no for row in only_theirs(SYSTEM)] == ["示许准〔2026〕99 号"]
    assert list(only_ours(SYSTEM)) == [silent]
    late = duty(org, 99)
    assert match_again(only_theirs(SYSTEM), at=NEXT) == 1
    assert state(late) == "received"
    assert not only_theirs(SYSTEM).exists()


def test_receipts_that_make_no_sense_are_given_back_with_their_reason(org: SampleOrg, tmp_path: Path) -> None:
    good = line("R1", "示许准〔2026〕1 号", "入库")
    bad = [
        line("R2", "", "入库"),
        line("R3", "x", "不知道"),
        line("R4", "x", "退回"),
        (*good[:4], "不存在的局", *good[5:]),
        ("R6", "", "行政确认", *good[3:]),
        (*line("R7", "x", "入库")[:7], "昨天", ""),
    ]
    bad[3] = ("R5", *bad[3][1:])
    run = receipts(tmp_path / "a.csv", good, *bad)
    assert (run.accepted, run.rejected) == (1, 6)
    reasons = {rejection.source_id: rejection.reason for rejection in rejections_of(run)}
    assert "文书号" in reasons["R2"]
    assert "不知道" in reasons["R3"]
    assert "原因" in reasons["R4"]
    assert "不存在的局" in reasons["R5"]
    assert UpperRecord.objects.count() == 1


def penalties(path: Path, *records: dict[str, str]) -> ImportRun:
    head = ["部门", "等级", *(rule.name for rule in PENALTY_FIELDS)]
    rows = [["甲区市场监管局", "", *(record.get(name, "") for name in head[2:])] for record in records]
    return brought_in(path, "penalty-table", head, *rows)


def test_penalties_come_in_once_as_duties_with_what_is_left_to_complete(
    org: SampleOrg, tmp_path: Path
) -> None:
    second = {**PENALTY, "CF_WSH": "示罚〔2026〕2 号", "CF_NR_FK": ""}
    run = penalties(tmp_path / "a.csv", PENALTY, second)
    assert (run.accepted, run.rejected) == (2, 0)
    assert [warning.field for warning in warnings_of(run)] == ["CF_NR_FK"]
    first = Disclosure.objects.get(document_no="示罚〔2026〕1 号")
    assert (first.kind, first.state, str(first.clock.due_on)) == ("penalty", "due", "2026-03-13")
    again = penalties(tmp_path / "b.csv", PENALTY, {**second, "CF_NR_FK": "0.3"})
    assert (again.unchanged, again.updated, Disclosure.objects.count()) == (1, 1, 2)
    assert Disclosure.objects.get(document_no=second["CF_WSH"]).revision == 2


def test_a_penalty_that_was_entered_by_hand_does_not_come_in_a_second_time(
    org: SampleOrg, tmp_path: Path
) -> None:
    penalty_enter(told=PenaltyIn(org.section.pk, PENALTY), actor=org.actor(Role.APPROVER), at=DAY)
    run = penalties(tmp_path / "a.csv", PENALTY)
    assert (run.accepted, run.rejected, Disclosure.objects.count()) == (0, 1, 1)


def test_a_penalty_without_day_is_given_back(org: SampleOrg, tmp_path: Path) -> None:
    run = penalties(
        tmp_path / "a.csv", {**PENALTY, "CF_JDRQ": ""}, {**PENALTY, "CF_WSH": "2", "CF_JDRQ": "2099/12/31"}
    )
    assert (run.accepted, run.rejected) == (0, 2)
