"""Reporting, content, penalties, inspections and the public list, against a real database."""

from __future__ import annotations

from typing import Any

import pytest

from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.kernel.access.testing import SampleOrg
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.lib.personal_numbers import PersonalNumbersFound
from zhengxiao.lib.refusals import NotPermitted
from zhengxiao.mechanisms.disclosures import public, refusals
from zhengxiao.mechanisms.disclosures.batches import batch_file, batch_report
from zhengxiao.mechanisms.disclosures.contents import whole
from zhengxiao.mechanisms.disclosures.findings import FoundDecision, decision_found
from zhengxiao.mechanisms.disclosures.models import Content, Disclosure
from zhengxiao.mechanisms.disclosures.penalties import PenaltyIn, penalty_enter
from zhengxiao.mechanisms.disclosures.rules import Grade, Kind, SubjectKind
from zhengxiao.mechanisms.disclosures.services import disclosure_move, record_change
from zhengxiao.mechanisms.disclosures.testing import LICENCE, PENALTY, at, duty, granted_case

pytestmark = pytest.mark.django_db
DAY = at("2026-03-04")
ID = "11010519491231002X"


def report(org: SampleOrg, *, when: Any = DAY, kind: Kind = Kind.LICENCE) -> Any:
    return batch_report(department_id=org.market.pk, kind=kind, actor=org.actor(Role.APPROVER), at=when)


def test_what_is_not_complete_stays_behind_with_its_reasons(org: SampleOrg) -> None:
    good = duty(org, 1)
    bad = duty(org, 2, record={**LICENCE, "XK_YXQZI": "", "XK_XKJGDM": "x"})
    done = report(org)
    assert done.lines == 1
    ((left, faults),) = done.left
    assert left.pk == bad.pk
    assert {fault.name for fault in faults} == {"XK_YXQZI", "XK_XKJGDM"}
    states = dict(Disclosure.objects.values_list("pk", "state"))
    assert states == {good.pk: "reported", bad.pk: "due"}


def test_a_case_proposes_its_record_and_the_office_adds_what_it_does_not_know() -> None:
    world: CaseWorld = case_world()
    case = granted_case(world, day="2026-03-02")
    row = Disclosure.objects.get(case_id=case.pk)
    record = whole(Content.objects.get(disclosure=row))
    assert record["XK_WSH"] == "示许准〔2026〕1 号"
    assert record["XK_JDRQ"] == "2026/03/02"
    added = {**LICENCE, **{k: v for k, v in record.items() if v}, "XK_XKJGDM": LICENCE["XK_XKJGDM"]}
    row = record_change(disclosure_id=row.pk, record=added, reason="补充", actor=world.approver, at=DAY)
    assert (row.revision, row.state) == (2, "due")
    assert (
        batch_report(department_id=world.org.market.pk, kind=Kind.LICENCE, actor=world.approver, at=DAY).lines
        == 1
    )


def test_the_number_of_a_person_lies_sealed_goes_out_and_is_never_shown(org: SampleOrg) -> None:
    person = {
        "XK_XDR_MC": "王示例",
        "XK_XDR_LB": "自然人",
        "XK_XDR_SHXYM": "",
        "XK_FRDB": "",
        "XK_XDR_ZJLX": "身份证",
    }
    row = duty(org, subject_kind=SubjectKind.PERSON, subject_name="王示例", credit_code="", record={})
    record_change(
        disclosure_id=row.pk, record={**LICENCE, **person, "XK_XDR_ZJHM": ID}, reason="补充",
        actor=org.actor(Role.APPROVER), at=DAY,
    )  # fmt: skip
    content = Content.objects.get(disclosure=row, number=2)
    assert ID not in str(content.record) + content.sealed
    done = report(org)
    told = batch_file(batch_id=done.batch.pk, actor=org.actor(Role.APPROVER), at=DAY)
    assert next(told.records())["XK_XDR_ZJHM"] == ID
    row.refresh_from_db()
    assert public.line_of(row).subject == "王**"
    assert ID not in str(public.fields_shown(row))
    assert "王示例" not in str(public.fields_shown(row))
    assert not public.found(public.published(at("2026-03-05")), "王示例").exists()
    assert ID not in str(list(Entry.objects.values_list("data", flat=True)))


def test_a_sealed_number_that_is_left_empty_stays(org: SampleOrg) -> None:
    row = duty(org, record={})
    approver = org.actor(Role.APPROVER)
    full = {**LICENCE, "XK_FR_ZJLX": "身份证", "XK_FR_ZJHM": ID}
    record_change(disclosure_id=row.pk, record=full, reason="补充", actor=approver, at=DAY)
    record_change(
        disclosure_id=row.pk,
        record={**full, "XK_FR_ZJHM": "", "BZ": "x"},
        reason="补充",
        actor=approver,
        at=DAY,
    )
    assert whole(Content.objects.get(disclosure=row, number=3))["XK_FR_ZJHM"] == ID


def test_taking_the_file_is_on_record_and_for_the_office_alone(org: SampleOrg) -> None:
    duty(org)
    done = report(org)
    batch_file(batch_id=done.batch.pk, actor=org.actor(Role.APPROVER), at=DAY)
    assert Entry.objects.filter(fact="disclosures.batch_taken").count() == 1
    for who in (org.actor("head-housing"), org.actor(Role.SUPERVISOR)):
        with pytest.raises(NotPermitted):
            batch_file(batch_id=done.batch.pk, actor=who, at=DAY)


def test_a_changed_record_goes_out_again_as_its_new_revision(org: SampleOrg) -> None:
    row = duty(org)
    first = report(org)
    record = whole(Content.objects.get(disclosure=row, number=1))
    changed = record_change(
        disclosure_id=row.pk,
        record={**record, "BZ": "更正"},
        reason="更正",
        actor=org.actor(Role.APPROVER),
        at=at("2026-03-05"),
    )
    assert changed.state == "corrected"
    second = report(org, when=at("2026-03-06"))
    assert (first.batch.number, second.batch.number) == ("A-MARKET-XK-20260304-01", "A-MARKET-XK-20260306-01")
    files = [batch_file(batch_id=b.batch.pk, actor=SYSTEM, at=at("2026-03-06")) for b in (first, second)]
    assert [next(told.records())["BZ"] for told in files] == ["", "更正"]


def test_a_penalty_is_entered_once_with_its_clock_and_grade(org: SampleOrg) -> None:
    told = PenaltyIn(org.section.pk, PENALTY)
    row = penalty_enter(told=told, actor=org.actor(Role.APPROVER), at=at("2026-03-06"))
    assert (str(row.clock.due_on), row.grade, row.decided_on.isoformat()) == (
        "2026-03-13",
        "ordinary",
        "2026-03-04",
    )
    with pytest.raises(refusals.DecisionKnown):
        penalty_enter(told=told, actor=org.actor(Role.APPROVER), at=at("2026-03-06"))
    with pytest.raises(refusals.PenaltyElsewhere):
        penalty_enter(told=told, actor=org.actor("head-housing"), at=at("2026-03-06"))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"CF_WSH": ""}, refusals.DocumentMissing),
        ({"CF_JDRQ": ""}, refusals.DecisionDayMissing),
        ({"CF_JDRQ": "2026/13/01"}, refusals.DayUnreadable),
        ({"CF_JDRQ": "2099/12/31"}, refusals.DayAhead),
    ],
)
def test_without_number_or_day_there_is_no_duty(
    org: SampleOrg, change: dict[str, str], refusal: type[Exception]
) -> None:
    told = PenaltyIn(org.section.pk, {**PENALTY, **change})
    with pytest.raises(refusal):
        penalty_enter(told=told, actor=org.actor(Role.APPROVER), at=DAY)


def found(org: SampleOrg, **changes: Any) -> FoundDecision:
    values: dict[str, Any] = {
        "kind": Kind.PENALTY, "department_id": org.market.pk, "number": "示罚〔2026〕77 号", "decided_on": "2026-02-02",
        "subject_name": "示例贸易有限公司", "title": "无照经营", "ground": "档案中有处罚决定书，未报送",
        "document_no": "示查〔2026〕3 号",
        **changes,
    }  # fmt: skip
    return FoundDecision(**values)


def test_inspection_makes_the_record_of_what_no_system_told(org: SampleOrg) -> None:
    row = decision_found(told=found(org), actor=org.actor(Role.SUPERVISOR), at=DAY)
    assert row.finding.found_by_name == "陈示例"
    assert row.clock.due_at is not None
    assert row.clock.due_at < DAY
    with pytest.raises(refusals.DecisionKnown):
        decision_found(told=found(org), actor=org.actor(Role.SUPERVISOR), at=DAY)
    with pytest.raises(refusals.NotYetMissing):
        decision_found(
            told=found(org, number="2", decided_on="2026-03-03"), actor=org.actor(Role.SUPERVISOR), at=DAY
        )
    assert Disclosure.objects.count() == 1


# ---------------------------------------------------------------- the public list
def published_numbers(when: Any) -> set[str]:
    return set(public.published(when).values_list("document_no", flat=True))


def test_the_public_sees_what_was_reported_and_nothing_that_went_wrong(org: SampleOrg) -> None:
    rows = {
        name: duty(org, n) for n, name in enumerate(("reported", "received", "rejected", "revoked"), start=1)
    }
    assert published_numbers(DAY) == set()
    report(org)
    receipt = {"receipt": "R", "reason": "信用代码有误"}
    disclosure_move(
        disclosure_id=rows["received"].pk, transition="receive", actor=SYSTEM, at=DAY, data={"receipt": "R"}
    )
    disclosure_move(
        disclosure_id=rows["rejected"].pk, transition="reject", actor=SYSTEM, at=DAY, data=receipt
    )
    revoke = {"ground": "revoked", "document_no": "示行复 1", "revoked_on": "2026-03-04"}
    disclosure_move(disclosure_id=rows["revoked"].pk, transition="revoke", actor=SYSTEM, at=DAY, data=revoke)
    assert published_numbers(DAY) == {rows["reported"].document_no, rows["received"].document_no}


def test_what_is_taken_down_is_gone_at_once_and_explained(org: SampleOrg) -> None:
    row = duty(org)
    report(org)
    revoke = {"ground": "revoked", "document_no": "示行复 1", "revoked_on": "2026-03-04"}
    disclosure_move(disclosure_id=row.pk, transition="revoke", actor=SYSTEM, at=DAY, data=revoke)
    told = {"explanation": f"当事人（{ID}）申请复议后撤销"}
    with pytest.raises(PersonalNumbersFound):
        disclosure_move(disclosure_id=row.pk, transition="withdraw", actor=SYSTEM, at=DAY, data=told)
    disclosure_move(
        disclosure_id=row.pk,
        transition="withdraw",
        actor=SYSTEM,
        at=DAY,
        data={"explanation": "经行政复议撤销"},
    )
    assert published_numbers(DAY) == set()
    assert [gone.explanation for gone in public.withdrawn(DAY)] == ["经行政复议撤销"]


@pytest.mark.parametrize(
    ("grade", "shown", "hidden"),
    [
        (Grade.LIGHT, None, "2026-03-04"),
        (Grade.ORDINARY, "2027-03-03", "2027-03-04"),
        (Grade.SERIOUS, "2029-03-03", "2029-03-04"),
    ],
)
def test_a_penalty_is_public_for_as_long_as_its_grade_says(
    org: SampleOrg, grade: Grade, shown: str | None, hidden: str
) -> None:
    told = PenaltyIn(org.section.pk, PENALTY, grade.value)
    row = penalty_enter(told=told, actor=org.actor(Role.APPROVER), at=DAY)
    report(org, kind=Kind.PENALTY)
    if shown:
        assert published_numbers(at(shown)) == {row.document_no}
    assert published_numbers(at(hidden)) == set()


def test_the_search_finds_organisations_codes_and_numbers(org: SampleOrg) -> None:
    duty(org, 1)
    report(org)
    rows = public.published(DAY)
    for text in ("示例建设", "91350100m000100y43", "示许准〔2026〕1"):
        assert public.found(rows, text).count() == 1, text
    for text in ("建设", "示", "91350100"):
        assert public.found(rows, text).count() == 0, text
