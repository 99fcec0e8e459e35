"""Operations that follow from a declared ledger, queryset and workflow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from zhengxiao.backbone.catalogue.api import ItemVersion, basic_item_record, claim_ask
from zhengxiao.kernel.access.api import VISITOR, actor_for
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.kernel.ui.api import Column, Resource, Verb, resources
from zhengxiao.lib.actors import Role
from zhengxiao.surfaces.openapi import document
from zhengxiao.surfaces.openapi.tests.conftest import EVERYTHING, NOW

SCOPES = EVERYTHING
DAY = timedelta(days=1)


@pytest.fixture
def draft(world) -> ItemVersion:
    version = ItemVersion.objects.get(item=world.item)
    columns = {"valid_from": None, "valid_to": None}
    values = {
        field.name: getattr(version, field.name)
        for field in ItemVersion._meta.concrete_fields
        if field.name not in {"id", "number", "state", *columns}
    }
    return ItemVersion.objects.create(**values, **columns, number=2, state="draft")


@pytest.fixture
def claim(world):
    actor = actor_for(world.org.users[Role.SUPERVISOR], at=NOW)
    basic = basic_item_record(
        code="000199001000", values={"name": "示例目录", "task_type": "01"}, valid_from=NOW.date(), reason="示例",
        actor=actor, at=NOW - DAY,
    )  # fmt: skip
    return claim_ask(basic=basic, unit=world.org.market, actor=actor, at=NOW - DAY)


def codes(answer):
    return answer.status_code, answer.json().get("code")


def test_a_draft_goes_through_review_by_machine_as_on_the_pages(api_for, draft):
    head, supervisor = api_for(Role.DEPARTMENT_HEAD, SCOPES), api_for(Role.SUPERVISOR, SCOPES)
    shown = head.get(f"/item-versions/{draft.pk}").json()
    assert (shown["state"], shown["state_label"], shown["number"]) == ("draft", "草稿", 2)
    submitted = head.post(f"/item-versions/{draft.pk}/moves/submit", {"data": {}})
    assert (submitted.status_code, submitted.json()["state"]) == (200, "in_review"), submitted.content
    moves = supervisor.get(f"/item-versions/{draft.pk}/moves").json()
    assert {row["transition"]: row["allowed"] for row in moves} == {"approve": True, "return": True}
    returned = supervisor.post(f"/item-versions/{draft.pk}/moves/return", {"data": {"note": "请补依据"}})
    assert returned.json()["state"] == "draft"
    told = supervisor.get(f"/item-versions/{draft.pk}/timeline").json()
    assert [row["fact"] for row in told] == ["catalogue.item_returned", "catalogue.item_submitted"]


def test_moves_need_their_scope_a_known_name_and_declared_input(api_for, draft):
    narrow = api_for(Role.DEPARTMENT_HEAD, ("catalogue.view",))
    assert narrow.get(f"/item-versions/{draft.pk}/moves").json() == []
    assert codes(narrow.post(f"/item-versions/{draft.pk}/moves/submit", {"data": {}})) == (
        403,
        "ScopeMissing",
    )
    head = api_for(Role.DEPARTMENT_HEAD, SCOPES)
    assert codes(head.post(f"/item-versions/{draft.pk}/moves/fly", {"data": {}})) == (
        422,
        "TransitionUnknown",
    )
    assert codes(head.post(f"/item-versions/{draft.pk}/moves/submit", {"data": {"x": 1}})) == (
        422,
        "UnknownInput",
    )
    assert codes(head.post(f"/item-versions/{draft.pk}/moves/approve", {"data": {}})) == (403, "NotPermitted")


@pytest.mark.parametrize("stranger", ["clerk-housing", "clerk-b", "supervisor-b"])
def test_rows_out_of_reach_are_as_unknown_as_ids_nobody_has(api_for, draft, claim, stranger):
    api = api_for(stranger, SCOPES)
    for path, body in (
        (f"/item-versions/{draft.pk}", None), (f"/item-versions/{draft.pk}/moves", None),
        (f"/item-versions/{draft.pk}/timeline", None), (f"/claims/{claim.pk}", None),
        (f"/item-versions/{draft.pk}/moves/submit", {"data": {}}),
    ):  # fmt: skip
        answer = api.get(path) if body is None else api.post(path, body)
        assert codes(answer) == (404, "NotFound"), path
    assert draft.pk not in [row["id"] for row in api.get("/item-versions?limit=200").json()["results"]]
    assert api.get("/claims").json()["results"] == []


def test_filters_of_the_ledger_are_parameters_and_nothing_else_is(api_for, draft):
    api = api_for(Role.DEPARTMENT_HEAD, SCOPES)
    assert [row["id"] for row in api.get("/item-versions?state=draft").json()["results"]] == [draft.pk]
    assert api.get("/item-versions?state=unheard").json()["field"] == "state"
    assert api.get("/item-versions?sort=name").json()["field"] == "sort"
    first = api.get("/item-versions?limit=1").json()
    second = api.get(f"/item-versions?limit=1&cursor={first['next_cursor']}").json()
    assert first["results"][0]["id"] > second["results"][0]["id"]


def test_a_verb_takes_its_declared_fields_and_records_its_fact(api_for, claim):
    head = api_for(Role.DEPARTMENT_HEAD, SCOPES)
    assert head.post(f"/claims/{claim.pk}/decline", {}).json()["errors"][0]["field"] == "reason"
    assert head.post(f"/claims/{claim.pk}/decline", {"reason": "无此职责", "why": ""}).status_code == 422
    assert codes(head.post(f"/claims/{claim.pk}/take", {"item": "nowhere"})) == (422, "ItemElsewhere")
    done = head.post(f"/claims/{claim.pk}/decline", {"reason": "无此职责"})
    assert (done.status_code, done.json()["state"], done.json()["reason"]) == (200, "declined", "无此职责")
    assert Entry.objects.filter(fact="catalogue.item_declined").count() == 1
    assert codes(head.post(f"/claims/{claim.pk}/take", {"item": ""})) == (422, "ClaimDecided")


def test_nobody_without_a_post_sees_a_row_of_any_resource_that_is_not_public(db, draft, claim):
    """Every declared resource scopes its rows itself; a mechanism that forgets is found here."""
    for resource in resources():
        rows = resource.rows(VISITOR, NOW)
        hidden = (
            rows.exclude(state__in=["published", "retired"]) if resource.name == "item-versions" else rows
        )
        assert not hidden.exists(), resource.name


def test_every_resource_is_in_the_document_with_its_own_scopes():
    paths = document.document()["paths"]
    for resource in resources():
        listed = paths[f"/api/v1/{resource.name}"]["get"]
        assert listed["x-scopes"] == [resource.view]
        asked = {row["name"] for row in listed["parameters"]}
        assert asked == {
            "limit",
            "cursor",
            *(name for item in resource.ledger.filters for name in item.names),
        }


def test_a_declaration_that_cannot_be_an_address_or_a_member_is_refused():
    (claims,) = (row for row in resources() if row.name == "claims")
    for change in (
        {"name": "Cards"},
        {"extra": (Column("id", "编号"),)},
        {"extra": (Column("code", "编号"),)},
    ):
        with pytest.raises(ValueError, match="resource"):
            replace(claims, **change)
    with pytest.raises(ValueError, match="verb"):
        Verb("moves", "移动", "catalogue.claim", claims.verbs[0].run)
    assert isinstance(claims, Resource)
