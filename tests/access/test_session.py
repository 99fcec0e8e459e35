"""Signing in and out, what headers every page carries, and files that open in a spreadsheet."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.test_matrix import body, sign
from tests.access.world import NOW, World
from zhengxiao.kernel.identity.api import NewUser, users_bulk_create
from zhengxiao.lib.actors import SYSTEM

pytestmark = pytest.mark.django_db
PASSWORD = "示例口令-not-secret-1"
AWAY = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    r"\\evil.example",
    r"/\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "https:evil.example",
    "//127.0.0.1@evil.example/",
    "\t//evil.example",
)


@pytest.fixture
def account(world: World) -> Any:
    (user,) = users_bulk_create([NewUser("sign-in-example", "示例")], password=PASSWORD, actor=SYSTEM, at=NOW)
    return user


def told(username: str, password: str) -> tuple[int, str]:
    answer = Client().post("/sign-in/", {"username": username, "password": password})
    errors = str(answer.context["form"].errors) if answer.context else ""
    return answer.status_code, errors


def test_a_wrong_name_a_wrong_password_and_a_closed_account_hear_the_same(account: Any) -> None:
    assert told(account.username, PASSWORD)[0] == 302
    wrong = told(account.username, "wrong")
    unknown = told("nobody-of-that-name", "wrong")
    type(account).objects.filter(pk=account.pk).update(is_active=False, disabled_at=NOW)
    closed = told(account.username, PASSWORD)
    assert wrong == unknown == closed
    assert wrong[0] == 422


@pytest.mark.parametrize("wanted", AWAY)
def test_signing_in_leads_nowhere_else(account: Any, wanted: str) -> None:
    for extra in ({"next": wanted}, {}):
        client = Client()
        data = {"username": account.username, "password": PASSWORD, **extra}
        answer = client.post("/sign-in/", data, query_params={"next": wanted})
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/desk/"
        language = client.post("/language/", {"language": "en", "next": wanted})
        assert "evil.example" not in language.headers.get("Location", "")


def test_signing_in_changes_the_session_and_signing_out_ends_it(account: Any) -> None:
    client = Client()
    client.post("/sign-in/", {"username": account.username, "password": PASSWORD})
    key = client.session.session_key
    client.post("/sign-out/")
    stale = Client()
    stale.cookies["zx_session"] = key or ""
    assert sign(stale.get("/desk/")) == ">"


def test_cookies_are_kept_from_scripts_and_other_sites(account: Any) -> None:
    client = Client()
    client.get("/sign-in/")
    answer = client.post("/sign-in/", {"username": account.username, "password": PASSWORD})
    session = answer.cookies["zx_session"]
    assert session["httponly"]
    assert session["samesite"] in {"Lax", "Strict"}
    assert client.cookies["zx_csrf"]["samesite"] in {"Lax", "Strict"}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/sign-in/", 200),
        ("/cases/", 200),
        ("/cases/?export=csv", 403),
        ("/cases/nothing/", 404),
        ("/nothing/", 404),
        ("/cases/?nothing=1", 400),
        ("/cases/?print=1", 200),
        ("/desk/", 200),
        ("/items/", 200),
    ],
)
def test_every_answer_carries_the_protecting_headers(world: World, address: str, status: int) -> None:
    client = Client() if address == "/sign-in/" else world.clients["window_clerk"]
    answer = client.get(address)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    for directive in (
        "default-src 'self'",
        "script-src 'self'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    ):
        assert directive in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("name", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "=cmd|' /C calc'!A0"])
def test_a_name_that_is_a_formula_stays_a_name_in_files(world: World, name: str) -> None:
    case = world.receive("H", at=NOW, applicant_name=name)
    head = world.clients["department_head"]
    text = body(head.get("/cases/", {"export": "csv"}))
    (line,) = [line for line in text.splitlines() if case.number in line]
    assert not any(cell.lstrip('"').startswith(("=", "+", "-", "@", "\t")) for cell in line.split(","))
    assert "<f>" not in body(head.get("/cases/", {"export": "xlsx"}))


def test_markup_in_a_name_is_shown_not_run(world: World) -> None:
    case = world.receive("H", at=NOW, applicant_name="<script>alert(1)</script>")
    client = world.clients["window_clerk"]
    for address in ("/cases/", "/cases/?print=1", "/desk/", reverse("cases:case", args=[case.number])):
        assert "<script>alert" not in body(client.get(address))
