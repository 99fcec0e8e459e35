from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.identity.api import User
from zhengxiao.lib.actors import Actor, Grant, Role
from zhengxiao.lib.refusals import NotPermitted


@page("identity.manage")
def accounts(request: HttpRequest, number: int = 0) -> HttpResponse:
    """The guarded page."""
    return HttpResponse(f"accounts {number}")


@page("portal.home", public=True)
def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("home")


urlpatterns = [path("sign-in/", home, name="sign-in")]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def _sign_in_page(settings: Any) -> None:
    settings.LOGIN_URL = "sign-in"


def request(
    role: Role | None, method: str = "get", address: str = "/accounts/?page=2", **headers: str
) -> HttpRequest:
    made: HttpRequest = getattr(RequestFactory(), method)(address, headers=headers)
    made.user = AnonymousUser() if role is None else User(pk=1, username="u")  # type: ignore[assignment]
    none = frozenset[int]()
    grants = () if role is None else (Grant(role, 1, none, none, none),)
    made.actor = Actor(user_id=1, name="王示例", grants=grants)  # type: ignore[attr-defined]
    return made


def next_of(address: str) -> str:
    parts = urlsplit(address)
    assert parts.path == "/sign-in/"
    return parse_qs(parts.query)["next"][0]


def test_the_view_carries_its_policy_and_its_name() -> None:
    assert (accounts.access_action, accounts.access_public) == ("identity.manage", False)
    assert (home.access_action, home.access_public) == ("portal.home", True)
    assert accounts.__name__ == "accounts"  # type: ignore[attr-defined]


def test_a_page_without_action_must_be_public() -> None:
    with pytest.raises(RuntimeError, match="names its action"):
        page()


def test_the_right_role_enters_and_arguments_pass_through() -> None:
    assert accounts(request(Role.SYSTEM_ADMIN), number=3).content == b"accounts 3"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM_ADMIN])
def test_another_role_is_refused_with_the_name_of_the_action(role: Role) -> None:
    with pytest.raises(NotPermitted, match="开立和停用用户"):
        accounts(request(role))


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "head", "options"])
def test_no_method_goes_round_the_guard(method: str) -> None:
    with pytest.raises(NotPermitted):
        accounts(request(Role.CITIZEN, method))
    assert accounts(request(None, method)).status_code == 302


def test_everybody_enters_a_public_page() -> None:
    assert home(request(None)).content == b"home"


def test_sign_in_leads_back_to_the_page_that_was_asked_for() -> None:
    answer = accounts(request(None))
    assert answer.status_code == 302
    assert next_of(answer["Location"]) == "/accounts/?page=2"


def test_a_fragment_loads_the_sign_in_page_whole_and_leads_back_to_the_page_around_it() -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/?light=red"}
    answer = accounts(request(None, **headers))
    assert answer.status_code == 200
    assert next_of(answer["HX-Redirect"]) == "/desk/?light=red"


def test_a_boosted_link_leads_back_to_its_target() -> None:
    headers = {"HX-Request": "true", "HX-Boosted": "true", "HX-Current-URL": "http://testserver/desk/"}
    assert next_of(accounts(request(None, **headers))["HX-Redirect"]) == "/accounts/?page=2"


@pytest.mark.parametrize(
    ("came_from", "back_to"),
    [
        ("http://testserver/accounts/new/", "/accounts/new/"),
        ("http://elsewhere.example/accounts/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_submission_leads_back_to_its_form_and_never_off_the_site(came_from: str, back_to: str) -> None:
    assert next_of(accounts(request(None, "post", Referer=came_from))["Location"]) == back_to
    htmx = {"HX-Request": "true", "HX-Current-URL": came_from}
    assert next_of(accounts(request(None, "post", **htmx))["HX-Redirect"]) == back_to
