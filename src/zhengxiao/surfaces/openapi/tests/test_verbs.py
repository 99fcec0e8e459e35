"""The verbs of pages over the interface: items, calendars, card rules, files, publicity, detection, parties, codes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from zhengxiao.backbone.cases.api import case_by_code
from zhengxiao.backbone.catalogue.api import Item, ItemVersion, basic_item_record
from zhengxiao.backbone.parties.models import Party
from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.calendar.api import day_table
from zhengxiao.kernel.files.testing import pdf
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import Role
from zhengxiao.mechanisms.detection.api import install_rules
from zhengxiao.mechanisms.supervision.api import NOBODY, ByHand, CardPolicy, card_issue
from zhengxiao.surfaces.openapi.tests.conftest import NOW

DAY = timedelta(days=1)
NEW = {
    "unit": "A-MARKET", "code": "11511301008778183N4000123008000", "name": "示例经营许可", "task_type": "01",
    "kind": "promised", "statutory": "20wd", "promised": "10个工作日", "legal_basis": "示例条例第五条",
    "process_steps": [{"name": "受理", "term": ""}, {"name": "审核", "term": "3wd"}],
    "materials": [{"name": "申请表"}, {"name": "图纸", "necessity": "optional", "copies": 2}],
    "is_online": True, "reason": "新设",
}  # fmt: skip


def codes(answer):
    return answer.status_code, answer.json().get("code")


@pytest.fixture
def head(api_for):
    return api_for(Role.DEPARTMENT_HEAD)


@pytest.fixture
def supervisor(api_for):
    return api_for(Role.SUPERVISOR)


# ------------------------------------------------------------------ items
def test_an_item_is_drafted_revised_submitted_and_published_by_machine(head, supervisor):
    made = head.post("/item-versions", NEW)
    assert made.status_code == 201, made.content
    version, told = made.json()["id"], made.json()["detail"]
    assert (told["content"]["statutory"], told["content"]["promised"]) == ("20wd", "10wd")
    assert told["content"]["process_steps"] == NEW["process_steps"]
    assert [(row["name"], row["necessity"], row["copies"]) for row in told["content"]["materials"]] == [
        ("申请表", "required", None), ("图纸", "optional", 2),
    ]  # fmt: skip
    change = {"promised": "5wd", "reason": "压缩", "seen": told["digest"]}
    revised = head.post(f"/item-versions/{version}/revise", change).json()["detail"]["content"]
    assert revised == told["content"] | {"promised": "5wd"}
    assert codes(head.post(f"/item-versions/{version}/revise", change)) == (409, "StaleState")
    assert head.post(f"/item-versions/{version}/moves/submit", {"data": {}}).json()["state"] == "in_review"
    published = supervisor.post(f"/item-versions/{version}/moves/approve", {"data": {}})
    assert published.json()["state"] == "published", published.content
    following = head.post(f"/item-versions/{version}/draft", {"promised": "3wd", "reason": "再压缩"})
    assert (following.json()["number"], following.json()["state"]) == (2, "draft"), following.content
    assert codes(head.post(f"/item-versions/{version}/draft", {"reason": "又"})) == (422, "DraftOpen")
    assert codes(head.post("/item-versions", NEW)) == (422, "CodeTaken")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"promised": "很快"}, "LimitUnreadable", "promised"),
        ({"kind": "instant"}, "ContentFaulty", "promised"),
        ({"service_objects": ["火星人"]}, "ValueUnknown", "service_objects"),
        ({"process_steps": [{"name": "审核", "term": "很快"}]}, "LimitUnreadable", "process_steps"),
        ({"code": "x"}, "CodeFaulty", "code"),
        ({"unit": "NOWHERE"}, "UnitUnknown", "unit"),
    ],
)
def test_what_is_wrong_with_a_draft_is_said_at_its_field(head, change, code, field):
    refused = head.post("/item-versions", NEW | change)
    assert (*codes(refused), refused.json()["field"]) == (422, code, field)
    assert not ItemVersion.objects.filter(name=NEW["name"]).exists()


def test_nobody_drafts_for_another_office(head, api_for, world):
    assert codes(head.post("/item-versions", NEW | {"unit": "A-HOUSING"})) == (403, "NotPermitted")
    version = ItemVersion.objects.get(item=world.item)
    stranger = api_for("head-housing")
    body = {"reason": "越权"}
    assert codes(stranger.post(f"/item-versions/{version.pk}/draft", body)) == (403, "NotPermitted")
    assert codes(api_for(Role.APPROVER).post("/item-versions", NEW)) == (403, "NotPermitted")
    assert Item.objects.count() == 1


def test_a_claim_is_asked_for_by_codes_and_once(head, supervisor, world):
    actor = actor_for(world.org.users[Role.SUPERVISOR], at=NOW)
    basic_item_record(
        code="000199001000", values={"name": "示例目录", "task_type": "01"}, valid_from=NOW.date(), reason="示例",
        actor=actor, at=NOW - DAY,
    )  # fmt: skip
    assert [row["id"] for row in supervisor.get("/basic-items").json()["results"]] == ["000199001000"]
    body = {"basic": "000199001000", "unit": "A-MARKET"}
    asked, again = supervisor.post("/claims", body), supervisor.post("/claims", body)
    assert (asked.status_code, asked.json()["state"]) == (201, "to_claim")
    assert asked.json()["id"] == again.json()["id"]
    assert Entry.objects.filter(fact="catalogue.claim_asked").count() == 1
    assert codes(supervisor.post("/claims", body | {"basic": "none"})) == (422, "BasicUnknown")
    assert codes(supervisor.post("/claims", body | {"unit": "none"})) == (422, "UnitUnknown")
    assert codes(supervisor.post("/claims", body | {"unit": "B-MARKET"})) == (403, "NotPermitted")
    assert codes(head.post("/claims", body)) == (403, "NotPermitted")


# ------------------------------------------------------------------ calendars
DAYS = {
    "days": [{"date": "2026-04-10", "is_workday": False, "name": "台风停工"}],
    "source_title": "示例区人民政府通告〔2026〕3 号",
}


def test_a_calendar_changes_by_two_people_over_the_interface_too(api_for, world, supervisor):
    world.accepted(at=NOW - DAY)  # its promise ends before 10 April, its law after
    admin = api_for(Role.SYSTEM_ADMIN)
    proposed = admin.post("/calendars/990102000000/versions", DAYS)
    assert (proposed.status_code, proposed.json()["state"]) == (201, "proposed"), proposed.content
    path = f"/calendars/990102000000/versions/{proposed.json()['number']}"
    assert supervisor.get(path).json()["days"] == [
        {"date": "2026-04-10", "is_workday": False, "name": "台风停工"}
    ]
    assert codes(admin.post(f"{path}/confirm")) == (403, "NotPermitted")
    assert supervisor.post(f"{path}/confirm").json() == {"moved": 1}
    assert not day_table("990102000000").is_workday(NOW.date().replace(month=4, day=10))
    assert codes(supervisor.post(f"{path}/confirm")) == (422, "AlreadyDecided")
    assert codes(supervisor.post(f"{path}9/confirm")) == (404, "NotFound")


def test_a_calendar_version_is_sent_back_with_its_reason_and_nonsense_is_refused(api_for, supervisor):
    admin = api_for(Role.SYSTEM_ADMIN)
    assert codes(admin.post("/calendars/mars/versions", DAYS)) == (422, "UnknownCalendar")
    assert codes(admin.post("/calendars/CN/versions", DAYS | {"days": []})) == (422, "NothingProposed")
    twice = DAYS | {"days": DAYS["days"] * 2}
    assert codes(admin.post("/calendars/CN/versions", twice)) == (422, "DayTwice")
    script = DAYS | {"source_url": "javascript:alert(1)"}
    assert admin.post("/calendars/CN/versions", script).json()["errors"][0]["field"] == "source_url"
    number = admin.post("/calendars/CN/versions", DAYS).json()["number"]
    path = f"/calendars/CN/versions/{number}/reject"
    assert supervisor.post(path, {"reason": ""}).status_code == 422
    assert supervisor.post(path, {"reason": "文号不符"}).json()["state"] == "rejected"


# ------------------------------------------------------------------ supervision
def test_card_rules_are_proposed_with_an_exception_and_confirmed_by_another(api_for, supervisor):
    line = {"kind": "promised", "light": "yellow", "level": "yellow"}
    body = {
        "rules": [line, line | {"policy": "green-yellow-red", "level": ""}],
        "explain": 5, "appeal": 5, "ruling": 5, "confirm_departments": [], "reason": "示例",
    }  # fmt: skip
    made = supervisor.post("/card-rules", body)
    assert made.status_code == 201, made.content
    stated = CardPolicy.objects.get(pk=made.json()["id"])
    assert [(row["policy"], row["level"]) for row in stated.rules["rules"]] == [
        ("", "yellow"), ("green-yellow-red", ""),
    ]  # fmt: skip
    path = f"/card-rules/{stated.pk}/moves/confirm"
    assert codes(supervisor.post(path, {"data": {}})) == (422, "PolicyBySamePerson")
    assert api_for(Role.LEADER).post(path, {"data": {}}).json()["state"] == "in_force"
    never = body | {"rules": [line | {"light": "blue", "policy": "green-yellow-red"}]}
    assert codes(supervisor.post("/card-rules", never)) == (422, "LightNeverShown")


def test_an_explanation_by_machine_carries_its_file(head, world, api_for):
    actor = actor_for(world.org.users[Role.SUPERVISOR], at=NOW)
    about = ByHand(world.org.market.pk, NOBODY, world.org.market.pk, "窗口无人")
    card = card_issue(card=about, level="yellow", evidence_text="录像", actor=actor, at=NOW - DAY)
    path = f"/cards/{card.number}"
    sent = {"Content-Type": "application/octet-stream"}
    kept = head.send("POST", f"{path}/files?file_name=说明.pdf", pdf(), **sent)
    assert kept.status_code == 201, kept.content
    done = head.post(
        f"{path}/moves/explain", {"data": {"explanation": "已整改", "file": str(kept.json()["id"])}}
    )
    assert done.json()["state"] == "explained", done.content
    card.refresh_from_db()
    assert card.explanation_file_id == kept.json()["id"]
    clerk = api_for(Role.APPROVER)
    assert clerk.send("POST", f"{path}/files?file_name=a.pdf", pdf(), **sent).status_code == 403
    assert (
        api_for("head-housing").send("POST", f"{path}/files?file_name=a.pdf", pdf(), **sent).status_code
        == 404
    )


# ------------------------------------------------------------------ publicity, detection
FOUND = {
    "kind": "penalty", "department": "A-MARKET", "number": "示市监罚〔2026〕7号", "decided_on": "2026-03-02",
    "subject_name": "示例餐饮有限公司", "title": "未公示价格", "ground": "检查发现", "document_no": "示督〔2026〕2号",
}  # fmt: skip


def test_publicity_is_found_completed_and_reported_by_machine(head, supervisor, api_for):
    found = supervisor.post("/disclosures/found", FOUND)
    assert (found.status_code, found.json()["state"]) == (201, "due"), found.content
    path = f"/disclosures/{found.json()['id']}"
    columns = [{"name": "CF_CFJG", "value": "示例区市监局"}]
    changed = head.post(f"{path}/change", {"columns": columns})
    assert changed.status_code == 200, changed.content
    assert changed.json()["detail"]["content"]["CF_CFJG"] == "示例区市监局", changed.content
    assert codes(head.post(f"{path}/change", {"columns": [{"name": "XX", "value": "1"}]})) == (
        422,
        "ColumnUnknown",
    )
    body = {"department": "A-MARKET", "kind": "penalty"}
    reported = head.post("/disclosures/report", body)
    assert reported.json() == {"batch": "", "reported": 0, "left": 1}, reported.content
    assert codes(head.post(f"{path}/moves/report", {"data": {}})) == (422, "TransitionUnknown")
    assert head.post("/disclosures/match").json() == {"matched": 0}
    assert codes(api_for(Role.LEADER).post("/disclosures/found", FOUND)) == (403, "NotPermitted")
    assert codes(supervisor.post("/disclosures/found", FOUND | {"department": "B-MARKET"})) == (
        403,
        "NotPermitted",
    )


def test_a_detection_rule_is_drafted_and_revised_by_machine(supervisor, head, world):
    version = install_rules(at=NOW - 30 * DAY)[0]
    path = f"/detection-rules/{version.pk}"
    draft = supervisor.post(f"{path}/draft", {"note": "放宽", "departments": ["A-MARKET"], "level": "blue"})
    assert (draft.status_code, draft.json()["state"]) == (200, "draft"), draft.content
    assert draft.json()["detail"] == {
        "values": version.parameters, "scope": {"departments": [world.org.market.pk]},
    }  # fmt: skip
    again = f"/detection-rules/{draft.json()['id']}/revise"
    name, value = next(iter(version.parameters.items()))
    revised = supervisor.post(again, {"note": "再改", "parameters": [{"name": name, "value": value}]})
    assert revised.json()["detail"] == draft.json()["detail"]
    assert codes(supervisor.post(again, {"note": "再改", "items": ["none"]})) == (422, "CodesUnknown")
    wrong = {"note": "再改", "parameters": [{"name": "none", "value": 1}]}
    assert codes(supervisor.post(again, wrong)) == (422, "ParameterUnknown")
    assert codes(head.post(f"{path}/draft", {"note": "越权"})) == (403, "NotPermitted")


# ------------------------------------------------------------------ parties, codes
def test_a_person_s_account_is_linked_once_and_only_within_reach(api_for, world):
    party = Party.objects.create(
        kind="person", name="张示例", region_id=world.org.district_a.pk, created_at=NOW
    )
    owner = world.org.users[Role.AUDITOR].username
    clerk = api_for(Role.WINDOW_CLERK)
    path = f"/parties/{party.pk}/account"
    assert codes(api_for("clerk-b").post(path, {"username": owner})) == (404, "NotFound")
    linked = clerk.post(path, {"username": owner})
    assert linked.json()["id"] == party.pk, linked.content
    assert codes(clerk.post(path, {"username": owner})) == (422, "AccountLinked")


def test_a_receipt_code_is_told_kept_nowhere_and_opens_the_case(api_for, world):
    case = world.accepted(at=NOW - DAY)
    clerk = api_for(Role.WINDOW_CLERK)
    first, second = (clerk.post(f"/cases/{case.number}/receipt-code") for _ in range(2))
    assert first.status_code == 200, first.content
    assert first.json()["code"] != second.json()["code"]
    for told in (first, second):
        assert case_by_code(number=case.number, code=told.json()["code"]) == case
        assert told["Cache-Control"] == "no-store"
    assert codes(api_for(Role.LEADER).post(f"/cases/{case.number}/receipt-code")) == (403, "NotPermitted")
    assert codes(api_for("clerk-b").post(f"/cases/{case.number}/receipt-code")) == (404, "NotFound")
