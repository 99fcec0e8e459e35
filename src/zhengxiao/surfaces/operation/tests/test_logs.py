"""The canary: a person's number, phone and name are typed everywhere, and the log holds none of them."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import include, path

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.identity.api import user_create
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.surfaces.operation.logs import blotted
from zhengxiao.surfaces.operation.tests.test_pages import AT

NUMBER, PHONE, NAME, SECRET = "11010519491231002X", "13800138000", "王示例", "Correct-Horse-9"
CANARIES = (NUMBER, PHONE, NAME, SECRET, "%E7%8E%8B", "\\u738b")
Lines = Callable[[], list[dict[str, Any]]]


@page(public=True)
def broken(request: HttpRequest) -> None:
    raise IntegrityError(f"Key (name, id_number)=({NAME}, {NUMBER}) already exists")


@page(public=True)
def doubted(request: HttpRequest) -> None:
    logging.getLogger("zhengxiao.somewhere").warning("call %s about %s", PHONE, NUMBER)
    raise ValueError(NAME)


handler500 = "zhengxiao.surfaces.operation.web.views.server_error"


urlpatterns = [
    path("broken/", broken, name="broken"),
    path("doubted/", doubted, name="doubted"),
    path("", include("zhengxiao.config.urls")),
]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_no_line_holds_what_a_person_typed(written: io.StringIO, lines: Lines) -> None:
    user_create(username="clerk-1", display_name=NAME, password=SECRET, actor=SYSTEM, at=AT)
    client = Client(raise_request_exception=False, enforce_csrf_checks=False)
    query = f"?q={NAME}&id={NUMBER}&phone={PHONE}"
    form = {"username": PHONE, "password": SECRET, "next": f"/cases/{query}"}
    for address in (
        "/",
        "/sign-in/",
        "/healthz",
        "/readyz",
        "/cases/",
        f"/none/{NUMBER}/{NAME}",
        "/broken/",
        "/doubted/",
    ):
        client.get(address + query, headers={"User-Agent": NAME, "Referer": f"http://testserver/{query}"})
        client.post(address + query, form)
    client.post("/sign-in/", {"username": "clerk-1", "password": SECRET})
    client.get(f"/desk/{query}")
    client.get("/", headers={"Host": f"{PHONE}.{NUMBER}.example"})
    client.get("/", headers={"X-Request-ID": f"{NUMBER}-{PHONE}"})
    Client(enforce_csrf_checks=True).post(f"/sign-in/{query}", form)
    text = written.getvalue()
    assert len(lines()) > 20
    assert [canary for canary in CANARIES if canary in text] == []


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_an_error_of_ours_is_told_with_type_place_and_request(lines: Lines) -> None:
    answer = Client(raise_request_exception=False).get("/broken/")
    [told] = [line for line in lines() if "error" in line]
    assert (told["event"], told["status"], told["error"]) == ("django.request", 500, "IntegrityError")
    assert any(place.endswith(" broken") for place in told["places"])
    assert told["request_id"] == answer.headers["X-Request-ID"]
    assert answer.headers["X-Request-ID"] in answer.content.decode()


@pytest.mark.django_db
def test_a_request_is_one_line_with_route_status_and_time(lines: Lines) -> None:
    answer = Client().get("/healthz")
    [told] = [line for line in lines() if line["logger"] == "zhengxiao.requests"]
    assert (told["method"], told["route"], told["status"]) == ("GET", "operation:alive", 200)
    assert told["request_id"] == answer.headers["X-Request-ID"]
    assert told["ms"] >= 0


@pytest.mark.parametrize(
    "given", ["0123456789abcdef0123456789abcdef", "b3a1c4de-1111-4222-8333-123456789abc"]
)
@pytest.mark.django_db
def test_a_well_formed_request_id_is_kept(given: str) -> None:
    assert Client().get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", NUMBER, PHONE, "a" * 33, "x" * 32, "<script>", "A" * 32])
@pytest.mark.django_db
def test_any_other_request_id_is_replaced(given: str) -> None:
    made = Client().get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert made != given
    assert len(made) == 32


@pytest.mark.django_db
def test_a_page_that_is_not_there_shows_the_request_id() -> None:
    answer = Client().get("/nowhere/")
    assert answer.status_code == 404
    assert answer.headers["X-Request-ID"] in answer.content.decode()


@pytest.mark.parametrize(
    "text", [NUMBER, "110105491231002", PHONE, "138 0013 8000", "+86 138-0013-8000", "8613800138000"]
)
def test_numbers_of_persons_and_phones_are_blotted(text: str) -> None:
    assert blotted(f"about {text}, then") == "about ***, then"


@pytest.mark.parametrize(
    "text", ["case 20260521000123456789012", "job 1234", "took 12345 ms", "0123456789abcdef"]
)
def test_other_numbers_stay(text: str) -> None:
    assert blotted(text) == text


def test_the_request_middleware_is_outermost() -> None:
    assert django_settings.MIDDLEWARE[0].endswith("RequestMiddleware")
