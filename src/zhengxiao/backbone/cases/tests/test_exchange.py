"""Real cases come in through the profiles of the product, and verdicts of their sources are reproduced."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from zhengxiao.backbone.cases.models import Case, CaseStep
from zhengxiao.backbone.cases.services import case_move
from zhengxiao.kernel.calendar.api import install_shipped
from zhengxiao.kernel.clock.api import Clock, ClockRung, sweep
from zhengxiao.kernel.exchange.api import ImportRun, profile_load, run_import
from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.lib.actors import SYSTEM

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def bring(name: str, path: Path, *, dry_run: bool = False) -> ImportRun:
    install_shipped(at=AT)
    return run_import(profile=profile_load(name), path=path, dry_run=dry_run, actor=SYSTEM, at=AT)


def counts(run: ImportRun) -> tuple[int, int, int, int, int]:
    return run.read, run.accepted, run.updated, run.unchanged, run.rejected


def test_the_permit_log_comes_in_whole_and_a_second_time_changes_nothing(shared_data: Path) -> None:
    path = shared_data / "cases" / "permit_receipt_200.csv"
    assert counts(bring("environmental-permit-receipt", path)) == (200, 200, 0, 0, 0)
    assert CaseStep.objects.count() == 1300
    assert counts(bring("environmental-permit-receipt", path)) == (200, 0, 0, 200, 0)
    assert Case.objects.count() == 200


def test_a_permit_keeps_the_sources_deadline_and_both_utc_offsets(shared_data: Path) -> None:
    bring("environmental-permit-receipt", shared_data / "cases" / "permit_receipt_200.csv")
    case = Case.objects.select_related("promised_clock").get(source_id="case-3756")
    assert case.received_at == datetime.fromisoformat("2010-10-04 01:06:40.020000+02:00")
    assert case.promised_clock.due_at == datetime.fromisoformat("2010-11-29 01:06:40+01:00")
    assert case.promised_clock.source_due
    assert case.finished_at > case.promised_clock.due_at


def test_an_open_permit_is_late_like_a_native_case(shared_data: Path) -> None:
    bring("environmental-permit-receipt", shared_data / "cases" / "permit_receipt_200.csv")
    running = Case.objects.filter(finished_at__isnull=True)
    assert running.exists()
    sweep(at=AT)
    clocks = Clock.objects.running().filter(subject_kind="case", kind="promised")
    assert {clock.light(AT) for clock in clocks} == {"yellow"}
    rung = ClockRung.objects.filter(breach=True).first()
    assert rung is not None
    assert rung.at.year == 2010 or rung.at.year == 2011


def test_the_hotlines_own_verdict_is_reproduced_and_no_target_is_never_on_time(shared_data: Path) -> None:
    path = shared_data / "demands" / "requests_with_targets_2014.csv"
    assert counts(bring("city-hotline-with-targets", path))[0:2] == (5268, 5268)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        theirs = {row["case_enquiry_id"]: row for row in csv.DictReader(stream)}
    table: Counter[tuple[str, str]] = Counter()
    for case in Case.objects.select_related("promised_clock").iterator():
        clock = case.promised_clock
        if clock is None:
            ours = "no target"
        else:
            end = case.finished_at or AT
            ours = "ONTIME" if end <= clock.due_at else "OVERDUE"
        row = theirs[case.source_id]
        table[ours, row["on_time"] if row["sla_target_dt"] else "no target"] += 1
    assert table == {
        ("ONTIME", "ONTIME"): 2125,
        ("OVERDUE", "OVERDUE"): 425,
        ("no target", "no target"): 2718,
    }


def test_the_hotlines_shifted_times_are_undone_in_summer_and_winter(shared_data: Path) -> None:
    bring("city-hotline-with-targets", shared_data / "demands" / "requests_with_targets_2014.csv")
    case = Case.objects.get(source_id="101000994042")  # 02:57:13 in the file, winter: five hours too early
    assert case.received_at.astimezone(ZoneInfo("America/New_York")).strftime("%H:%M:%S") == "07:57:13"


TABLE = """办件编号,事项编码,事项名称,部门,申请人,办理摘要,收件时间,受理时间,办结时间,状态,文书号,理由,法定时限,承诺时限
A1,,建筑许可,住建局,示例建设有限公司,,2026/2/13 9:00,2026/2/13 10:00,,受理,,,20,10
A2,,建筑许可,住建局,示例建设有限公司,,2026-02-13 09:00,2026-02-12 10:00,,受理,,,20,10
A3,,建筑许可,住建局,示例建设有限公司,,,,,受理,,,20,10
A4,,建筑许可,住建局,示例建设有限公司,,2026-02-13 09:00,,,神秘,,,20,无
"""


def test_a_bad_row_is_told_with_its_reason_and_the_others_come_in(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(TABLE, encoding="utf-8")
    run = bring("case-table", path)
    assert counts(run) == (4, 1, 0, 0, 3)
    reasons = {row.source_id: row.reason for row in run.rejections.all()}
    assert "早于" in reasons["A2"]
    assert "收件时间" in reasons["A3"]
    assert "神秘" in reasons["A4"] or "状态" in reasons["A4"]
    case = Case.objects.get(source_id="A1")
    assert str(case.promised_clock.due_on) == "2026-03-05"
    assert str(case.statutory_clock.due_on) == "2026-03-19"


def test_an_update_of_the_source_stops_the_clocks_and_keeps_what_was_told(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    head, first = TABLE.splitlines()[:2]
    path.write_text(f"{head}\n{first}\n", encoding="utf-8")
    bring("case-table", path)
    case = Case.objects.get(source_id="A1")
    sweep(at=datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai")))
    warned = ClockRung.objects.count()
    path.write_text(
        f"{head}\n{first.replace(',受理,', ',办结,').replace(',,办结', ',2026-03-04 09:00,办结')}\n",
        encoding="utf-8",
    )
    assert counts(bring("case-table", path)) == (1, 0, 1, 0, 0)
    case.refresh_from_db()
    assert case.state == "granted"
    assert case.promised_clock.stopped_at == case.finished_at
    assert (
        case.promised_clock.used == 9
    )  # 14, 24, 25, 26, 27, 28 February (two make-up Saturdays), 2, 3 and 4 March
    facts = list(entries_for(Subject("case", case.pk)).values_list("fact", flat=True))
    assert facts.count("cases.accepted") == 1
    assert {"cases.decided", "cases.reimported"} <= set(facts)
    assert ClockRung.objects.count() == warned


def test_a_case_that_people_moved_here_is_no_longer_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    head, first = TABLE.splitlines()[:2]
    path.write_text(f"{head}\n{first}\n", encoding="utf-8")
    bring("case-table", path)
    case = Case.objects.get(source_id="A1")
    case_move(case_id=case.pk, transition="start_review", actor=SYSTEM, at=AT)
    path.write_text(f"{head}\n{first.replace('示例建设', '示例新建设')}\n", encoding="utf-8")
    run = bring("case-table", path)
    assert counts(run) == (1, 0, 0, 0, 1)
    assert case.number in run.rejections.get().reason
