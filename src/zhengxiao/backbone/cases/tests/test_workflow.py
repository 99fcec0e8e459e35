"""The lawful life of a case: one row per transition, and what the law forbids."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from zhengxiao.backbone.cases import refusals
from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.backbone.cases.workflow import WORKFLOW
from zhengxiao.kernel.clock.api import Clock, Light, explain, sweep
from zhengxiao.kernel.timeline.api import Subject, deliver_due, entries_for
from zhengxiao.kernel.workflow.api import MoveNotLawful, NeedsField, lawful_moves
from zhengxiao.lib.refusals import NotPermitted

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")


def at(day: str, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=ZONE)


@pytest.fixture
def world() -> CaseWorld:
    return case_world()


SUPPLEMENT = {"items": "缺少施工合同", "document_no": "示补〔2026〕1 号"}
REFUSAL = {"reason": "不属于本机关职权", "competent_agency": "示例市自然资源局"}
PROCEDURE = {
    "kind": "expert_review",
    "reason": "需专家评审",
    "expected_days": "5",
    "notice_no": "示特〔2026〕1 号",
}
STEP = {"step": "审核", "outcome": "passed", "opinion": "同意", "next_step": ""}
GRANT = {"result_no": "示许准〔2026〕1 号", "certificate_no": "示证 1"}
DENY = {"result_no": "示许不〔2026〕1 号", "reason": "不符合条件", "remedies": "可申请行政复议"}

# transition, moves before it (with data), data, state after, clocks running after
TRANSITION_ROWS = [
    ("accept", [], {}, "accepted", {"promised", "statutory"}),
    ("ask_supplement", [], SUPPLEMENT, "supplementing", {"supplement"}),
    ("file_supplement", [("ask_supplement", SUPPLEMENT)], {}, "received", {"intake"}),
    ("refuse", [], REFUSAL, "refused", set()),
    ("not_required", [], {"reason": "依法不需要许可"}, "not_required", set()),
    ("start_review", [("accept", {})], {}, "reviewing", {"promised", "statutory"}),
    ("finish_step", [("accept", {}), ("start_review", {})], STEP, "reviewing", {"promised", "statutory"}),
    ("suspend", [("accept", {})], PROCEDURE, "suspended", {"promised", "statutory", "procedure"}),
    (
        "resume",
        [("accept", {}), ("suspend", PROCEDURE)],
        {"outcome": "通过"},
        "reviewing",
        {"promised", "statutory"},
    ),
    (
        "request_extension",
        [("accept", {})],
        {"amount": "10", "reason": "案情复杂"},
        "accepted",
        {"promised", "statutory"},
    ),
    ("grant", [("accept", {})], GRANT, "granted", {"delivery"}),
    ("deny", [("accept", {}), ("start_review", {})], DENY, "denied", {"delivery"}),
    ("withdraw", [("accept", {})], {"reason": "申请人撤回"}, "withdrawn", set()),
    ("terminate", [("accept", {}), ("start_review", {})], {"reason": "申请人死亡"}, "terminated", set()),
    ("deliver", [("accept", {}), ("grant", GRANT)], {"method": "window"}, "delivered", set()),
    (
        "correct",
        [("accept", {}), ("grant", GRANT)],
        {
            "document_no": "示更〔2026〕1 号",
            "reason": "文号笔误",
            "result_no": "示许准〔2026〕2 号",
            "certificate_no": "",
        },
        "granted",
        {"delivery"},
    ),
    ("archive", [("refuse", REFUSAL)], {}, "archived", set()),
]


TRANSITION_TESTS = {
    "deem_accepted": "test_silence_for_five_working_days_accepts_by_law_from_the_day_of_receipt",
    "lapse": "test_a_case_lapses_only_after_the_applicants_own_time",
    "approve_extension": "test_an_extension_needs_another_person_and_lengthens_both_limits_once",
    "refuse_extension": "test_a_refused_extension_may_be_asked_for_again",
}


@pytest.mark.parametrize(
    ("transition", "before", "data", "state", "running"),
    TRANSITION_ROWS,
    ids=[row[0] for row in TRANSITION_ROWS],
)
def test_every_transition_moves_the_state_touches_its_clocks_and_says_so(
    world: CaseWorld, transition: str, before: list, data: dict, state: str, running: set[str]
) -> None:
    case = world.receive(at=at("2026-03-04"))  # a Wednesday
    minute = 1
    for name, given in before:
        case = world.move(case, name, at=at("2026-03-04", 10, minute), data=given)
        minute += 1
    case = world.move(case, transition, at=at("2026-03-05"), data=data)
    stored = Case.objects.get(pk=case.pk)
    assert stored.state == state
    assert set(Clock.objects.running().about("case", case.pk).values_list("kind", flat=True)) == running
    step = WORKFLOW.transition(transition)
    assert step.fact in entries_for(Subject("case", case.pk)).values_list("fact", flat=True)


def test_the_rows_and_the_special_tests_cover_every_transition() -> None:
    assert {row[0] for row in TRANSITION_ROWS} | set(TRANSITION_TESTS) == {
        step.name for step in WORKFLOW.transitions
    }


def test_accepting_on_a_wednesday_gives_ten_and_twenty_working_days_side_by_side(world: CaseWorld) -> None:
    case = world.accepted(at=at("2026-02-13"))  # Friday before the long Spring Festival
    assert case.promised_clock.due_on == date(2026, 3, 5)  # Sat 02-14 and Sat 02-28 are working days
    assert case.statutory_clock.due_on == date(2026, 3, 19)
    assert case.voucher_no == "受2026-0213-0001"


def test_a_second_supplement_request_is_refused_with_the_date_of_the_first(world: CaseWorld) -> None:
    case = world.receive(at=at("2026-03-04"))
    case = world.move(case, "ask_supplement", at=at("2026-03-05"), data=SUPPLEMENT)
    case = world.move(case, "file_supplement", at=at("2026-03-09"))
    with pytest.raises(refusals.SecondSupplementNotice, match="2026-03-05"):
        world.move(case, "ask_supplement", at=at("2026-03-10"), data={**SUPPLEMENT, "document_no": "2"})
    moves = {
        m.transition.name: m
        for m in lawful_moves(workflow="case", obj=case, actor=world.clerk, at=at("2026-03-10"))
    }
    assert not moves["ask_supplement"].allowed
    assert moves["accept"].allowed


def test_silence_for_five_working_days_accepts_by_law_from_the_day_of_receipt(world: CaseWorld) -> None:
    case = world.receive(at=at("2026-03-04"))  # Wednesday; day five is Wednesday 03-11
    sweep(at=at("2026-03-11", 23, 59))
    deliver_due(at=at("2026-03-11", 23, 59))
    assert Case.objects.get(pk=case.pk).state == "received"
    now = at("2026-03-12", 8)
    sweep(at=now)
    deliver_due(at=now)
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.deemed_accepted, stored.accepted_at) == ("accepted", True, case.received_at)
    assert stored.promised_clock.started_at == case.received_at
    assert "cases.deemed_accepted" in entries_for(Subject("case", case.pk)).values_list("fact", flat=True)


def test_after_the_five_days_neither_supplement_nor_refusal_is_possible(world: CaseWorld) -> None:
    case = world.receive(at=at("2026-03-04"))
    with pytest.raises(refusals.NoticeTooLate):
        world.move(case, "refuse", at=at("2026-03-12"), data=REFUSAL)


def test_a_special_procedure_stops_both_limits_and_ending_it_moves_them(world: CaseWorld) -> None:
    case = world.accepted(at=at("2026-10-13"))  # Tuesday; the interface sample
    case = world.move(case, "suspend", at=at("2026-10-21"), data=PROCEDURE)
    clock = Clock.objects.get(pk=case.promised_clock_id)
    assert clock.light(at("2026-10-22")) is Light.GREY
    case = world.move(case, "resume", at=at("2026-10-27"), data={"outcome": "通过"})
    clock.refresh_from_db()
    assert clock.due_on == date(2026, 11, 2)  # ten working days from 10-27's four lost days: 21, 22, 23, 26
    sheet = explain(clock, at=at("2026-10-29"))
    assert sum(line.reason == "paused" for line in sheet.lines) >= 4
    assert {held.holder: held.days for held in sheet.held}["procedure"] == 4


def test_an_extension_needs_another_person_and_lengthens_both_limits_once(world: CaseWorld) -> None:
    case = world.accepted(at=at("2026-03-04"))
    due = case.promised_clock.due_on
    case = world.move(
        case, "request_extension", at=at("2026-03-05"), data={"amount": "5", "reason": "案情复杂"}
    )
    with pytest.raises(NotPermitted):
        world.move(case, "approve_extension", at=at("2026-03-05", 11), data={"document_no": "示延 1"})
    case = world.move(
        case, "approve_extension", at=at("2026-03-05", 11), actor=world.head, data={"document_no": "示延 1"}
    )
    clock = Clock.objects.get(pk=case.promised_clock_id)
    assert (clock.extension_amount, clock.due_on) == (5, date(2026, 3, 25))
    assert due == date(2026, 3, 18)
    with pytest.raises(refusals.ExtensionPending):
        world.move(case, "request_extension", at=at("2026-03-06"), data={"amount": "5", "reason": "再次"})


def test_a_refused_extension_may_be_asked_for_again(world: CaseWorld) -> None:
    case = world.accepted(at=at("2026-03-04"))
    case = world.move(
        case, "request_extension", at=at("2026-03-05"), data={"amount": "5", "reason": "案情复杂"}
    )
    case = world.move(
        case, "refuse_extension", at=at("2026-03-05", 11), actor=world.head, data={"reason": "理由不足"}
    )
    case = world.move(
        case, "request_extension", at=at("2026-03-06"), data={"amount": "5", "reason": "补充理由"}
    )
    assert case.extensions.filter(state="pending").count() == 1


def test_a_case_lapses_only_after_the_applicants_own_time(world: CaseWorld) -> None:
    case = world.receive(at=at("2026-03-04"))
    case = world.move(case, "ask_supplement", at=at("2026-03-05"), data=SUPPLEMENT)
    with pytest.raises(refusals.SupplementTimeRuns):
        world.move(case, "lapse", at=at("2026-03-20"))
    case = world.move(
        case, "lapse", at=at("2026-03-27")
    )  # fifteen working days after Thursday 03-05 end on 03-26
    assert (case.state, case.result) == ("lapsed", "lapsed")


def test_refusing_names_the_competent_agency_and_gets_a_dated_number(world: CaseWorld) -> None:
    case = world.receive(at=at("2026-03-04"))
    with pytest.raises(NeedsField, match="有权办理的机关"):
        world.move(case, "refuse", at=at("2026-03-05"), data={"reason": "不属于本机关职权"})
    case = world.move(case, "refuse", at=at("2026-03-05"), data=REFUSAL)
    assert case.voucher_no == "不受2026-0305-0001"


def test_nothing_skips_a_state(world: CaseWorld) -> None:
    case = world.receive(at=at("2026-03-04"))
    with pytest.raises(MoveNotLawful):
        world.move(case, "grant", at=at("2026-03-04", 11), data=GRANT)


def test_refiling_soon_after_a_withdrawal_is_noticed(world: CaseWorld) -> None:
    first = world.accepted(at=at("2026-03-04"))
    world.move(first, "withdraw", at=at("2026-03-16"), data={"reason": "材料准备不足"})
    second = world.receive(at=at("2026-03-18"))
    assert second.refiled_from_id == first.pk
    assert "cases.refiling_noticed" in entries_for(Subject("case", second.pk)).values_list("fact", flat=True)


def test_a_step_with_a_limit_of_its_own_runs_an_inner_clock() -> None:
    world = case_world(process_steps=[{"name": "受理"}, {"name": "审核", "term": "3wd"}, {"name": "决定"}])
    case = world.accepted(at=at("2026-03-04"))
    case = world.move(case, "start_review", at=at("2026-03-05"))
    inner = Clock.objects.running().get(subject_id=case.pk, kind="stage")
    assert (inner.label, inner.due_on, inner.parent_id) == ("审核", date(2026, 3, 10), case.promised_clock_id)
    world.move(case, "finish_step", at=at("2026-03-06"), data={**STEP, "next_step": "决定"})
    inner.refresh_from_db()
    assert inner.stopped_at is not None


def test_a_window_clerk_of_another_window_cannot_move_the_case(world: CaseWorld) -> None:
    case = world.receive(at=at("2026-03-04"))
    with pytest.raises(NotPermitted):
        world.move(case, "accept", at=at("2026-03-05"), actor=world.org.actor("clerk-housing"))
