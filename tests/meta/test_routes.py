"""Every page states who may open it, and keeps strangers out."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client

from tests.meta.routes import FRAMEWORK_VIEWS, policy_of, routes, view_name


def test_the_walk_finds_routes() -> None:
    assert list(routes())


def test_every_route_has_a_policy() -> None:
    bare = [a for a, entry in routes() if policy_of(entry.callback) is None]
    allowed = [a for a, entry in routes() if view_name(entry.callback) in FRAMEWORK_VIEWS]
    assert sorted(set(bare) - set(allowed)) == []


def test_every_policy_names_a_declared_action() -> None:
    from zhengxiao.kernel.access import api as access

    known = {row.action for row in access.policy_matrix()}
    wanted = {policy_of(entry.callback) for _address, entry in routes()} - {None, "public"}
    assert sorted(str(action) for action in wanted if action not in known) == []


@pytest.mark.django_db
def test_a_stranger_is_sent_to_the_sign_in_page_or_asked_for_a_token() -> None:
    sign_in = resolve_url(settings.LOGIN_URL)
    opened = []
    for address, entry in routes():
        if policy_of(entry.callback) in {None, "public"}:
            continue
        for send in (Client().get, Client().post):
            response = send(address)
            if response.status_code == 405:
                continue
            if response.status_code == 401 and "WWW-Authenticate" in response.headers:
                continue  # the interface for machines: a token, no sign-in page
            if response.status_code != 302 or not response.headers["Location"].startswith(sign_in):
                opened.append(f"{address}: {response.status_code}")
    assert opened == []


def test_a_view_without_a_policy_is_seen() -> None:
    def bare(request: object) -> None: ...

    def open_to_all(request: object) -> None: ...

    open_to_all.access_public = True  # type: ignore[attr-defined]
    assert policy_of(bare) is None
    assert policy_of(open_to_all) == "public"
