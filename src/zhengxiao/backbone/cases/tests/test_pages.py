"""The pages of a case: who may open them, what they show, what they refuse and where."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from zhengxiao.backbone.cases.ledger import LEDGER
from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.papers import papers_of
from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.backbone.catalogue.api import ItemMaterial
from zhengxiao.backbone.parties.api import NewParty, Party, party_find_or_create
from zhengxiao.kernel.clock.api import Clock
from zhengxiao.lib.actors import Role

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZONE)  # Wednesday
CODE = "91110000000000000N"


@pytest.fixture(autouse=True)
def moment(settings: Any) -> None:
    settings.ZX_MOMENT = NOW


@pytest.fixture
def world() -> CaseWorld:
    return case_world()


def signed_in(world: CaseWorld, who: Role | str) -> Client:
    client = Client()
    client.force_login(world.org.users[who] if isinstance(who, Role) else world.org.neighbours[who])
    return client


def reviewing(world: CaseWorld) -> Case:
    case = world.accepted(at=NOW - timedelta(days=1))
    return world.move(case, "start_review", at=NOW - timedelta(hours=2))


def text_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


PAGES = ["case", "voucher", "clock", "move", "assign"]


def address(name: str, case: Case) -> str:
    extra: dict[str, list[Any]] = {"clock": [case.promised_clock_id], "move": ["grant"]}
    return reverse(f"cases:{name}", args=[case.number, *extra.get(name, [])])


@pytest.mark.parametrize("name", PAGES)
def test_the_department_opens_every_page_of_its_case(world: CaseWorld, name: str) -> None:
    answer = signed_in(world, Role.APPROVER).get(address(name, reviewing(world)))
    assert answer.status_code == 200
    assert "建筑工程施工许可证核发" in text_of(answer)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("stranger", ["head-housing", "clerk-b", "supervisor-b"])
def test_for_strangers_the_case_does_not_exist(world: CaseWorld, name: str, stranger: str) -> None:
    answer = signed_in(world, stranger).get(address(name, reviewing(world)))
    assert answer.status_code in ((403, 404) if name == "assign" else (404,))


def test_the_case_page_says_what_is_left_and_what_may_be_done(world: CaseWorld) -> None:
    text = text_of(signed_in(world, Role.APPROVER).get(address("case", reviewing(world))))
    assert "还剩 10 个工作日（含今日）" in text
    assert "准予许可" in text
    assert "启动特别程序" in text
    assert "受理后不得再要求补正" in text


def test_what_is_not_lawful_now_says_why(world: CaseWorld) -> None:
    case = world.accepted(at=NOW - timedelta(days=1))
    world.move(case, "request_extension", at=NOW - timedelta(hours=3), data={"amount": "5", "reason": "复杂"})
    text = text_of(signed_in(world, Role.APPROVER).get(address("case", case)))
    assert "法律只允许延期一次" in text


def test_a_natural_person_is_masked_on_page_and_list(world: CaseWorld) -> None:
    person = party_find_or_create(party=NewParty(name="赵示例", kind="person"), actor=world.clerk, at=NOW)
    case = world.receive(at=NOW - timedelta(hours=1), party_id=person.pk, applicant_name="赵示例")
    client = signed_in(world, Role.APPROVER)
    for answer in (client.get(address("case", case)), client.get(reverse("cases:ledger"))):
        assert "赵**" in text_of(answer)
        assert "赵示例" not in text_of(answer)


def test_a_move_is_taken_and_leads_back_to_the_case(world: CaseWorld) -> None:
    case = reviewing(world)
    data = {"result_no": "示许准〔2026〕9 号", "certificate_no": ""}
    answer = signed_in(world, Role.APPROVER).post(address("move", case), data, follow=True)
    assert answer.redirect_chain[-1][0] == address("case", case)
    assert "已完成“准予许可”" in text_of(answer)
    case.refresh_from_db()
    assert (case.state, case.result_no) == ("granted", "示许准〔2026〕9 号")


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(world: CaseWorld) -> None:
    case = reviewing(world)
    url = reverse("cases:move", args=[case.number, "suspend"])
    answer = signed_in(world, Role.APPROVER).post(
        url, {"kind": "hearing", "reason": "", "expected_days": "300", "notice_no": "示特〔2026〕7 号"}
    )
    assert answer.status_code == 422
    assert "请填写“理由”。" in answer.context["form"].errors["reason"]
    answer = signed_in(world, Role.APPROVER).post(
        url,
        {"kind": "hearing", "reason": "申请听证", "expected_days": "300", "notice_no": "示特〔2026〕7 号"},
    )
    assert answer.status_code == 422
    assert "1–240" in str(answer.context["form"].errors["expected_days"])
    assert "示特〔2026〕7 号" in text_of(answer)
    case.refresh_from_db()
    assert case.state == "reviewing"


def test_a_move_another_office_owns_is_forbidden(world: CaseWorld) -> None:
    answer = signed_in(world, Role.WINDOW_CLERK).post(address("move", reviewing(world)), {"result_no": "1"})
    assert answer.status_code == 403


def test_a_move_that_the_state_does_not_allow_is_refused_in_words(world: CaseWorld) -> None:
    case = world.receive(at=NOW - timedelta(hours=1))
    answer = signed_in(world, Role.APPROVER).get(address("move", case))
    assert answer.status_code == 422
    assert "当前状态“已收件”不能准予许可" in text_of(answer)


@pytest.mark.parametrize("name", ["deem_accepted", "nothing"])
def test_moves_of_the_platform_and_unknown_ones_have_no_page(world: CaseWorld, name: str) -> None:
    case = world.receive(at=NOW - timedelta(hours=1))
    url = reverse("cases:move", args=[case.number, name])
    assert signed_in(world, Role.APPROVER).get(url).status_code == 404


def test_htmx_gets_the_form_of_a_move_without_the_frame(world: CaseWorld) -> None:
    url = address("move", reviewing(world))
    answer = signed_in(world, Role.APPROVER).get(url, headers={"HX-Request": "true"})
    assert "<html" not in text_of(answer)
    assert 'name="result_no"' in text_of(answer)


def test_the_sheet_lists_every_day_with_rule_and_source(world: CaseWorld) -> None:
    case = reviewing(world)
    answer = signed_in(world, Role.APPROVER).get(address("clock", case))
    text = text_of(answer)
    assert len(answer.context["days"]) == 15  # Tuesday 2026-03-03 to Tuesday the 17th
    for words in ("起算当日不计", "工作日", "休息日", "到期日", "国务院"):
        assert words in text


def test_the_sheet_answers_as_data(world: CaseWorld) -> None:
    case = reviewing(world)
    answer = signed_in(world, Role.APPROVER).get(address("clock", case), {"format": "json"})
    data = json.loads(answer.content)
    assert data["due_on"] == "2026-03-17"
    assert [row["verb"] for row in data["rows"]] == ["start"]
    assert sum(day["counted"] for day in data["days"]) == 10
    assert signed_in(world, Role.APPROVER).get(address("clock", case), {"format": "xml"}).status_code == 400


def test_the_clock_of_another_case_is_not_shown_under_this_one(world: CaseWorld) -> None:
    case, other = reviewing(world), reviewing(world)
    url = reverse("cases:clock", args=[case.number, other.promised_clock_id])
    assert signed_in(world, Role.APPROVER).get(url).status_code == 404


def test_a_head_names_the_handler(world: CaseWorld) -> None:
    case = reviewing(world)
    approver = world.org.users[Role.APPROVER]
    client = signed_in(world, Role.DEPARTMENT_HEAD)
    assert client.post(address("assign", case), {"handler": ""}).status_code == 422
    assert client.post(address("assign", case), {"handler": "999999"}).status_code == 422
    answer = client.post(address("assign", case), {"handler": str(approver.pk)}, follow=True)
    assert approver.display_name in text_of(answer)
    case.refresh_from_db()
    assert case.handler_id == approver.pk


def intake(world: CaseWorld, **changes: Any) -> dict[str, Any]:
    return {
        "applicant_kind": "organisation",
        "applicant_name": "示例食品有限公司",
        "channel": "window",
        "unit": str(world.org.section.pk),
        "window": str(world.org.window.pk),
        **changes,
    }


def new_url(world: CaseWorld) -> str:
    return f"{reverse('cases:new')}?item={world.item.pk}"


def test_the_counter_finds_an_item_and_takes_the_case_in(world: CaseWorld) -> None:
    row = ItemMaterial.objects.create(version=world.version, position=1, name="申请表")
    client = signed_in(world, Role.WINDOW_CLERK)
    found = client.get(reverse("cases:new"), {"q": "施工 市场监管"})
    assert "建筑工程施工许可证核发" in text_of(found)
    assert "没有找到在用的事项" in text_of(client.get(reverse("cases:new"), {"q": "婚姻登记"}))
    answer = client.post(new_url(world), intake(world, materials=[str(row.pk)], summary="扩建"), follow=True)
    case = Case.objects.get()
    assert answer.redirect_chain[-1][0] == address("case", case)
    assert (case.applicant_name, case.summary, case.window_id) == (
        "示例食品有限公司",
        "扩建",
        world.org.window.pk,
    )
    assert [material.name for material in case.materials.all()] == ["申请表"]


def test_any_window_takes_in_for_another_department(world: CaseWorld) -> None:
    client = signed_in(world, "clerk-housing")
    window = world.org.units["A-HOUSING-W1"]
    answer = client.post(new_url(world), intake(world, window=str(window.pk)), follow=True)
    assert answer.status_code == 200
    case = Case.objects.get()
    assert (case.department_id, case.window_id) == (world.org.market.pk, window.pk)


def test_an_approver_takes_in_only_for_the_own_department(world: CaseWorld) -> None:
    client = signed_in(world, Role.APPROVER)
    assert client.get(new_url(world)).status_code == 200
    world.item.unit = world.org.units["A-HOUSING"]
    world.item.save()
    assert client.get(new_url(world)).status_code == 404


def test_a_wrong_credit_code_is_refused_at_its_field_with_everything_kept(world: CaseWorld) -> None:
    client = signed_in(world, Role.WINDOW_CLERK)
    answer = client.post(new_url(world), intake(world, credit_code="91110000000000000A", summary="扩建"))
    assert answer.status_code == 422
    assert "credit_code" in answer.context["form"].errors
    assert "示例食品有限公司" in text_of(answer)
    assert "扩建" in text_of(answer)
    assert not Case.objects.exists()
    assert not Party.objects.exists()


def test_an_applicant_must_have_a_name(world: CaseWorld) -> None:
    answer = signed_in(world, Role.WINDOW_CLERK).post(new_url(world), intake(world, applicant_name=""))
    assert answer.status_code == 422
    assert "请填写申请人的名称或姓名" in text_of(answer)


def test_a_known_credit_code_brings_its_name_along(world: CaseWorld) -> None:
    known = Party.objects.create(kind="enterprise", name="示例建设有限公司", credit_code=CODE, created_at=NOW)
    signed_in(world, Role.WINDOW_CLERK).post(
        new_url(world), intake(world, applicant_name="", credit_code=CODE)
    )
    case = Case.objects.get()
    assert (case.party_id, case.applicant_name) == (known.pk, "示例建设有限公司")


def test_re_filing_is_told_on_the_case_page(world: CaseWorld) -> None:
    first = world.receive(at=NOW - timedelta(days=2))
    world.move(first, "withdraw", at=NOW - timedelta(days=1), data={"reason": "自愿撤回"})
    again = world.receive(at=NOW - timedelta(hours=1))
    text = text_of(signed_in(world, Role.APPROVER).get(address("case", again)))
    assert "疑似以重报重置时限" in text
    assert first.number in text


PAPERS = [
    ([], "申请材料收件凭证", "建筑工程施工许可证核发"),
    (["accept"], "受理通知书", "至2026年3月17日止"),
    ([("ask_supplement", {"items": "缺少施工合同", "document_no": "示补 1 号"})], "申请材料补正告知书", "缺少施工合同"),
    ([("refuse", {"reason": "不属于本机关职权", "competent_agency": "示例市自然资源局"})], "不予受理决定书", "示例市自然资源局"),
    (["accept", ("deny", {"result_no": "示许不 1 号", "reason": "不符合条件", "remedies": "可申请行政复议"})],
     "不予行政许可决定书", "可申请行政复议"),
]  # fmt: skip


@pytest.mark.parametrize(("moves", "title", "words"), PAPERS)
def test_the_weightiest_paper_is_printed(world: CaseWorld, moves: list[Any], title: str, words: str) -> None:
    case = world.receive(at=NOW - timedelta(days=1))
    for place, step in enumerate(moves, 1):
        name, data = step if isinstance(step, tuple) else (step, {})
        world.move(case, name, at=NOW - timedelta(days=1) + timedelta(minutes=place), data=data)
    text = text_of(signed_in(world, Role.APPROVER).get(address("voucher", case)))
    assert title in text
    assert words in text
    assert "<svg" in text
    assert case.number in text


def test_a_paper_that_does_not_exist_is_not_found(world: CaseWorld) -> None:
    case = world.receive(at=NOW - timedelta(hours=1))
    answer = signed_in(world, Role.APPROVER).get(address("voucher", case), {"paper": "decision"})
    assert answer.status_code == 404


def test_the_acceptance_notice_keeps_the_due_day_told_at_acceptance(world: CaseWorld) -> None:
    case = world.accepted(at=datetime(2026, 3, 2, 9, tzinfo=ZONE))
    world.move(
        case,
        "suspend",
        at=datetime(2026, 3, 3, 9, tzinfo=ZONE),
        data={"kind": "testing", "reason": "检测", "expected_days": "3", "notice_no": "1"},
    )
    papers = {paper.kind: paper for paper in papers_of(Case.objects.get(pk=case.pk))}
    assert any("2026年3月16日" in line for line in papers["acceptance"].body)


CONDITIONS = [
    ({"q": "990102-2026"}, 2),
    ({"q": "99010"}, 2),
    ({"q": "990102-%"}, 0),
    ({"q": "示例建设"}, 2),
    ({"q": "建设有限"}, 0),
    ({"item": "施工"}, 2),
    ({"state": "received"}, 1),
    ({"light": "green"}, 2),
    ({"light": "red"}, 0),
    ({"due": "5"}, 1),
    ({"due": "0"}, 0),
    ({"deemed": "1"}, 0),
    ({"refiled": "0"}, 2),
    ({"received_from": "2026-03-04"}, 1),
    ({"finished_from": "2026-03-01"}, 0),
    ({"channel": "window"}, 2),
]


@pytest.mark.parametrize(("conditions", "rows"), CONDITIONS)
def test_the_ledger_answers_each_condition(world: CaseWorld, conditions: dict[str, str], rows: int) -> None:
    reviewing(world)
    world.receive(at=NOW - timedelta(hours=1))
    answer = signed_in(world, Role.APPROVER).get(reverse("cases:ledger"), conditions)
    assert answer.status_code == 200
    assert len(answer.context["shown"].lines) == rows


def test_a_file_needs_the_right_to_export(world: CaseWorld) -> None:
    reviewing(world)
    url = reverse("cases:ledger")
    assert signed_in(world, Role.APPROVER).get(url, {"export": "csv"}).status_code == 403
    answer = signed_in(world, Role.DEPARTMENT_HEAD).get(url, {"export": "csv"})
    assert answer.status_code == 200
    assert "剩 10 工作日" in b"".join(answer.streaming_content).decode("utf-8-sig")


def test_a_page_of_the_ledger_takes_few_queries(world: CaseWorld, django_assert_max_num_queries: Any) -> None:
    for place in range(30):
        world.receive(at=NOW - timedelta(minutes=place + 1))
    Case.objects.update(handler_id=world.approver.user_id)
    client = signed_in(world, Role.APPROVER)
    client.get(reverse("cases:ledger"))
    with django_assert_max_num_queries(
        18
    ):  # 12 for the list; session, user, posts and navigation take the rest
        client.get(reverse("cases:ledger"), {"size": "100"})
    with django_assert_max_num_queries(15):
        client.get(reverse("cases:ledger"), {"size": "100"}, headers={"HX-Request": "true"})
    every = [column.key for column in LEDGER.columns]
    with django_assert_max_num_queries(15):
        client.get(reverse("cases:ledger"), {"size": "100", "cols": every}, headers={"HX-Request": "true"})


def test_a_stopped_clock_shows_what_it_took(world: CaseWorld) -> None:
    case = reviewing(world)
    world.move(case, "grant", at=NOW - timedelta(hours=1), data={"result_no": "1", "certificate_no": ""})
    text = text_of(signed_in(world, Role.APPROVER).get(address("clock", case)))
    assert "实际用时" in text
    assert Clock.objects.get(pk=case.promised_clock_id).stopped_at is not None
