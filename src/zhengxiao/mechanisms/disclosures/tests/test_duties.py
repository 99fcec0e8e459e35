"""Decisions create duties: once, with the clock of the decision, whoever tells and however often."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.kernel.clock.api import Clock, sweep
from zhengxiao.kernel.timeline.api import Delivery, Entry, deliver_due
from zhengxiao.mechanisms.disclosures.batches import batch_report
from zhengxiao.mechanisms.disclosures.duties import duties_complete, duties_open
from zhengxiao.mechanisms.disclosures.ledger import VERDICT_CONDITIONS, verdict_of
from zhengxiao.mechanisms.disclosures.models import Disclosure, ReportBatch, ReportLine
from zhengxiao.mechanisms.disclosures.rules import Kind
from zhengxiao.mechanisms.disclosures.testing import at, duty, granted_case, owed

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> CaseWorld:
    return case_world()


def test_a_granted_licence_is_owed_within_seven_working_days(world: CaseWorld) -> None:
    case = granted_case(world, day="2026-03-02")
    row = Disclosure.objects.get()
    assert (row.case_id, row.state, row.document_no) == (case.pk, "due", "示许准〔2026〕1 号")
    assert row.department_id == world.org.market.pk
    assert row.clock.started_at == case.decided_at
    assert row.clock.due_on == date(
        2026, 3, 11
    )  # Monday 2 March, seven working days: Wednesday of the next week


def test_a_denied_one_and_a_service_are_not_owed(world: CaseWorld) -> None:
    case = world.accepted(at=at("2026-03-02", 9))
    deny = {"result_no": "示许不〔2026〕1 号", "reason": "不符合条件", "remedies": "可申请行政复议"}
    world.move(case, "deny", at=at("2026-03-02"), data=deny)
    type(world.version).objects.filter(pk=world.version.pk).update(task_type="20")
    granted_case(world, day="2026-03-03")
    assert not Disclosure.objects.exists()


def test_the_same_fact_delivered_again_changes_nothing(world: CaseWorld) -> None:
    granted_case(world, day="2026-03-02")
    facts, clocks = Entry.objects.count(), Clock.objects.count()
    Delivery.objects.filter(subscriber="disclosures.decided").update(state="waiting")
    deliver_due(at=at("2026-03-03"))
    assert (Disclosure.objects.count(), Entry.objects.count(), Clock.objects.count()) == (1, facts, clocks)


def test_the_next_morning_shows_what_no_fact_has_told(world: CaseWorld) -> None:
    """A delivery that was lost is made up for by comparing decisions with records."""
    case = world.accepted(at=at("2026-03-02", 9))
    world.move(case, "grant", at=at("2026-03-02"), data={"result_no": "示许准〔2026〕9 号"})
    Delivery.objects.all().delete()
    assert duties_complete(at=at("2026-03-03", 8)) == 1
    assert duties_complete(at=at("2026-03-03", 9)) == 0
    assert Disclosure.objects.get().clock.started_at == at("2026-03-02")


def test_decisions_before_the_first_day_are_left_to_the_earlier_system(
    world: CaseWorld, settings: Any
) -> None:
    settings.PUBLICITY_SINCE = date(2026, 3, 3)
    granted_case(world, day="2026-03-02")
    assert duties_complete(at=at("2026-03-04")) == 0
    assert not Disclosure.objects.exists()


def test_a_correction_before_the_report_changes_the_number_and_no_more(world: CaseWorld) -> None:
    case = granted_case(world, day="2026-03-02")
    fix = {"document_no": "示更〔2026〕1 号", "reason": "文号笔误", "result_no": "示许准〔2026〕2 号"}
    world.move(case, "correct", at=at("2026-03-03"), data={**fix, "certificate_no": ""})
    deliver_due(at=at("2026-03-03", 11))
    row = Disclosure.objects.get()
    assert (row.state, row.document_no, row.revision) == ("due", "示许准〔2026〕2 号", 2)


def test_many_decisions_at_once_are_the_same_as_one_by_one(world: CaseWorld) -> None:
    told = [owed(world.org, n, decided_at=at("2026-03-02") + timedelta(days=n % 5)) for n in range(20)]
    rows = duties_open([*told, told[0]], at=at("2026-03-09"))
    assert len(rows) == 20
    assert [row.pk for row in duties_open(told, at=at("2026-03-10"))] == [row.pk for row in rows]
    for one, row in zip(told, rows, strict=True):
        (alone,) = duties_open(
            [owed(world.org, 100 + int(one.origin_id), decided_at=one.decided_at)], at=at("2026-03-09")
        )
        assert row.clock.due_at == alone.clock.due_at


def test_a_day_on_which_everything_is_reported_twice_changes_nothing(world: CaseWorld) -> None:
    for number in range(3):
        duty(world.org, number)
    office = {"department_id": world.org.market.pk, "kind": Kind.LICENCE, "actor": world.approver}
    first = batch_report(**office, at=at("2026-03-04"))
    facts = Entry.objects.count()
    second = batch_report(**office, at=at("2026-03-04", 17))
    assert (first.lines, second.lines, second.batch) == (3, 0, None)
    assert (ReportBatch.objects.count(), ReportLine.objects.count(), Entry.objects.count()) == (1, 3, facts)


def test_a_missing_report_turns_red_at_the_end_of_the_seventh_day(world: CaseWorld) -> None:
    row = duty(world.org)
    sweep(at=at("2026-03-12", 0, 1))
    told = Entry.objects.filter(subject_kind="disclosure", subject_id=row.pk, fact="clock.breached").get()
    assert told.at == at("2026-03-12", 0)


def test_the_query_and_the_rule_say_the_same_of_every_record(world: CaseWorld) -> None:
    for number in range(8):
        row = duty(world.org, number)
        if number % 4 == 1:
            Disclosure.objects.filter(pk=row.pk).update(reported_at=at("2026-03-04"))
        if number % 4 == 2:
            Disclosure.objects.filter(pk=row.pk).update(reported_at=at("2026-03-20"))
        if number % 4 == 3:
            Disclosure.objects.filter(pk=row.pk).update(
                ended_at=at("2026-03-04" if number > 4 else "2026-03-20")
            )
    for moment in (at("2026-03-03"), at("2026-03-05"), at("2026-03-13"), at("2026-03-25")):
        by_rule: dict[str, set[int]] = {}
        for row in Disclosure.objects.select_related("clock"):
            by_rule.setdefault(verdict_of(row, moment), set()).add(row.pk)
        for name, condition in VERDICT_CONDITIONS.items():
            found = set(Disclosure.objects.filter(condition(moment)).values_list("pk", flat=True))
            assert found == by_rule.get(name, set()), (name, moment)
