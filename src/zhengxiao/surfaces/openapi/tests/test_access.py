"""Who may call what: tokens, scopes, posts; and that what lies out of reach answers as if it were not there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser

from zhengxiao.backbone.parties.models import Party
from zhengxiao.kernel.identity.api import user_disable
from zhengxiao.kernel.orgs.api import Post
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.surfaces.openapi import document
from zhengxiao.surfaces.openapi.models import ApiClient, ApiToken
from zhengxiao.surfaces.openapi.services import client_disable, token_revoke
from zhengxiao.surfaces.openapi.tests.conftest import CASES, NOW

DAY = timedelta(days=1)
GUESSED = "990102000000-20260325-99999"


def code(response):
    return response.status_code, response.json()["code"]


def same_but_for_the_address(first, second):
    return {**first.json(), "instance": ""} == {**second.json(), "instance": ""} and {
        **first.headers, "Content-Length": "", "X-Request-ID": "", "X-Request-Id": ""
    } == {**second.headers, "Content-Length": "", "X-Request-ID": "", "X-Request-Id": ""}  # fmt: skip


@pytest.mark.parametrize("stranger", ["clerk-housing", "head-housing", "clerk-b", "supervisor-b"])
def test_a_case_out_of_reach_is_as_unknown_as_a_number_nobody_has(api_for, world, stranger):
    number = world.accepted(at=NOW - DAY).number
    api = api_for(stranger)
    assert api.get("/cases").json()["results"] == []
    reads = ("", "/moves", "/clocks", "/clocks/1/sheet", "/timeline")
    for path in reads:
        mine, random = api.get(f"/cases/{number}{path}"), api.get(f"/cases/{GUESSED}{path}")
        assert mine.status_code == 404
        assert same_but_for_the_address(mine, random)
    for path, body in (("/moves/accept", {"data": {}}), ("/moves/fly", {"data": {}})):
        mine, random = api.post(f"/cases/{number}{path}", body), api.post(f"/cases/{GUESSED}{path}", body)
        assert mine.status_code == 404
        assert same_but_for_the_address(mine, random)


def test_another_offices_ids_in_a_body_answer_as_ids_nobody_has(api_for, world, intake):
    api = api_for(Role.APPROVER)
    for field, foreign, nobody in (
        ("unit", "A-HOUSING-S1", "NOWHERE"),
        ("window", "A-HOUSING-W1", "NOWHERE"),
        ("handler", "head-housing", "nobody"),
    ):
        answers = [api.post("/cases", intake | {field: value}) for value in (foreign, nobody)]
        assert code(answers[0]) == code(answers[1])
        assert answers[0].status_code in {403, 422}
    answers = [
        api.post("/cases", intake | {"applicant_name": "", "party_id": key})
        for key in (_foreign_party(world), 10**9)
    ]
    assert code(answers[0]) == code(answers[1]) == (422, "PartyUnknown")
    case = world.accepted(at=NOW - DAY)
    answers = [
        api_for(Role.DEPARTMENT_HEAD).post(f"/cases/{case.number}/assign", {"handler": name})
        for name in ("head-housing", "nobody")
    ]
    assert code(answers[0]) == code(answers[1]) == (422, "HandlerNotInDepartment")


def _foreign_party(world):
    return Party.objects.create(
        kind="enterprise", name="示例乙区公司", region_id=world.org.district_b.pk, created_at=NOW
    ).pk


def test_rights_are_those_that_scopes_and_posts_share(api_for, world):
    case = world.receive(at=NOW - DAY)
    narrow = api_for(Role.APPROVER, ("cases.view",))
    assert narrow.get(f"/cases/{case.number}").status_code == 200
    assert narrow.get(f"/cases/{case.number}/moves").json() == []
    assert code(narrow.post(f"/cases/{case.number}/moves/accept", {"data": {}})) == (403, "ScopeMissing")
    wide = api_for(Role.AUDITOR)
    assert code(wide.post(f"/cases/{case.number}/moves/accept", {"data": {}})) == (403, "NotPermitted")
    blind = api_for(Role.APPROVER, ("cases.accept",))
    assert code(blind.get(f"/cases/{case.number}")) == (403, "ScopeMissing")
    case.refresh_from_db()
    assert case.state == "received"


def test_every_operation_needs_every_one_of_its_scopes(api_for):
    """Each operation, for an approver and a supervisor, with all scopes but one of those it names."""
    for path, methods in document.rules().items():
        address = path.removeprefix("/api/v1").replace("{", "").replace("}", "")
        for method, rules in methods.items():
            for left_out in rules.actions:
                scopes = tuple(
                    action for action in (*CASES, *rules.actions, "desk.view") if action != left_out
                )
                api = api_for(Role.SUPERVISOR, scopes)
                assert api.send(method, address).status_code == 403, (path, left_out)


def test_a_machine_account_reaches_its_own_office_only(api_for, world):
    world.accepted(at=NOW - DAY)
    api = api_for(Role.SYSTEM_CLIENT)  # its post is at the city's centre
    assert api.get("/cases").json()["results"] == []
    assert code(api.get("/notices")) == (403, "NotPermitted")
    assert (
        api.post("/due", {"start": "2026-03-26T10:00:00+08:00", "term": "1wd"}, key=None).status_code == 200
    )


def test_no_token_a_wrong_one_and_a_session_open_nothing(world, api_for):
    browser = Browser()
    browser.force_login(world.org.users[Role.APPROVER])
    good = api_for(Role.APPROVER).token
    for header in (None, "Bearer ", "Bearer zx_x_y", f"Basic {good}", good, "Bearer " + "\u00e9" * 9):
        told = {"Authorization": header} if header is not None else {}
        for path in ("/cases", "/items", f"/cases/{GUESSED}"):
            answer = browser.get(f"/api/v1{path}", headers=told)
            assert code(answer) == (401, "TokenNotGood")
            assert answer["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_or_revoked_token_and_a_closed_client_open_nothing(api_for):
    expired, revoked, closed = (api_for(role) for role in (Role.APPROVER, Role.WINDOW_CLERK, Role.AUDITOR))
    tokens = {token.client.user_id: token for token in ApiToken.objects.select_related("client")}
    assert [api.get("/cases").status_code for api in (expired, revoked, closed)] == [200] * 3
    by_name = {token.client.user.username: token for token in tokens.values()}
    ApiToken.objects.filter(pk=by_name["approver"].pk).update(expires_at=NOW)
    token_revoke(prefix=by_name["clerk"].prefix, actor=SYSTEM, at=NOW)
    client_disable(name=by_name["auditor"].client.name, actor=SYSTEM, at=NOW)
    for api in (expired, revoked, closed):
        assert code(api.get("/cases")) == (401, "TokenNotGood")


def test_a_disabled_account_and_an_ended_post_take_effect_with_the_next_request(api_for, world):
    left, moved = api_for(Role.WINDOW_CLERK), api_for(Role.APPROVER)
    assert [api.get("/cases").status_code for api in (left, moved)] == [200, 200]
    user_disable(user_id=world.org.users[Role.WINDOW_CLERK].pk, actor=SYSTEM, at=NOW)
    Post.objects.filter(user=world.org.users[Role.APPROVER]).update(valid_to=NOW.date())
    assert code(left.get("/cases")) == (401, "TokenNotGood")
    assert code(moved.get("/cases")) == (403, "NotPermitted")


def test_taking_a_scope_away_takes_effect_with_the_next_request(api_for):
    api = api_for(Role.APPROVER)
    assert api.get("/cases").status_code == 200
    ApiClient.objects.update(scopes=["catalogue.browse"])
    assert code(api.get("/cases")) == (403, "ScopeMissing")


def test_use_is_noted_once_an_hour(api_for, settings):
    api = api_for(Role.APPROVER)
    noted = []
    for minutes in (0, 20, 61):
        settings.ZX_MOMENT = NOW + timedelta(minutes=minutes)
        api.get("/cases")
        noted.append(ApiToken.objects.get().last_used_at)
    assert noted == [NOW, NOW, NOW + timedelta(minutes=61)]
