"""The pages, as their readers use them."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhengxiao.backbone.cases.testing import case_world
from zhengxiao.kernel.access.testing import SampleOrg
from zhengxiao.kernel.exports.api import ExportRequest
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.mechanisms.disclosures.models import Content, Disclosure
from zhengxiao.mechanisms.disclosures.rules import Kind, SubjectKind
from zhengxiao.mechanisms.disclosures.services import disclosure_move
from zhengxiao.mechanisms.disclosures.testing import LICENCE, PENALTY, at, duty, granted_case
from zhengxiao.mechanisms.disclosures.tests.test_checking import lines, text

pytestmark = pytest.mark.django_db
DAY = at("2026-03-04")


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.ZX_MOMENT = DAY


def client(org: SampleOrg, who: Role | str) -> Client:
    made = Client()
    made.force_login(org.users[who] if isinstance(who, Role) else org.neighbours[who])
    return made


def page(name: str, *args: Any) -> str:
    return reverse(f"disclosures:{name}", args=args)


def test_the_form_keeps_what_was_typed_tells_each_fault_and_saves_on_demand(org: SampleOrg) -> None:
    row = duty(org, record={})
    approver = client(org, Role.APPROVER)
    typed = {**LICENCE, "XK_YXQZI": "2026-12-31"}
    answer = approver.post(page("edit", row.pk), typed)
    assert answer.status_code == 422
    assert "日期须写成 2026/03/04" in answer.content.decode()
    assert approver.post(page("edit", row.pk), {**typed, "anyway": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.revision, row.state) == (2, "due")
    assert approver.post(page("edit", row.pk), LICENCE).status_code == 302
    assert "没有待报送" not in approver.get(page("batches")).content.decode()


def test_the_office_reports_in_one_click_and_takes_the_file_in_three_forms(org: SampleOrg) -> None:
    duty(org, 1)
    approver = client(org, Role.APPROVER)
    assert "报送 1 条" in approver.get(page("batches")).content.decode()
    told = {"department": org.market.pk, "kind": "licence"}
    assert approver.post(page("report"), told).status_code == 302
    assert approver.post(page("report"), told).status_code == 302
    row = Disclosure.objects.get()
    assert row.state == "reported"
    batch = row.lines.get().batch
    csv_, xlsx, json_ = (approver.get(page("batch-file", batch.pk, form)) for form in ("csv", "xlsx", "json"))
    assert row.document_no in csv_.content.decode("utf-8-sig")
    assert xlsx.content[:2] == b"PK"
    assert json.loads(json_.content)["records"][0]["GSBH"] == row.number
    assert approver.get(page("batch-file", batch.pk, "pdf")).status_code == 404
    assert client(org, Role.SUPERVISOR).get(page("batch-file", batch.pk, "csv")).status_code == 403


def test_a_file_with_persons_in_it_needs_a_second_person(org: SampleOrg) -> None:
    row = duty(org)
    approver, head = client(org, Role.APPROVER), client(org, Role.DEPARTMENT_HEAD)
    approver.post(page("report"), {"department": org.market.pk, "kind": "licence"})
    address = page("batch-file", row.lines.get().batch.pk, "csv")
    assert approver.get(address).status_code == 200
    Content.objects.filter(disclosure=row).update(sealed="a sealed number")
    assert approver.get(address).status_code == 409
    Content.objects.filter(disclosure=row).update(sealed="")
    Disclosure.objects.filter(pk=row.pk).update(subject_kind=SubjectKind.PERSON)
    assert approver.get(address).status_code == 409
    assert approver.post(address, {"act": "ask", "purpose": "向市信用平台报送"}).status_code == 302
    asked = ExportRequest.objects.get()
    fetch = {"act": "fetch", "request": asked.pk}
    assert approver.post(address, fetch).status_code == 422
    assert head.post(reverse("console:export-move", args=[asked.pk, "approve"])).status_code == 302
    assert head.post(address, fetch).status_code == 422
    assert row.document_no in approver.post(address, fetch).content.decode("utf-8-sig")
    assert Entry.objects.filter(fact="disclosures.batch_taken").count() == 2


def test_a_move_is_asked_for_and_taken_and_a_report_is_no_move_of_its_own(org: SampleOrg) -> None:
    row = duty(org)
    approver = client(org, Role.APPROVER)
    assert approver.get(page("move", row.pk, "report")).status_code == 404
    assert approver.get(page("move", row.pk, "receive")).status_code == 404
    wrong = {"ground": "revoked", "document_no": "示行复 1", "revoked_on": "昨天"}
    assert approver.post(page("move", row.pk, "revoke"), wrong).status_code == 422
    assert (
        approver.post(page("move", row.pk, "revoke"), {**wrong, "revoked_on": "2026-03-03"}).status_code
        == 302
    )
    told = {"explanation": "经复议撤销，联系 13812345678"}
    assert approver.post(page("move", row.pk, "withdraw"), told).status_code == 422
    assert approver.post(page("move", row.pk, "withdraw"), {"explanation": "经复议撤销"}).status_code == 302


def test_a_penalty_is_entered_from_its_form(org: SampleOrg) -> None:
    approver = client(org, Role.APPROVER)
    assert approver.get(page("penalty")).status_code == 200
    told = {**PENALTY, "unit": org.section.pk, "grade": ""}
    assert approver.post(page("penalty"), {**told, "CF_JDRQ": "2099/12/31"}).status_code == 422
    assert approver.post(page("penalty"), told).status_code == 302
    assert Disclosure.objects.get().kind == "penalty"


def test_a_file_is_checked_and_forgotten(org: SampleOrg) -> None:
    rows = text(lines(Kind.LICENCE, LICENCE, {**LICENCE, "XK_ZT": "7"}))
    head = client(org, Role.DEPARTMENT_HEAD)
    told = head.post(
        page("check"), {"file": SimpleUploadedFile("x.csv", rows.encode("gb18030"))}
    ).content.decode()
    assert "2 行，1 行有错，共 1 处" in told
    for name, raw in (
        ("x.xlsx", b"PK\x03\x04broken"),
        ("x.csv", b"a,b\n1,2\n"),
        ("x.csv", b"XK_WSH\n\xff\xfe\x00"),
    ):
        assert head.post(page("check"), {"file": SimpleUploadedFile(name, raw)}).status_code == 422, name


def test_the_overview_opens_each_number(org: SampleOrg, settings: Any) -> None:
    duty(org, 1, day="2026-02-02")
    supervisor = client(org, Role.SUPERVISOR)
    told = supervisor.get(page("overview"), {"month": "2026-02"}).content.decode()
    assert "甲区市场监管局" in told
    assert "verdict=missing" in told
    address = f"?department={org.market.pk}&decided_from=2026-02-01&decided_to=2026-02-28&verdict=missing"
    listed = supervisor.get(page("ledger") + address).content.decode()
    assert "示许准〔2026〕1 号" in listed
    assert supervisor.get(page("overview"), {"month": "x"}).status_code == 400


def test_a_finding_is_entered_by_supervision(org: SampleOrg) -> None:
    supervisor = client(org, Role.SUPERVISOR)
    told = {
        "kind": "penalty", "department": org.market.pk, "number": "示罚〔2026〕7 号", "decided_on": "2026-02-02",
        "subject_name": "示例贸易有限公司", "title": "无照经营", "ground": "档案", "document_no": "示查 1",
    }  # fmt: skip
    assert supervisor.post(page("finding"), told).status_code == 302
    row = Disclosure.objects.get()
    assert "检查认定瞒报" in supervisor.get(page("record", row.pk)).content.decode()
    assert supervisor.post(page("finding"), told).status_code == 422


def test_the_public_reads_without_signing_in(org: SampleOrg) -> None:
    row = duty(org)
    approver = client(org, Role.APPROVER)
    approver.post(page("report"), {"department": org.market.pk, "kind": "licence"})
    visitor = Client()
    assert row.document_no in visitor.get(page("public"), {"q": "示例建设"}).content.decode()
    assert "准予施工" in visitor.get(page("public-record", row.pk)).content.decode()
    assert "王示例" not in visitor.get(page("public-record", row.pk)).content.decode()
    revoke = {"ground": "revoked", "document_no": "示行复 1", "revoked_on": "2026-03-04"}
    disclosure_move(disclosure_id=row.pk, transition="revoke", actor=SYSTEM, at=DAY, data=revoke)
    assert visitor.get(page("public-record", row.pk)).status_code == 404
    disclosure_move(
        disclosure_id=row.pk, transition="withdraw", actor=SYSTEM, at=DAY, data={"explanation": "经复议撤销"}
    )
    gone = visitor.get(page("public-record", row.pk))
    assert gone.status_code == 410
    assert "经复议撤销" in gone.content.decode()
    assert "示例建设" not in gone.content.decode()


def test_the_case_shows_how_its_decision_stands_with_the_public(settings: Any) -> None:
    world = case_world()
    case = granted_case(world, day="2026-03-02")
    told = client(world.org, Role.APPROVER).get(f"/cases/{case.number}/").content.decode()
    assert "报送到期 2026-03-11" in told
    assert "报送双公示" in client(world.org, Role.APPROVER).get("/desk/").content.decode()


def test_both_sides_are_compared_on_a_page(org: SampleOrg) -> None:
    duty(org)
    approver = client(org, Role.APPROVER)
    approver.post(page("report"), {"department": org.market.pk, "kind": "licence"})
    told = approver.get(page("reconcile")).content.decode()
    assert "上级平台没有回执：1 条" in told
    assert approver.post(page("reconcile")).status_code == 302


def test_an_export_masks_persons(org: SampleOrg) -> None:
    duty(org, subject_name="王示例", subject_kind=SubjectKind.PERSON)
    answer = client(org, Role.AUDITOR).get(page("ledger"), {"export": "csv"})
    body = io.BytesIO(b"".join(answer.streaming_content)).getvalue().decode("utf-8-sig")
    assert "王**" in body
    assert "王示例" not in body
