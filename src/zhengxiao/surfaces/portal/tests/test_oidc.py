"""Signing in at a provider that runs beside the test: who comes in, who does not, and what is asked of whom."""

from __future__ import annotations

import threading
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import jwt
import pytest
import requests
from django.test import Client
from oidc_provider_mock import User as ProviderUser
from oidc_provider_mock import run_server_in_thread
from pytest_django import Settings

from zhengxiao.kernel.access.testing import SampleOrg, sample_org
from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import Role
from zhengxiao.surfaces.portal import oidc

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings(
        "ignore::DeprecationWarning"
    ),  # of the provider's own libraries, in its thread
]
PEOPLE = (
    ProviderUser(sub="1", claims={"preferred_username": "CLERK"}),
    ProviderUser(sub="2", claims={"preferred_username": "nobody-here"}),
    ProviderUser(sub="3", claims={"preferred_username": "auditor", "acr": "mfa"}),
    ProviderUser(sub="4", claims={"preferred_username": "auditor", "acr": "password"}),
    ProviderUser(sub="5", claims={"email": "clerk@example.com"}),
    ProviderUser(sub="6", claims={"preferred_username": "%"}),
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with run_server_in_thread(user_claims=PEOPLE) as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture
def provider(server: str, settings: Settings) -> str:
    settings.ZX_OIDC_ISSUER = server
    settings.ZX_OIDC_CLIENT_ID, settings.ZX_OIDC_CLIENT_SECRET = "zhengxiao", "secret"
    oidc._provider.cache_clear()
    return server


@pytest.fixture
def org() -> SampleOrg:
    return sample_org()


def asked(client: Client, onward: str = "") -> str:
    answer = client.get("/sign-in/oidc/", {"next": onward} if onward else {})
    return str(answer.headers["Location"])


def signed_in_there(address: str, sub: str) -> str:
    """What a browser does at the provider; the address it is sent back to."""
    answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=10)
    there = urllib.parse.urlsplit(answer.headers["Location"])
    return f"{there.path}?{there.query}"


def through(sub: str, onward: str = "") -> tuple[Client, Any]:
    client = Client()
    return client, client.get(signed_in_there(asked(client, onward), sub))


def refusals() -> list[str]:
    found = Entry.objects.filter(fact="identity.sign_in_refused").order_by("id")
    return [entry.data["reason"] for entry in found]


def test_an_account_comes_in_by_the_claim_that_is_its_username(org: SampleOrg, provider: str) -> None:
    client, answer = through("1", "/cases/?page=1")
    assert answer.headers["Location"] == "/cases/?page=1"
    assert client.session["_auth_user_id"] == str(org.users[Role.WINDOW_CLERK].pk)
    assert client.get("/cases/").status_code == 200
    assert Entry.objects.get(fact="identity.signed_in").data["way"] == "统一身份认证"
    assert "用统一身份认证登录" in Client().get("/sign-in/").content.decode()


@pytest.mark.parametrize("sub", ["2", "5", "6"])
def test_nobody_is_let_in_without_an_account_and_none_is_made(
    org: SampleOrg, provider: str, sub: str
) -> None:
    before = User.objects.count()
    client, answer = through(sub)
    assert answer.headers["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == before
    assert len(refusals()) == 1
    assert "统一身份认证" in client.get("/sign-in/").content.decode()


def test_a_closed_account_does_not_come_in(org: SampleOrg, provider: str) -> None:
    User.objects.filter(username="clerk").update(is_active=False, disabled_at=org.at)
    _client, answer = through("1")
    assert answer.headers["Location"] == "/sign-in/"
    assert refusals() == ["OIDC NoAccountHere"]


@pytest.mark.parametrize(("sub", "where"), [("3", "/desk/"), ("4", "/account/factor/")])
def test_a_second_factor_given_there_counts_when_it_is_named(
    org: SampleOrg, provider: str, settings: Settings, sub: str, where: str
) -> None:
    settings.ZX_SECOND_FACTOR_ROLES = ["auditor"]
    settings.ZX_OIDC_ACR = ["mfa"]
    client, _answer = through(sub)
    answer = client.get("/desk/")
    assert answer.headers.get("Location", "/desk/").partition("?")[0] == where


def test_an_answer_counts_once_and_in_the_browser_that_asked(org: SampleOrg, provider: str) -> None:
    client, other = Client(), Client()
    back = signed_in_there(asked(client), "1")
    assert other.get(back).headers["Location"] == "/sign-in/"
    assert "_auth_user_id" not in other.session
    assert client.get(back).headers["Location"] == "/desk/"
    again = Client()
    again.cookies = client.cookies
    assert again.get(back).headers["Location"] == "/sign-in/"
    assert client.get("/sign-in/oidc/back/?error=access_denied&state=x").headers["Location"] == "/sign-in/"


@pytest.mark.parametrize(
    "change",
    [
        {},  # the control: it does come in
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"aud": ["zhengxiao", "another-client"]},
        {"nonce": "guessed"},
        {"exp": 1},
        {"sub": "2"},
    ],
)
def test_a_token_that_is_not_for_us_lets_nobody_in(
    org: SampleOrg, provider: str, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    """The token is altered after its signature was verified, so that each check stands alone."""
    real = jwt.decode

    def altered(token: Any, *given: Any, **more: Any) -> Any:
        payload = {**real(token, *given, **more), **change}
        if payload["exp"] == 1:
            raise jwt.ExpiredSignatureError
        return payload

    monkeypatch.setattr(jwt, "decode", altered)
    client, answer = through("1")
    assert ("_auth_user_id" in client.session) == (not change)
    assert answer.headers["Location"] == ("/sign-in/" if change else "/desk/")
    assert refusals() == (["OIDC ProviderFailed"] if change else [])


def test_a_forged_signature_lets_nobody_in(
    org: SampleOrg, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = oidc.Backend.get_token

    def forged(self: oidc.Backend, payload: dict[str, str]) -> dict[str, Any]:
        token = real(self, payload)
        head, body, sign = token["id_token"].split(".")
        return {**token, "id_token": f"{head}.{body}.{sign[:-8]}{'A' * 8}"}

    monkeypatch.setattr(oidc.Backend, "get_token", forged)
    _client, answer = through("1")
    assert answer.headers["Location"] == "/sign-in/"
    assert refusals() == ["OIDC ProviderFailed"]


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/jwks",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:1/jwks",
        "http://localhost.evil.example/jwks",
    ],
)
def test_nothing_is_sent_to_another_host_than_the_issuers(provider: str, address: str) -> None:
    with pytest.raises(oidc.SuspiciousOperation):
        oidc._fetch("GET", address)


@pytest.mark.parametrize(
    ("issuer", "address"),
    [("http://idp.example", "http://idp.example/token"), ("https://idp.example", "http://idp.example/token")],
)
def test_a_provider_elsewhere_is_asked_over_tls_only(settings: Settings, issuer: str, address: str) -> None:
    settings.ZX_OIDC_ISSUER = issuer
    with pytest.raises(oidc.SuspiciousOperation):
        oidc._check_place(address)


class Redirecting(BaseHTTPRequestHandler):
    """Sends everybody on to `/elsewhere`, and notes who went."""

    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(302)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_words: Any) -> None: ...


def test_a_redirect_of_the_provider_is_not_followed(settings: Settings) -> None:
    with HTTPServer(("localhost", 0), Redirecting) as running:
        settings.ZX_OIDC_ISSUER = f"http://localhost:{running.server_port}"
        thread = threading.Thread(target=running.handle_request)
        thread.start()
        with pytest.raises(requests.HTTPError):
            oidc._fetch("GET", f"{settings.ZX_OIDC_ISSUER}/jwks")
        thread.join()
    assert Redirecting.seen == ["/jwks"]


def test_a_provider_that_does_not_answer_says_so_and_the_password_still_works(settings: Settings) -> None:
    settings.ZX_OIDC_ISSUER = "http://localhost:1"
    oidc._provider.cache_clear()
    client = Client()
    assert client.get("/sign-in/oidc/").headers["Location"] == "/sign-in/"
    assert "统一身份认证没有成功" in client.get("/sign-in/").content.decode()


def test_without_a_provider_the_addresses_lead_nowhere() -> None:
    assert Client().get("/sign-in/oidc/").status_code == 404
    assert Client().get("/sign-in/oidc/back/").status_code == 404
