"""The life of a record: one row per transition, and what the rules forbid."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.access.testing import SampleOrg
from zhengxiao.kernel.clock.api import Clock
from zhengxiao.kernel.metrics.api import compute
from zhengxiao.kernel.orgs.api import NewPost, posts_bulk_create
from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.kernel.workflow.api import MoveNotLawful
from zhengxiao.lib.actors import SYSTEM, Actor, Role
from zhengxiao.lib.refusals import NotPermitted, Refusal
from zhengxiao.mechanisms.disclosures import refusals
from zhengxiao.mechanisms.disclosures.models import Disclosure, Finding
from zhengxiao.mechanisms.disclosures.public import published
from zhengxiao.mechanisms.disclosures.rules import Kind
from zhengxiao.mechanisms.disclosures.services import disclosure_move
from zhengxiao.mechanisms.disclosures.testing import PENALTY, at, duty
from zhengxiao.mechanisms.disclosures.workflow import WORKFLOW

pytestmark = pytest.mark.django_db

BATCH = {"batch": "A-MARKET-XK-20260304-01", "line": "1"}
ELSEWHERE = {**BATCH, "moment": "2026-03-03T09:00:00+08:00"}
RECEIPT = {"receipt": "R1"}
REJECT = {"receipt": "R1", "reason": "统一社会信用代码有误"}
REASON = {"reason": "信用代码录错"}
REVOKE = {"ground": "revoked", "document_no": "示行复〔2026〕5 号", "revoked_on": "2026-03-03"}
EXPLAIN = {"explanation": "原许可决定经行政复议撤销，现撤下公示。"}
EXEMPT = {"ground": "state_secret", "reason": "涉密工程"}
REPAIR = {"document_no": "示信修〔2026〕2 号", "fulfilled_on": "2026-03-05", "commitment": "示诺〔2026〕2 号"}
FIND = {"ground": "现场检查发现已发证未报送", "document_no": "示查〔2026〕1 号"}

# transition, moves before it (with data), data, state after, kinds of clocks running after
TRANSITION_ROWS: list[tuple[str, list[tuple[str, dict[str, str]]], dict[str, str], str, set[str]]] = [
    ("report", [], BATCH, "reported", set()),
    ("report_elsewhere", [], ELSEWHERE, "reported", set()),
    ("receive", [("report", BATCH)], RECEIPT, "received", set()),
    ("reject", [("report", BATCH)], REJECT, "rejected", {"correction"}),
    ("correct", [("report", BATCH), ("reject", REJECT)], REASON, "corrected", {"correction"}),
    ("revoke", [("report", BATCH)], REVOKE, "revoked", {"takedown"}),
    ("withdraw", [("report", BATCH), ("revoke", REVOKE)], EXPLAIN, "withdrawn", set()),
    ("exempt", [], EXEMPT, "exempted", set()),
    ("repair", [("report", BATCH)], REPAIR, "repaired", set()),
    ("find", [], FIND, "due", {"publicity"}),
    ("clear", [("find", FIND)], {"reason": "系统外已公示"}, "due", {"publicity"}),
]

BY_SYSTEM = {"report_elsewhere", "receive", "reject"}
LATE = at("2026-03-16")
"""After the seventh working day of a decision of Monday 2 March."""


def who(org: SampleOrg, transition: str) -> Actor:
    if transition in BY_SYSTEM:
        return SYSTEM
    if transition in {"find", "clear"}:
        return org.actor(Role.SUPERVISOR)
    return org.actor(Role.DEPARTMENT_HEAD if transition in {"exempt", "repair"} else Role.APPROVER)


def take(
    org: SampleOrg, row: Disclosure, transition: str, data: dict[str, Any], *, when: Any = LATE
) -> Disclosure:
    return disclosure_move(
        disclosure_id=row.pk, transition=transition, actor=who(org, transition), at=when, data=data
    )


def light(org: SampleOrg, grade: str = "light", **changes: Any) -> Disclosure:
    """A penalty of a grade."""
    record = {**PENALTY, "CF_WSH": "示罚〔2026〕1 号", "CF_JDRQ": "2026/03/02"}
    return duty(org, kind=Kind.PENALTY, grade=grade, record=record, document_no="示罚〔2026〕1 号", **changes)


@pytest.mark.parametrize(("transition", "before", "data", "state", "clocks"), TRANSITION_ROWS)
def test_every_transition_leads_where_the_table_says(
    org: SampleOrg,
    transition: str,
    before: list[tuple[str, dict[str, str]]],
    data: dict[str, str],
    state: str,
    clocks: set[str],
) -> None:
    row = light(org) if transition == "repair" else duty(org)
    for name, told in before:
        row = take(org, row, name, told)
    row = take(org, row, transition, data)
    row.refresh_from_db()
    assert row.state == state
    running = Clock.objects.running().about("disclosure", row.pk)
    assert set(running.values_list("kind", flat=True)) == clocks
    facts = [entry.fact for entry in entries_for(Subject("disclosure", row.pk))]
    assert WORKFLOW.transition(transition).fact in facts


def test_a_report_that_missed_the_seventh_day_stays_late_after_every_correction(org: SampleOrg) -> None:
    row = duty(org)
    row = take(org, row, "report", BATCH, when=at("2026-03-12"))
    first = row.reported_at
    row = take(org, row, "reject", REJECT, when=at("2026-03-13"))
    row = take(org, row, "correct", REASON, when=at("2026-03-13", 11))
    row = take(org, row, "report", {**BATCH, "line": "2"}, when=at("2026-03-13", 12))
    assert row.reported_at == first


def test_the_word_of_the_upper_platform_counts_for_the_moment_of_the_report(org: SampleOrg) -> None:
    row = take(org, duty(org), "report_elsewhere", ELSEWHERE)
    assert row.reported_at == at("2026-03-03", 9)


def test_taking_down_is_due_three_working_days_after_the_revocation(org: SampleOrg) -> None:
    row = take(org, duty(org), "report", BATCH)
    row = take(org, row, "revoke", REVOKE)
    clock = Clock.objects.running().about("disclosure", row.pk).get(kind="takedown")
    assert str(clock.due_on) == "2026-03-06"  # Tuesday 3 March and three working days: Friday


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        ("2026-02-27", refusals.RevokedBeforeDecision),
        ("2026-03-17", refusals.DayAhead),
        ("3月3日", refusals.DayUnreadable),
    ],
)
def test_a_revocation_has_a_day_that_makes_sense(org: SampleOrg, day: str, refusal: type[Refusal]) -> None:
    row = duty(org)
    with pytest.raises(refusal):
        take(org, row, "revoke", {**REVOKE, "revoked_on": day})


def test_nobody_of_the_unit_judges_the_unit(org: SampleOrg) -> None:
    """A supervisor with a second post in the reporting office is refused."""
    user = org.users[Role.SUPERVISOR]
    row = duty(org)
    posts_bulk_create(
        [NewPost(user.pk, org.market.pk, Role.APPROVER, date(2025, 1, 1))], actor=SYSTEM, at=org.at
    )
    both = actor_for(user, at=org.at)
    with pytest.raises(refusals.OwnUnit):
        disclosure_move(disclosure_id=row.pk, transition="find", actor=both, at=LATE, data=FIND)
    approver = org.actor(Role.APPROVER)
    with pytest.raises(NotPermitted):
        disclosure_move(disclosure_id=row.pk, transition="find", actor=approver, at=LATE, data=FIND)
    assert not Finding.objects.exists()


def test_what_may_still_be_reported_in_time_was_not_kept_back(org: SampleOrg) -> None:
    with pytest.raises(refusals.NotYetMissing):
        take(org, duty(org), "find", FIND, when=at("2026-03-05"))


def test_a_finding_is_made_once_and_cleared_once(org: SampleOrg) -> None:
    row = take(org, duty(org), "find", FIND)
    with pytest.raises(refusals.AlreadyFound):
        take(org, row, "find", FIND)
    row = take(org, row, "clear", {"reason": "误认"})
    with pytest.raises(refusals.NotFound):
        take(org, row, "clear", {"reason": "误认"})
    assert Finding.objects.get().lifted_at is not None


def test_a_withdrawn_record_stays_withdrawn(org: SampleOrg) -> None:
    row = take(org, duty(org), "report", BATCH)
    row = take(org, row, "revoke", REVOKE)
    row = take(org, row, "withdraw", EXPLAIN)
    for name, data in (("report", BATCH), ("correct", REASON), ("revoke", REVOKE)):
        with pytest.raises(MoveNotLawful):
            take(org, row, name, data)


def test_a_repaired_penalty_is_public_no_more_and_stays_reported(org: SampleOrg) -> None:
    when = at("2026-06-02")  # three months after Monday 2 March
    row = take(org, light(org, "ordinary"), "report", BATCH, when=at("2026-03-04"))
    assert published(when).filter(pk=row.pk).exists()
    row = take(org, row, "repair", REPAIR, when=when)
    assert not published(when).filter(pk=row.pk).exists()
    told = {"period_from": date(2026, 6, 1), "period_to": date(2026, 7, 1), "actor": SYSTEM, "as_of": when}
    assert compute("disclosures.repaired", **told)[0].n == 1
    row.refresh_from_db()
    assert (row.reported_at, row.repair_no) == (at("2026-03-04"), "示信修〔2026〕2 号")


@pytest.mark.parametrize(
    ("grade", "day", "allowed"),
    [
        ("light", "2026-03-06", True),
        ("ordinary", "2026-06-01", False),
        ("ordinary", "2026-06-02", True),
        ("", "2026-06-01", False),
        ("serious", "2027-03-01", False),
        ("serious", "2027-03-02", True),
    ],
)
def test_credit_is_repaired_after_the_least_period_of_publicity(
    org: SampleOrg, grade: str, day: str, allowed: bool
) -> None:
    row = take(org, light(org, grade), "report", BATCH, when=at("2026-03-04"))
    if allowed:
        assert take(org, row, "repair", REPAIR, when=at(day)).state == "repaired"
    else:
        with pytest.raises(refusals.RepairTooEarly):
            take(org, row, "repair", REPAIR, when=at(day))


def test_only_a_penalty_is_repaired_by_the_head_after_it_was_cured(org: SampleOrg) -> None:
    licence = take(org, duty(org, 7), "report", BATCH)
    with pytest.raises(refusals.OnlyPenaltiesRepaired):
        take(org, licence, "repair", REPAIR)
    row = take(org, light(org), "report", BATCH)
    for day, refusal in (("2026-03-01", refusals.FulfilledBeforeDecision), ("2026-03-17", refusals.DayAhead)):
        with pytest.raises(refusal):
            take(org, row, "repair", {**REPAIR, "fulfilled_on": day})
    with pytest.raises(NotPermitted):
        disclosure_move(
            disclosure_id=row.pk, transition="repair", actor=org.actor(Role.APPROVER), at=LATE, data=REPAIR
        )
