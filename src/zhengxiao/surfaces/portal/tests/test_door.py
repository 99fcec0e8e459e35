"""Sessions, second factor, password rules and the password again, as somebody at a browser meets them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from zhengxiao.kernel.access.testing import SampleOrg, sample_org
from zhengxiao.kernel.identity.api import User, password_reset, user_disable
from zhengxiao.kernel.orgs.api import post_end
from zhengxiao.kernel.signin.api import Session, factor_begin, factor_reset
from zhengxiao.kernel.signin.tests.test_factors import code_of
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import SYSTEM, Role

pytestmark = pytest.mark.django_db
PASSWORD = "plain-enough-to-read-7"
NEW = "another-long-word-9"
T0 = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


@pytest.fixture
def org() -> SampleOrg:
    return sample_org(password=PASSWORD)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(T0, tick=False) as traveller:
        yield traveller


def enter(
    username: str = "clerk", password: str = PASSWORD, client: Client | None = None, **more: Any
) -> Any:
    client = client or Client()
    client.last = client.post("/sign-in/", {"username": username, "password": password}, **more)  # type: ignore[attr-defined]
    return client


def told(client: Client, address: str = "/desk/") -> str:
    """Where the address leads: "" when it opens."""
    answer = client.get(address)
    return answer.headers.get("Location", "").partition("?")[0] if answer.status_code == 302 else ""


def facts(*names: str) -> list[str]:
    found = Entry.objects.filter(fact__startswith="identity.").order_by("id").values_list("fact", flat=True)
    return [fact for fact in found if not names or fact in names]


# ---------------------------------------------------------------- sessions
def test_signing_out_ends_the_session_on_the_server(org: SampleOrg, clock: Any) -> None:
    client = enter()
    stolen = Client()
    stolen.cookies["zx_session"] = client.cookies["zx_session"].value
    assert told(stolen) == ""
    client.post("/sign-out/")
    assert told(stolen) == "/sign-in/"
    assert Session.objects.count() == 0
    assert facts() == ["identity.signed_in", "identity.signed_out"]


def test_the_same_person_signing_in_again_gets_a_new_session(org: SampleOrg, clock: Any) -> None:
    client = enter()
    before = client.session.session_key
    enter(client=client)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.parametrize(("minutes", "where"), [(29, ""), (31, "/sign-in/")])
def test_a_session_without_requests_ends_after_half_an_hour(
    org: SampleOrg, clock: Any, minutes: int, where: str
) -> None:
    client = enter()
    clock.move_to(T0 + timedelta(minutes=minutes))
    assert told(client) == where
    if where:
        assert "长时间没有操作" in client.get("/sign-in/").content.decode()
        assert facts("identity.signed_out") == ["identity.signed_out"]


def test_a_session_that_is_used_all_day_ends_after_twelve_hours(org: SampleOrg, clock: Any) -> None:
    client = enter()
    for minute in range(29, 12 * 60, 29):
        clock.move_to(T0 + timedelta(minutes=minute))
        assert told(client, "/account/") == ""
    clock.move_to(T0 + timedelta(hours=12))
    assert told(client, "/account/") == "/sign-in/"


def test_reading_pages_writes_the_session_once_a_minute(org: SampleOrg, clock: Any) -> None:
    client = enter()
    client.get("/account/")
    with statements() as seen:
        client.get("/account/")
    assert not any("UPDATE" in sql for sql in seen)
    clock.shift(timedelta(seconds=61))
    with statements() as seen:
        client.get("/account/")
    assert sum("UPDATE" in sql and "signin_session" in sql for sql in seen) == 1


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is sent to the database in between."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield found
    found += [query["sql"] for query in queries.captured_queries]


def test_so_many_sessions_at_once_and_the_oldest_ends(org: SampleOrg, clock: Any, settings: Settings) -> None:
    settings.ZX_SESSIONS_AT_ONCE = 2
    clients = []
    for _ in range(3):
        clients.append(enter())
        clock.shift(timedelta(seconds=5))
    assert [told(client) for client in clients] == ["/sign-in/", "", ""]
    assert facts("identity.sessions_ended") == ["identity.sessions_ended"]


def test_one_ends_ones_own_sessions_one_or_all_and_nobody_elses(org: SampleOrg, clock: Any) -> None:
    here, there, third, stranger = enter(), enter(), enter(), enter("approver")
    page = here.get("/account/").content.decode()
    marks = re.findall(r'name="session" value="([0-9a-f]+)"', page)
    assert len(marks) == 2
    for key in Session.objects.values_list("session_key", flat=True):
        assert key not in page
    stranger.post("/account/sessions/", {"session": marks[0]})
    assert [told(client) for client in (there, third)] == ["", ""]
    here.post("/account/sessions/", {"session": marks[0]})
    assert sorted(told(client) for client in (there, third)) == ["", "/sign-in/"]
    here.post("/account/sessions/", {})
    assert [told(client) for client in (here, there, third, stranger)] == ["", "/sign-in/", "/sign-in/", ""]


def test_rights_that_end_are_gone_at_the_next_request(org: SampleOrg, clock: Any) -> None:
    client = enter()
    user = org.users[Role.WINDOW_CLERK]
    assert client.get("/cases/").status_code == 200
    post_end(post_id=user.posts.get().pk, on=T0.date(), actor=SYSTEM, at=T0)  # type: ignore[attr-defined]
    assert client.get("/cases/").status_code == 403
    assert told(client, "/account/") == ""
    user_disable(user_id=user.pk, actor=SYSTEM, at=T0)
    assert told(client, "/account/") == "/sign-in/"


# ---------------------------------------------------------------- lock-out
def test_the_door_says_when_it_opens_again_and_keeps_a_known_browser_apart(
    org: SampleOrg, clock: Any
) -> None:
    known = enter()
    known.post("/sign-out/")
    stranger = Client()
    for _ in range(10):
        enter(password="wrong", client=stranger)
        assert stranger.last.status_code == 422  # type: ignore[attr-defined]
    enter(client=stranger)
    assert stranger.last.status_code == 429  # type: ignore[attr-defined]
    assert stranger.last.headers["Retry-After"] == "900"  # type: ignore[attr-defined]
    assert "暂停到 10:15:00" in stranger.last.content.decode()  # type: ignore[attr-defined]
    enter(client=known)
    assert told(known) == ""


def test_a_known_and_an_unknown_name_hear_the_same_until_the_end(org: SampleOrg, clock: Any) -> None:
    answers: dict[str, list[tuple[int, str, str]]] = {}
    for name in ("clerk", "nobody-of-that-name"):
        client = Client()
        for _ in range(12):
            enter(name, "wrong", client=client)
            last = client.last  # type: ignore[attr-defined]
            text = re.sub(
                r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", last.content.decode()
            )
            answers.setdefault(name, []).append(
                (last.status_code, last.headers.get("Retry-After", ""), text.replace(name, ""))
            )
    assert answers["clerk"] == answers["nobody-of-that-name"]


@pytest.mark.parametrize("proxied", [True, False])
def test_addresses_behind_our_proxy_are_told_apart_and_a_strangers_header_is_not_believed(
    org: SampleOrg, clock: Any, proxied: bool
) -> None:
    peer = "127.0.0.1" if proxied else "203.0.113.5"
    for _n in range(10):
        enter(password="wrong", REMOTE_ADDR=peer, headers={"X-Forwarded-For": "198.51.100.1"})
    other = enter(REMOTE_ADDR=peer, headers={"X-Forwarded-For": "198.51.100.2"})
    assert other.last.status_code == (302 if proxied else 429)


# ---------------------------------------------------------------- second factor
@pytest.fixture
def owing(settings: Settings) -> None:
    settings.ZX_SECOND_FACTOR_ROLES = ["auditor", "security_admin", "system_admin", "supervisor"]


def test_nothing_opens_before_the_second_factor_is_set_up(org: SampleOrg, clock: Any, owing: None) -> None:
    client = enter("auditor")
    for address in ("/desk/", "/cases/", "/account/", "/account/password/", "/items/", "/console/calendar/"):
        assert told(client, address) == "/account/factor/", address
    fragment = client.get("/cases/", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"].startswith("/account/factor/")
    assert client.post("/account/sessions/").headers["Location"].startswith("/account/factor/")
    page = client.get("/account/factor/").content.decode()
    assert "data:image/svg+xml" in page
    secret = factor_begin(user=org.users[Role.AUDITOR], at=T0)
    done = client.post("/account/factor/", {"code": code_of(secret, T0)})
    assert len(re.findall(r"<code>[2-9A-Z]{5}-[2-9A-Z]{5}</code>", done.content.decode())) == 10
    assert "no-store" in done.headers["Cache-Control"]
    assert told(client, "/cases/") == ""
    assert told(enter("clerk"), "/cases/") == ""


def test_the_password_alone_opens_nothing_once_the_factor_is_set(
    org: SampleOrg, clock: Any, owing: None
) -> None:
    client = enter("auditor")
    secret = factor_begin(user=org.users[Role.AUDITOR], at=T0)
    client.post("/account/factor/", {"code": code_of(secret, T0)})
    later = T0 + timedelta(minutes=2)
    clock.move_to(later)
    second = enter("auditor")
    assert second.last.headers["Location"] == "/sign-in/second/"
    assert "_auth_user_id" not in second.session
    assert told(second) == "/sign-in/"
    planted = second.session.session_key
    assert second.post("/sign-in/second/", {"code": "12345"}).status_code == 422
    came = second.post("/sign-in/second/", {"code": code_of(secret, later)})
    assert came.headers["Location"] == "/desk/"
    assert second.session.session_key != planted
    assert told(second, "/cases/") == ""
    assert facts("identity.second_factor_set", "identity.second_factor_refused") == [
        "identity.second_factor_set",
        "identity.second_factor_refused",
    ]


def test_a_session_that_came_in_without_the_factor_is_asked_for_it(
    org: SampleOrg, clock: Any, owing: None
) -> None:
    client = enter("auditor")
    secret = factor_begin(user=org.users[Role.AUDITOR], at=T0)
    client.post("/account/factor/", {"code": code_of(secret, T0)})
    other = Client()
    other.force_login(org.users[Role.AUDITOR])
    clock.shift(timedelta(minutes=2))
    assert told(other) == "/sign-in/second/"
    other.post("/sign-in/second/", {"code": code_of(secret, T0 + timedelta(minutes=2))})
    assert told(other) == ""


def test_the_second_step_lapses_after_five_minutes_and_with_the_password(
    org: SampleOrg, clock: Any, owing: None
) -> None:
    first = enter("auditor")
    user = org.users[Role.AUDITOR]
    secret = factor_begin(user=user, at=T0)
    first.post("/account/factor/", {"code": code_of(secret, T0)})
    late, reset = enter("auditor"), enter("auditor")
    password_reset(user_id=user.pk, new_password=NEW, actor=SYSTEM, at=T0)
    assert told(reset, "/sign-in/second/") == "/sign-in/"
    late = enter("auditor", NEW)
    clock.shift(timedelta(minutes=6))
    assert told(late, "/sign-in/second/") == "/sign-in/"


def test_a_factor_that_was_taken_away_ends_the_sessions(org: SampleOrg, clock: Any, owing: None) -> None:
    client = enter("auditor")
    user = org.users[Role.AUDITOR]
    client.post("/account/factor/", {"code": code_of(factor_begin(user=user, at=T0), T0)})
    assert told(client) == ""
    factor_reset(user_id=user.pk, actor=org.actor(Role.SECURITY_ADMIN), at=T0)
    assert told(client) == "/sign-in/"
    assert told(enter("auditor")) == "/account/factor/"


# ---------------------------------------------------------------- passwords
def change(client: Client, old: str = PASSWORD, new: str = NEW, again: str = "") -> Any:
    data = {"old_password": old, "password": new, "repeated": again or new}
    return client.post("/account/password/", data)


def test_one_changes_ones_password_and_other_sessions_end(org: SampleOrg, clock: Any) -> None:
    here, there = enter(), enter()
    assert change(here).headers["Location"] == "/account/"
    assert (told(here), told(there)) == ("", "/sign-in/")
    assert enter(password=NEW).last.status_code == 302
    assert facts("identity.password_changed") == ["identity.password_changed"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"old": "guess"}, "原密码不正确"),
        ({"new": "short-7"}, "密码不合要求"),
        ({"new": "qwertyuiop123"}, "密码不合要求"),
        ({"new": "clerk-of-dist"}, "密码不合要求"),
        ({"new": PASSWORD}, "用过的密码"),
        ({"again": "something-else-1"}, "不一样"),
    ],
)
def test_a_password_that_does_not_do_is_refused_in_words(
    org: SampleOrg, clock: Any, values: dict[str, str], words: str
) -> None:
    User.objects.filter(username="clerk").update(username="clerk.of.district")
    client = enter("clerk.of.district")
    answer = change(client, **values)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert enter("clerk.of.district").last.status_code == 302


def test_guessing_the_old_password_is_counted(org: SampleOrg, clock: Any) -> None:
    client = enter()
    assert [change(client, old=f"guess-{n}").status_code for n in range(11)] == [422] * 10 + [429]
    assert change(client).status_code == 429


def test_after_a_reset_nothing_opens_before_another_password_is_chosen(org: SampleOrg, clock: Any) -> None:
    password_reset(user_id=org.users[Role.WINDOW_CLERK].pk, new_password=NEW, actor=SYSTEM, at=T0)
    client = enter(password=NEW)
    for address in ("/desk/", "/cases/", "/account/"):
        assert told(client, address) == "/account/password/"
    change(client, old=NEW, new="only-mine-now-123")
    assert told(client) == ""


@pytest.mark.parametrize(
    ("role", "days", "where"),
    [("clerk", 180, ""), ("clerk", 181, "/account/password/"), ("citizen", 400, "")],
)
def test_staff_choose_another_password_after_half_a_year(
    org: SampleOrg, clock: Any, role: str, days: int, where: str
) -> None:
    User.objects.update(password_set_at=T0 - timedelta(days=days))
    assert told(enter(role), "/account/") == where


# ---------------------------------------------------------------- the password again
def test_a_grave_step_asks_for_the_password_again_after_a_while(
    org: SampleOrg, clock: Any, settings: Settings
) -> None:
    settings.ZX_PASSWORD_AGAIN_MINUTES = 15
    client = enter()
    secret = factor_begin(user=org.users[Role.WINDOW_CLERK], at=T0)
    client.post("/account/factor/", {"code": code_of(secret, T0)})
    assert told(client, "/account/factor/codes/") == ""
    clock.shift(timedelta(minutes=16))
    assert told(client, "/account/") == ""
    assert told(client, "/account/factor/codes/") == "/sign-in/again/"
    before = facts("identity.recovery_codes_made")
    refused = client.post(
        "/account/factor/codes/", headers={"Referer": "http://testserver/account/factor/codes/"}
    )
    assert refused.headers["Location"] == "/sign-in/again/?next=%2Faccount%2Ffactor%2Fcodes%2F"
    assert facts("identity.recovery_codes_made") == before
    assert client.post("/sign-in/again/", {"password": "wrong"}).status_code == 422
    back = client.post("/sign-in/again/", {"password": PASSWORD, "next": "/account/factor/codes/"})
    assert back.headers["Location"] == "/account/factor/codes/"
    assert told(client, "/account/factor/codes/") == ""
    assert (
        client.post("/sign-in/again/", {"password": PASSWORD, "next": "//evil.example/"}).headers["Location"]
        == "/desk/"
    )
