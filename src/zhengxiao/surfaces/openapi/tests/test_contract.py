"""What the document says is what happens, and everything that goes wrong is a problem document."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.test import Client as Browser

from zhengxiao.lib.actors import Role
from zhengxiao.surfaces.openapi import calendar_operations, document, limits, service
from zhengxiao.surfaces.openapi.keys import prune
from zhengxiao.surfaces.openapi.limits import BUCKETS, Buckets, json_value
from zhengxiao.surfaces.openapi.models import IdempotencyKey
from zhengxiao.surfaces.openapi.problems import BadJson, TooManyRequests
from zhengxiao.surfaces.openapi.tests.conftest import NOW, ROOT

CHECKED_IN = ROOT / "docs" / "openapi.json"
WITHOUT_KEY = {"/api/v1/due", "/api/v1/cases/{number}/reveal", "/api/v1/cases/{number}/receipt-code"}
"""What only computes, or shows what must not be kept: a number, a code. Asking again is another look, another code."""
MEMBERS = {"type", "title", "status", "code", "detail", "field", "instance"}


def problem(response, status, code):
    assert (response.status_code, response.json()["code"]) == (status, code), response.content
    assert response["Content-Type"] == "application/problem+json"
    assert set(response.json()) >= MEMBERS
    assert response.json()["status"] == status
    assert response.json()["detail"]
    return response.json()


def test_the_checked_in_document_and_client_are_what_the_product_says():
    done = subprocess.run(
        [sys.executable, "scripts/generate_client.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_the_served_document_is_the_checked_in_one_and_open_to_everybody(db):
    answer = Browser().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == json.loads(CHECKED_IN.read_text("utf-8"))
    assert answer.json()["openapi"].startswith("3.1")


def test_every_accepted_parameter_is_declared():
    """The framework's own table of inputs, operation by operation, against the document."""
    declared = document.rules()
    found = 0
    for path, view in service.api.default_router.path_operations.items():
        for operation in view.operations:
            taken: set[str] = set()
            for model in operation.models:
                if model.__ninja_param_source__ == "query":
                    for name, field in model.model_fields.items():
                        taken |= set(getattr(field.annotation, "model_fields", None) or {name})
            rules = declared[f"/api/v1{path}"][operation.methods[0]]
            assert taken == set(rules.parameters), path
            found += len(taken)
    assert found > 30


def test_every_operation_names_scopes_a_description_and_its_refusals():
    for path, methods in document.document()["paths"].items():
        for method, told in methods.items():
            assert told["x-scopes"], path
            assert told["description"], path
            assert set(document.PROBLEMS) <= set(told["responses"]), path
            keyed = any(row["name"] == "Idempotency-Key" for row in told["parameters"])
            assert keyed == bool(told.get("x-writes")), path
            assert keyed or method == "get" or path in WITHOUT_KEY, path


def test_every_operation_refuses_a_parameter_it_does_not_declare(api_for):
    api = api_for(Role.SUPERVISOR)
    for path, methods in document.rules().items():
        address = path.removeprefix("/api/v1").replace("{", "").replace("}", "")
        for method, rules in methods.items():
            answer = api.send(method, f"{address}?unheard_of=1")
            allowed = {"ScopeMissing", "NotPermitted"} if rules.writes else {"NotPermitted"}
            if answer.json()["code"] not in allowed:
                assert problem(answer, 400, "BadParameter")["field"] == "unheard_of"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=201", "limit"),
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("limit=1&limit=2", "limit"),
        ("state=open", "state"),
        ("light=purple", "light"),
        ("received_from=2026-02-30", "received_from"),
        ("department=%00", "department"),
        ("updated_since=yesterday", "updated_since"),
    ],
)
def test_a_malformed_parameter_is_named(api_for, query, field):
    assert problem(api_for(Role.APPROVER).get(f"/cases?{query}"), 400, "BadParameter")["field"] == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"surprise": 1}, "surprise"),
        ({"item": 5}, "item"),
        ({"materials": [{"name": "申请表", "colour": "red"}]}, "materials.0.colour"),
        ({"summary": "长" * 301}, "summary"),
        ({"party_id": 2**70}, "party_id"),
        ({"department": "A-MARKET"}, "department"),
        ({"received_at": "2020-01-01T00:00:00Z"}, "received_at"),
    ],
)
def test_a_field_that_is_not_declared_or_not_fit_is_named(api_for, intake, change, field):
    answer = api_for(Role.WINDOW_CLERK).post("/cases", intake | change)
    assert problem(answer, 422, "FieldsNotAccepted")["field"] == field


def test_refusals_of_the_rules_carry_their_class_and_the_language_asked_for(api_for, intake, world):
    api = api_for(Role.WINDOW_CLERK)
    told = problem(api.post("/cases", intake | {"item": "none"}), 422, "ItemUnknown")
    assert (told["field"], told["type"]) == ("item", "urn:zhengxiao:problem:ItemUnknown")
    number = world.receive(at=NOW).number
    lawful = api.post(f"/cases/{number}/moves/deliver", {"data": {"method": "window"}})
    problem(lawful, 422, "MoveNotLawful")
    unknown = api.post(f"/cases/{number}/moves/accept", {"data": {"state": "granted"}})
    problem(unknown, 422, "UnknownInput")
    problem(api.post(f"/cases/{number}/moves/fly", {"data": {}}), 422, "TransitionUnknown")
    english = api.post(f"/cases/{number}/moves/deliver", {"data": {}}, **{"Accept-Language": "en"})
    assert english["Content-Language"] == "en"
    assert english.json()["detail"] != lawful.json()["detail"] or english.json()["title"]


def test_wrong_addresses_methods_types_and_sizes(api_for, intake):
    api = api_for(Role.WINDOW_CLERK)
    problem(api.get("/nowhere/at/all"), 404, "NotFound")
    problem(api.get("/cases/"), 404, "NotFound")
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        refused = api.send(method, "/cases")
        problem(refused, 405, "MethodNotAllowed")
        assert refused["Allow"] == "GET, HEAD, POST"
    problem(api.post("/openapi.json"), 405, "MethodNotAllowed")
    problem(api.post("/cases", intake, **{"Content-Type": "text/plain"}), 415, "ContentTypeUnknown")
    problem(api.post("/cases"), 415, "ContentTypeUnknown")
    problem(api.post("/cases", "x" * (limits.JSON_BYTES + 1)), 413, "BodyTooLarge")
    problem(api.get("/imports/0"), 403, "NotPermitted")
    problem(api_for(Role.SUPERVISOR).get("/imports/99999999999999999999"), 404, "NotFound")


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[" * 30 + "]" * 30,
        '{"a":' * 25 + "1" + "}" * 25,
        "[" * 100_000,
        '{"item": "a", "item": "b"}',
        '{"item": NaN}',
        '{"item": "\\u0000"}',
        '{"item": "\\ud800"}',
        "\ufeff{}",
    ],
)
def test_hostile_json_is_refused(api_for, text):
    problem(api_for(Role.WINDOW_CLERK).post("/cases", text), 400, "BadJson")


def test_brackets_inside_strings_are_no_depth():
    assert json_value(('{"a": "' + "[" * 50 + '\\"{"}').encode())["a"].startswith("[")
    with pytest.raises(BadJson):
        json_value(b"\xff\xfe")


def test_an_unfinished_string_of_escaped_quotes_is_read_once():
    """Looked for from each of its quotes anew, this would take hours."""
    for end in (b"", b"\\"):
        with pytest.raises(BadJson):
            json_value(b'"' + b'\\"' * 500_000 + end)


def test_an_unexpected_error_is_a_problem_and_tells_nothing(api_for, monkeypatch):
    def broken(*args):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(calendar_operations, "versions_of", broken)
    answer = api_for(Role.APPROVER).get("/calendars/CN/versions")
    problem(answer, 500, "InternalError")
    assert b"secret" not in answer.content


def test_too_many_requests_are_told_when_to_come_again(api_for, settings):
    settings.ZX_API_RATE = 1
    api, other = api_for(Role.APPROVER), api_for(Role.DEPARTMENT_HEAD)
    assert [api.get("/cases").status_code for _ in range(2)] == [200, 200]
    refused = api.get("/cases")
    problem(refused, 429, "TooManyRequests")
    assert int(refused["Retry-After"]) >= 1
    assert other.get("/cases").status_code == 200
    BUCKETS.clear()


def test_a_bucket_fills_again_at_its_rate():
    buckets = Buckets()
    for _ in range(4):
        buckets.take(1, 2, now=100.0)
    with pytest.raises(TooManyRequests):
        buckets.take(1, 2, now=100.4)
    buckets.take(1, 2, now=100.6)


def test_head_answers_as_get_without_a_body(api_for):
    answer = api_for(Role.APPROVER).send("HEAD", "/cases")
    assert (answer.status_code, answer.content) == (200, b"")


def test_answers_are_not_kept_by_caches(api_for):
    assert api_for(Role.APPROVER).get("/cases")["Cache-Control"] == "no-store"


def test_old_answers_are_forgotten_after_four_days_not_before(api_for, intake):
    assert api_for(Role.WINDOW_CLERK).post("/cases", intake, key="k").status_code == 201
    assert prune(NOW + timedelta(hours=73)) == 0
    assert prune(NOW + timedelta(hours=97)) == 1
    assert not IdempotencyKey.objects.exists()
