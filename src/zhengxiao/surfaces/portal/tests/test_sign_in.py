from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.identity.api import User
from zhengxiao.lib.registry import Registry
from zhengxiao.surfaces.portal import demo
from zhengxiao.surfaces.portal.api import DemoAccount, register_demo_accounts

PASSWORD = "sample-pass-1"


@page(public=True)
def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse("desk")


@page(public=True)
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planned")


urlpatterns = [
    path("", include("zhengxiao.surfaces.portal.web.urls")),
    path("desk/", include(([path("", desk, name="home")], "desk"))),
    path("broken/", broken),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def clerk() -> User:
    user = User(
        username="clerk", display_name="王示例", joined_at=datetime(2026, 11, 2, tzinfo=UTC), language="en"
    )
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def samples(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.DEMO = True
    monkeypatch.setattr(demo, "_providers", Registry("demo account provider"))
    register_demo_accounts(lambda: [DemoAccount("clerk", PASSWORD, "王示例", "窗口人员", "综合窗口 03")])


def enter(client: Client, **fields: str) -> HttpResponse:
    answer = client.post("/sign-in/", {"username": "clerk", "password": PASSWORD, **fields})
    assert isinstance(answer, HttpResponse)
    return answer


def test_the_bare_address_leads_to_the_sign_in_page_and_later_to_the_desk(
    client: Client, clerk: User
) -> None:
    assert client.get("/")["Location"] == "/sign-in/"
    enter(client)
    assert client.get("/")["Location"] == "/desk/"
    assert client.get("/sign-in/")["Location"] == "/desk/"


def test_signing_in_starts_a_new_session(client: Client, clerk: User) -> None:
    session = client.session
    session["before"] = "x"
    session.save()
    planted = session.session_key
    client.cookies[django_settings.SESSION_COOKIE_NAME] = planted
    assert enter(client)["Location"] == "/desk/"
    assert client.session.session_key != planted
    assert client.session["_auth_user_id"] == str(clerk.pk)


@pytest.mark.parametrize("fields", [{"password": "wrong"}, {"username": "nobody"}])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    fields: dict[str, str], client: Client, clerk: User
) -> None:
    answer = enter(client, **fields)
    assert answer.status_code == 422
    assert "用户名或密码不对" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_closed_account_does_not_come_in(client: Client, clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(is_active=False, disabled_at=datetime(2026, 11, 3, tzinfo=UTC))
    assert enter(client).status_code == 422


def test_empty_fields_are_named(client: Client) -> None:
    text = client.post("/sign-in/", {}).content.decode()
    assert "请填写用户名。" in text
    assert "请填写密码。" in text


def test_the_password_is_never_sent_back(client: Client, clerk: User) -> None:
    assert "geheim" not in enter(client, password="geheim").content.decode()


@pytest.mark.parametrize(
    ("onward", "expected"),
    [
        ("/cases/7/?tab=clock", "/cases/7/?tab=clock"),
        ("https://example.org/", "/desk/"),
        ("//example.org/", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
        ("", "/desk/"),
    ],
)
def test_one_goes_on_to_local_addresses_only(onward: str, expected: str, client: Client, clerk: User) -> None:
    assert enter(client, next=onward)["Location"] == expected


def test_signing_out_needs_a_post(client: Client, clerk: User) -> None:
    enter(client)
    assert client.get("/sign-out/").status_code == 405
    assert "_auth_user_id" in client.session
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session


def test_a_form_from_elsewhere_is_refused_in_words(clerk: User) -> None:
    answer = enter(Client(enforce_csrf_checks=True))
    assert answer.status_code == 403
    assert "页面停留过久" in answer.content.decode()


def test_sample_accounts_are_listed_and_filled_in_the_demo(client: Client, samples: None) -> None:
    text = client.get("/sign-in/").content.decode()
    assert "综合窗口 03" in text
    assert PASSWORD in text
    filled = client.get("/sign-in/?as=clerk").content.decode()
    assert 'value="clerk"' in filled
    assert f'value="{PASSWORD}"' in filled


def test_outside_the_demo_no_sample_account_is_shown(
    client: Client, samples: None, settings: Settings
) -> None:
    settings.DEMO = False
    text = client.get("/sign-in/?as=clerk").content.decode()
    assert PASSWORD not in text
    assert "演示" not in text


def test_the_language_of_the_account_is_taken_over_once(client: Client, clerk: User) -> None:
    enter(client)
    assert client.cookies["zx_language"].value == "en"


def test_the_language_switch_keeps_the_choice_and_stays_local(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert answer["Location"] == "/sign-in/"
    assert client.cookies["zx_language"].value == "en"
    assert client.post("/language/", {"language": "en", "next": "https://example.org/"})["Location"] == "/"
    assert client.get("/language/").status_code == 405


def test_error_pages_speak_plainly(client: Client) -> None:
    missing = client.get("/nowhere/")
    assert missing.status_code == 404
    assert "没有找到这个页面" in missing.content.decode()
    client.raise_request_exception = False
    broken_page = client.get("/broken/")
    assert broken_page.status_code == 500
    assert "系统出错了" in broken_page.content.decode()
