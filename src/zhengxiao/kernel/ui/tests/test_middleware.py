from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from zhengxiao.kernel.ui.api import FastClock, FixedClock, WallClock, request_clock

pytestmark = [pytest.mark.django_db, pytest.mark.urls("zhengxiao.kernel.ui.tests.urls")]
HTMX = {"HX-Request": "true"}
AT = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)


def test_the_moment_of_a_request_comes_from_the_clock_in_the_settings(
    window: Client, settings: Settings
) -> None:
    settings.ZX_MOMENT = AT
    assert window.get("/plain/").content.decode() == "2026-11-20T01:30:00+00:00 读者示例"


def test_without_a_setting_the_moment_is_now(window: Client) -> None:
    text = window.get("/plain/").content.decode().split()[0]
    assert abs(datetime.fromisoformat(text) - WallClock().now()) < timedelta(minutes=5)


def test_clocks_are_shifted_fixed_or_fast(settings: Settings) -> None:
    settings.ZX_MOMENT = timedelta(days=-7)
    assert request_clock() == WallClock(timedelta(days=-7))
    settings.ZX_MOMENT = FixedClock(AT)
    assert request_clock().now() == AT
    now = WallClock().now()
    assert FastClock(AT, speed=1000, begun=now - timedelta(seconds=60)).now() > AT + timedelta(hours=16)


@pytest.mark.parametrize("nonsense", [datetime(2026, 11, 20), "morgen"])  # noqa: DTZ001
def test_a_clock_that_makes_no_sense_stops_the_start(nonsense: object, settings: Settings) -> None:
    settings.ZX_MOMENT = nonsense
    with pytest.raises(ImproperlyConfigured):
        request_clock()


def test_somebody_not_signed_in_is_an_actor_without_posts(client: Client) -> None:
    assert client.get("/plain/").status_code == 200


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("stale", 409, "该记录刚被他人更新"),
        ("kept", 403, "您的岗位没有“受理”的权限"),
        ("limit", 422, "承诺时限 30 日长于法定时限。"),
    ],
)
def test_a_refusal_becomes_a_page_in_words(kind: str, status: int, words: str, window: Client) -> None:
    answer = window.get(f"/refuse/{kind}/")
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "<html" in answer.content.decode()


def test_a_refusal_becomes_a_message_for_htmx(window: Client) -> None:
    answer = window.get("/refuse/stale/", headers=HTMX)
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#messages"
    assert answer["HX-Reswap"] == "innerHTML"
    assert "<html" not in answer.content.decode()


def test_an_error_page_shrinks_to_a_message_for_htmx(window: Client) -> None:
    answer = window.get("/nowhere/", headers=HTMX)
    assert answer.status_code == 404
    assert answer["HX-Retarget"] == "#messages"
    assert "没有找到这条记录" in answer.content.decode()


def test_a_boosted_link_gets_the_whole_page(window: Client) -> None:
    answer = window.get("/people/", headers={**HTMX, "HX-Boosted": "true"})
    assert "<html" in answer.content.decode()
    assert "HX-Request" in answer["Vary"]
