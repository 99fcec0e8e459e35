"""What rules on trial and in force find, once and only once, and what they tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from zhengxiao.backbone.cases.api import Case, CaseStep
from zhengxiao.backbone.cases.testing import CaseWorld
from zhengxiao.kernel.timeline.api import Entry, Subject, deliver_due, entries_for, entry_text, record
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.mechanisms.detection import running
from zhengxiao.mechanisms.detection.models import Finding, RuleVersion
from zhengxiao.mechanisms.detection.running import look_at_all, look_nightly
from zhengxiao.mechanisms.detection.subscribers import card_lifted, card_upheld, look
from zhengxiao.mechanisms.detection.tests.conftest import GRANT

Bring = Callable[..., RuleVersion]


def told(fact: str = "detection.found") -> list[Entry]:
    return list(Entry.objects.filter(fact=fact).order_by("pk"))


def test_a_swift_decision_is_found_when_it_is_told(
    in_force: Bring, decided: Callable[..., Case], at: datetime
) -> None:
    version = in_force("swift")
    case = decided(minutes=10)
    deliver_due(at=at + timedelta(hours=1))
    (finding,) = Finding.objects.all()
    assert (finding.case_id, finding.version, finding.mode, finding.level) == (
        case.pk,
        version,
        "active",
        "yellow",
    )
    assert (finding.at, finding.found_at) == (case.decided_at, case.decided_at)
    assert (
        finding.evidence_text
        == "2026-03-04 10:05 受理，2026-03-04 10:15 即作出决定，仅 10 分钟；该事项承诺 10 个工作日。"
    )
    assert finding.evidence["minutes"] == 10
    (entry,) = told()
    assert (entry.subject_kind, entry.subject_id, entry.at, entry.unit_id) == (
        "case",
        case.pk,
        case.decided_at,
        case.unit_id,
    )
    assert entry.data == {
        "finding_id": finding.pk, "rule": "swift", "rule_name": "秒办结", "rule_version": 1, "level": "yellow",
        "evidence": finding.evidence, "evidence_text": finding.evidence_text, "department_id": case.department_id,
        "case_number": case.number,
    }  # fmt: skip
    assert "秒办结" in entry_text(entry)


def test_a_rule_on_trial_finds_and_tells_nobody(
    in_force: Bring, decided: Callable[..., Case], at: datetime
) -> None:
    in_force("swift", trial=True)
    decided()
    deliver_due(at=at + timedelta(hours=1))
    assert Finding.objects.get().mode == "shadow"
    assert told() == []


def test_a_draft_looks_at_nothing(
    versions: dict[str, RuleVersion], decided: Callable[..., Case], at: datetime
) -> None:
    decided()
    deliver_due(at=at + timedelta(hours=1))
    assert look_nightly(at + timedelta(days=1)).cases == 0
    assert not Finding.objects.exists()


def test_nothing_is_found_twice_however_often_it_is_looked_for(
    in_force: Bring, decided: Callable[..., Case], at: datetime
) -> None:
    in_force("swift")
    decided()
    deliver_due(at=at + timedelta(hours=1))
    for hours in (2, 3):
        assert look_nightly(at + timedelta(hours=hours)).found == 0
    assert (Finding.objects.count(), len(told())) == (1, 1)


def test_two_runners_that_both_saw_nothing_yet_find_once(
    in_force: Bring, decided: Callable[..., Case], at: datetime, monkeypatch: Any
) -> None:
    """The second runner has read that nothing is known, then the first one commits."""
    in_force("swift")
    decided()
    write, second = running._write, []

    def after_the_other(version: Any, histories: Any, hits: Any, moment: datetime) -> int:
        monkeypatch.setattr(running, "_write", write)
        real = running.evidence_rows

        def meanwhile(*given: Any) -> Any:
            monkeypatch.setattr(running, "evidence_rows", real)
            second.append(look_at_all(at=moment).found)
            return real(*given)

        monkeypatch.setattr(running, "evidence_rows", meanwhile)
        return write(version, histories, hits, moment)

    monkeypatch.setattr(running, "_write", after_the_other)
    assert look_at_all(at=at + timedelta(hours=1)).found == 0
    assert second == [1]
    assert (Finding.objects.count(), len(told())) == (1, 1)


def test_what_happened_before_the_rule_held_is_not_judged(
    in_force: Bring, versions: dict[str, RuleVersion], decided: Callable[..., Case], at: datetime
) -> None:
    in_force("swift")
    RuleVersion.objects.filter(pk=versions["swift"].pk).update(since=at + timedelta(minutes=16))
    decided(minutes=10)
    assert look_at_all(at=at + timedelta(days=1)).found == 0
    decided(minutes=12)
    assert look_at_all(at=at + timedelta(days=1)).found == 1


def test_a_scope_leaves_other_offices_and_items_alone(
    in_force: Bring, world: CaseWorld, decided: Callable[..., Case], at: datetime
) -> None:
    version = in_force("swift")
    case = decided()
    rows = RuleVersion.objects.filter(pk=version.pk)
    for scope, number in (
        ({"departments": [world.org.units["A-HOUSING"].pk]}, 0),
        ({"items": [world.item.pk + 1]}, 0),
        ({"departments": [case.department_id], "items": [world.item.pk]}, 1),
    ):
        rows.update(scope=scope)
        assert look_at_all(at=at + timedelta(days=1)).found == number, scope


def test_a_second_request_for_papers_is_found_though_the_verbs_refuse_it(
    in_force: Bring, world: CaseWorld, at: datetime
) -> None:
    """The verbs allow one; another system's history may tell of two."""
    in_force("supplement")
    case = world.receive(at=at)
    world.move(
        case, "ask_supplement", at=at + timedelta(minutes=5), data={"items": "合同", "document_no": "示补 1"}
    )
    with transaction.atomic():
        record(
            fact="cases.supplement_asked", subject=Subject("case", case.pk), actor=SYSTEM, at=at + timedelta(hours=3),
            data={"items": "图纸", "document_no": "示补 2"},
        )  # fmt: skip
    deliver_due(at=at + timedelta(hours=4))
    finding = Finding.objects.get()
    assert (finding.level, finding.at, finding.evidence["times"]) == ("red", at + timedelta(hours=3), 2)


def test_a_pause_after_the_limit_is_found_when_it_begins(
    in_force: Bring, world: CaseWorld, at: datetime
) -> None:
    in_force("pause")
    case = world.accepted(at=at)
    late = at + timedelta(days=20)
    procedure = {"kind": "hearing", "reason": "需听证", "expected_days": "5", "notice_no": "示特 1"}
    world.move(case, "suspend", at=late, data=procedure)
    deliver_due(at=late + timedelta(minutes=1))
    finding = Finding.objects.get()
    assert (finding.case_id, finding.at, finding.level) == (case.pk, late, "red")


def test_a_case_withdrawn_and_filed_again_is_found_when_it_is_received(
    in_force: Bring, world: CaseWorld, at: datetime
) -> None:
    in_force("refile")
    first = world.accepted(at=at)
    world.move(first, "withdraw", at=at + timedelta(days=1), data={"reason": "材料有误"})
    again = world.receive(at=at + timedelta(days=6))
    world.receive(at=at + timedelta(days=6), applicant_name="另一家示例公司")
    deliver_due(at=at + timedelta(days=6, minutes=1))
    finding = Finding.objects.get()
    assert (finding.case_id, finding.evidence["earlier"], finding.evidence["days"]) == (
        again.pk,
        first.number,
        5,
    )
    assert finding.evidence["earlier_id"] == first.pk


def test_a_decision_on_a_sunday_by_somebody_who_was_off_is_found_and_one_at_work_is_not(
    in_force: Bring, world: CaseWorld, at: datetime
) -> None:
    in_force("off_hours")
    sunday = datetime(2026, 3, 15, 12, tzinfo=at.tzinfo)
    case = world.accepted(at=at)
    busy = world.accepted(at=at, applicant_name="示例乙公司")
    world.move(case, "grant", at=sunday, data=GRANT)
    deliver_due(at=sunday + timedelta(minutes=5))
    (finding,) = Finding.objects.all()
    assert (finding.case_id, finding.evidence["who"]) == (case.pk, world.approver.name)
    following = sunday + timedelta(days=7)
    world.move(busy, "start_review", at=following - timedelta(hours=2))
    other = world.accepted(at=at, applicant_name="示例丙公司")
    world.move(other, "start_review", at=following - timedelta(hours=1))
    world.move(busy, "grant", at=following, data=GRANT)
    deliver_due(at=following + timedelta(minutes=5))
    assert Finding.objects.count() == 1


def test_steps_out_of_order_and_a_process_entered_later_are_found_by_name(
    in_force: Bring, world: CaseWorld, decided: Callable[..., Case], at: datetime
) -> None:
    in_force("order")
    in_force("process")
    case = decided(minutes=60)
    for number, (name, minutes) in enumerate((("决定", 20), ("审查", 40), ("审核", 300)), start=1):
        CaseStep.objects.create(
            case=case, number=number, name=name, person_name="甲", ended_at=at + timedelta(minutes=minutes)
        )
    assert look_at_all(at=at + timedelta(days=1)).found == 2
    by_rule = {finding.rule.code: finding for finding in Finding.objects.select_related("rule")}
    assert (by_rule["order"].evidence["ahead"], by_rule["order"].evidence["step"]) == ("决定", "审查")
    assert by_rule["process"].evidence["minutes"] == 300 - 65


def test_a_month_end_rush_is_found_at_night_with_all_its_cases(
    in_force: Bring,
    versions: dict[str, RuleVersion],
    world: CaseWorld,
    decided: Callable[..., Case],
    at: datetime,
) -> None:
    version = in_force("month_end")
    RuleVersion.objects.filter(pk=version.pk).update(parameters={"days": 3, "count": 3, "share": 50, "by": 1})
    end = datetime(2026, 3, 31, 10, tzinfo=at.tzinfo) - at
    cases = [decided(later=end + timedelta(minutes=n), applicant_name=f"示例{n}公司") for n in range(4)]
    deliver_due(at=at + end + timedelta(hours=1))
    assert not Finding.objects.exists()
    assert look_nightly(at + end + timedelta(hours=12)).found == 1
    finding = Finding.objects.get()
    assert finding.case_id == cases[2].pk
    assert finding.evidence["cases"] == [case.pk for case in cases]
    assert (finding.evidence["who"], finding.evidence["month"]) == (world.org.section.short_name, "2026-03")
    decided(later=end + timedelta(hours=2), applicant_name="示例晚公司")
    assert look_nightly(at + end + timedelta(days=1)).found == 0


def test_history_told_long_after_is_left_to_the_night(
    in_force: Bring, decided: Callable[..., Case], at: datetime
) -> None:
    in_force("swift")
    case = decided()
    Finding.objects.all().delete()
    entry = entries_for(Subject("case", case.pk)).get(fact="cases.decided")
    entry.recorded_at = entry.at + timedelta(days=3)
    look(entry)
    assert not Finding.objects.exists()
    assert look_nightly(at + timedelta(days=3)).found == 1


@pytest.mark.parametrize(("hear", "outcome"), [(card_upheld, "upheld"), (card_lifted, "lifted")])
def test_what_became_of_the_card_is_noted_with_the_finding(
    in_force: Bring, decided: Callable[..., Case], at: datetime, hear: Any, outcome: str
) -> None:
    in_force("swift")
    decided()
    look_at_all(at=at + timedelta(hours=1))
    finding = Finding.objects.get()
    hear(Entry(fact="supervision.card", at=at + timedelta(days=1), data={"finding_id": finding.pk}))
    hear(Entry(fact="supervision.card", at=at + timedelta(days=2), data={"finding_id": None}))
    finding.refresh_from_db()
    assert (finding.outcome, finding.outcome_at) == (outcome, at + timedelta(days=1))
