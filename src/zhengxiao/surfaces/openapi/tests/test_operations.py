"""The desk's work through the generated client."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection

from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.parties.models import Party
from zhengxiao.kernel.exchange.api import ImportRun, profile_names
from zhengxiao.kernel.exchange.models import Rejection
from zhengxiao.kernel.notices.models import Notice
from zhengxiao.kernel.timeline.models import Entry
from zhengxiao.lib.actors import Role
from zhengxiao.surfaces.openapi.tests.conftest import NOW
from zhengxiao_client import ApiProblem

DAY = timedelta(days=1)


def test_a_case_goes_from_receipt_to_archive(api_for, intake):
    approver = api_for(Role.APPROVER).client
    intake |= {"handler": "approver"}
    case = api_for(Role.WINDOW_CLERK).client.receive_case(intake)
    number = case["number"]
    assert (case["state"], case["light"], case["handler"]) == ("received", "green", "张示例")
    offered = {row["transition"]: row for row in approver.list_moves(number)}
    assert (offered["accept"]["allowed"], offered["accept"]["fields"]) == (True, [])
    assert [row["name"] for row in offered["ask_supplement"]["fields"]] == ["items", "document_no"]
    for transition, data in (
        ("accept", {}),
        ("start_review", {}),
        ("finish_step", {"step": "审查", "outcome": "passed", "opinion": "属实"}),
        ("suspend", {"kind": "expert_review", "reason": "评审", "expected_days": 5, "notice_no": "示特 1"}),
        ("resume", {"outcome": "通过"}),
        ("grant", {"result_no": "示许准 1"}),
        ("deliver", {"method": "window"}),
        ("archive", {}),
    ):
        case = approver.take_move(number, transition, {"data": data})
    assert (case["state"], case["result"], case["light"]) == ("archived", "granted", "none")
    told = [row["label"] for row in approver.list_timeline(number)]
    assert len(told) > 8
    clocks = {row["kind"]: row for row in approver.list_clocks(number)}
    assert clocks["statutory"]["term"] == "20wd"
    sheet = approver.get_sheet(number, clocks["statutory"]["id"])
    assert (sheet["term"], sheet["days"][0]["date"]) == ("20wd", "2026-03-26")


def test_an_application_in_order_is_accepted_on_the_spot_with_both_limits(api_for, intake):
    approver = api_for(Role.APPROVER)
    case = approver.client.receive_case({**intake, "accept": True})
    assert case["state"] == "accepted"
    kinds = {row["kind"]: row["stopped_at"] for row in approver.client.list_clocks(case["number"])}
    assert kinds["statutory"] is None
    assert kinds["promised"] is None
    assert "intake" not in kinds


def test_acceptance_on_the_spot_needs_its_scope_and_leaves_nothing_without_it(api_for, intake):
    clerk = api_for(Role.APPROVER, scopes=("cases.view", "cases.receive"))
    with pytest.raises(ApiProblem) as told:
        clerk.client.receive_case({**intake, "accept": True})
    assert told.value.status == 403
    assert not Case.objects.exists()


def test_extension_is_asked_for_by_one_and_approved_by_another(api_for, world):
    case = world.accepted(at=NOW - DAY)
    approver, head = api_for(Role.APPROVER).client, api_for(Role.DEPARTMENT_HEAD).client
    approver.take_move(case.number, "request_extension", {"data": {"amount": 5, "reason": "勘验"}})
    head.take_move(case.number, "approve_extension", {"data": {"document_no": "示延 1"}})
    assert {row["extension"] for row in head.list_clocks(case.number)} >= {5}


def test_a_handler_is_named(api_for, world):
    case = world.accepted(at=NOW - DAY)
    assert (
        api_for(Role.DEPARTMENT_HEAD).client.assign_case(case.number, {"handler": "approver"})["handler"]
        == "张示例"
    )


def test_the_list_is_filtered_as_the_ledger_is(api_for, world):
    old = world.accepted(at=NOW - 40 * DAY)
    new = world.receive(at=NOW - DAY)
    client = api_for(Role.APPROVER).client

    def numbers(**conditions):
        return [row["number"] for row in client.list_cases(**conditions)["results"]]

    assert numbers() == [new.number, old.number]
    assert (
        numbers(state="accepted") == numbers(light="red") == numbers(received_to="2026-03-20") == [old.number]
    )
    assert numbers(received_from="2026-03-25") == [new.number]
    assert numbers(department="A-MARKET", item=world.item.code) == [new.number, old.number]
    assert numbers(department="A-HOUSING") == numbers(finished_from="2026-01-01") == []


def test_pages_follow_one_another_without_gap_or_repetition(api_for, world):
    for minutes in range(7):
        world.receive(at=NOW - DAY + timedelta(minutes=minutes // 2))
    client = api_for(Role.APPROVER).client
    seen, cursor = [], None
    while True:
        page = client.list_cases(limit=2, cursor=cursor)
        seen += [row["number"] for row in page["results"]]
        if len(seen) == 2:
            world.receive(at=NOW)  # belongs before the first page
        cursor = page["next_cursor"]
        if cursor is None:
            break
    expected = Case.objects.filter(received_at__lt=NOW).order_by("-received_at", "-pk")
    assert seen == list(expected.values_list("number", flat=True))


def test_a_cursor_belongs_to_its_question_and_its_client(api_for, world):
    for _ in range(3):
        world.receive(at=NOW - DAY)
    api = api_for(Role.APPROVER)
    cursor = api.client.list_cases(limit=1)["next_cursor"]
    for other, query in ((api, "&state=received"), (api_for(Role.DEPARTMENT_HEAD), "")):
        answer = other.get(f"/cases?cursor={cursor}{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "BadCursor")
    assert api.get(f"/cases?cursor={cursor[:-3]}abc").json()["code"] == "BadCursor"


def test_what_changed_is_told_next_time(api_for, world):
    quiet, moved = world.accepted(at=NOW - DAY), world.accepted(at=NOW - DAY)
    client = api_for(Role.APPROVER).client
    first = client.list_cases()
    revisions = {row["number"]: row["revision"] for row in first["results"]}
    nothing = client.list_cases(updated_since=first["next_updated_since"])
    # A transaction that is open anywhere in the database cluster holds the horizon back, so what was told may be told again;
    # it then has the revision it had.
    assert all(row["revision"] == revisions[row["number"]] for row in nothing["results"])
    assert nothing["results"] == [] or connection.vendor == "postgresql"
    client.take_move(moved.number, "start_review", {"data": {}})
    told = client.list_cases(updated_since=nothing["next_updated_since"])["results"]
    (row,) = [row for row in told if row["revision"] != revisions[row["number"]]]
    assert row["number"] == moved.number != quiet.number
    assert row["revision"] > revisions[moved.number]


def test_items_parties_calendar_and_figures(api_for, world):
    client = api_for(Role.APPROVER).client
    (item,) = client.list_items(department="A-MARKET")["results"]
    assert (item["code"], item["statutory"], item["promised"]) == (world.item.code, "20wd", "10wd")
    assert client.get_item(item["code"])["version"] == 1
    given = {"name": "王示例", "id_number": "110105199001010010", "contact_phone": "13800000000"}
    if client_refuses(client, given):
        given = {"name": "示例建设有限公司", "kind": "enterprise", "region": "990102000000"}
    party = client.find_or_create_party(given)
    assert client.find_or_create_party(given) == party
    assert party["name"] == Party.objects.get(pk=party["id"]).masked_name
    due = client.compute_due({"start": "2026-03-26T10:00:00+08:00", "term": "3wd", "days": True})
    assert (due["on"], [line["counted"] for line in due["days"]]) == (
        "2026-03-31",
        [False, True, False, False, True, True],
    )
    assert client.list_calendar_versions("CN")[0]["state"] == "confirmed"
    world.accepted(at=NOW - 40 * DAY)
    assert client.get_lights()["lights"]["red"] == 1
    supervisor = api_for(Role.SUPERVISOR).client
    names = [row["name"] for row in supervisor.list_metrics()]
    period = {"period_from": "2026-01-01", "period_to": "2027-01-01"}
    figures = supervisor.compute_metric(names[0], by="department", **period)
    assert figures["name"] == names[0]
    received = "cases.accepted"
    assert supervisor.compute_metric(received, **period)["figures"][0]["numerator"] in {"1", 1}
    behind = supervisor.list_metric_cases(received, part="numerator", **period)["results"]
    assert behind == list(Case.objects.values_list("number", flat=True))


def client_refuses(client, given):
    """Whether the number given is not a lawful one (its check digit is not what this test is about)."""
    try:
        client.find_or_create_party(given)
    except ApiProblem as problem:
        return problem.code == "PartyNumberFaulty"
    return False


def test_a_known_party_applies(api_for, intake):
    client = api_for(Role.APPROVER).client
    party = client.find_or_create_party(
        {"name": "示例二公司", "kind": "enterprise", "region": "990102000000"}
    )
    intake |= {"applicant_name": "", "party_id": party["id"], "window": None}
    case = client.receive_case(intake)
    assert Case.objects.get(number=case["number"]).party_id == party["id"]


def test_a_feed_is_handed_in_and_its_refusals_are_read(api_for):
    api = api_for(Role.SUPERVISOR)
    client = api.client
    with pytest.raises(ApiProblem, match="NoSuchProfile"):
        client.upload_feed(b"a,b\n1,2\n", profile="no-such", file_name="x.csv")
    run = client.upload_feed(b"a,b\n1,2\n", profile=profile_names()[0][0], file_name="x.csv", dry_run=True)
    assert (run["state"], client.get_import(run["id"])["id"]) == ("waiting", run["id"])
    assert [row["id"] for row in client.list_imports()["results"]] == [run["id"]]
    Rejection.objects.create(
        run=ImportRun.objects.get(pk=run["id"]),
        unit=1,
        row_from=2,
        row_to=2,
        code="missing",
        reason="缺",
        at=NOW,
    )
    (row,) = client.list_refusals(run["id"])["results"]
    assert (row["code"], row["row_from"]) == ("missing", 2)
    assert api_for("supervisor-b").get(f"/imports/{run['id']}").status_code == 404
    with pytest.raises(ApiProblem, match="RunNotContinuable"):
        client.continue_import(run["id"])


def test_notices_are_listed_and_read(api_for, world):
    world.receive(at=NOW - DAY)
    entry = Entry.objects.order_by("pk").first()
    for who in (Role.WINDOW_CLERK, Role.APPROVER):
        Notice.objects.create(
            recipient=world.org.users[who],
            fact="clock.warned",
            entry=entry,
            title="告",
            level="red",
            created_at=NOW,
        )
    client = api_for(Role.WINDOW_CLERK).client
    (notice,) = client.list_notices(unread=True)["results"]
    assert client.read_notice(notice["id"])["read_at"] is not None
    assert client.list_notices(unread=True)["results"] == []
    assert client.read_all_notices() == {"read": 0}
    other = Notice.objects.get(recipient=world.org.users[Role.APPROVER])
    mine, random = (api_for(Role.DEPARTMENT_HEAD).post(f"/notices/{pk}/read") for pk in (other.pk, 987654))
    assert mine.status_code == random.status_code == 404
    assert {**mine.json(), "instance": ""} == {**random.json(), "instance": ""}


def test_the_applicants_name_is_masked(api_for, intake):
    case = api_for(Role.WINDOW_CLERK).client.receive_case(intake | {"applicant_name": "王示例"})
    assert "王示例" not in json.dumps(case, ensure_ascii=False)
