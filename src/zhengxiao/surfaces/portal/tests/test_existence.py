"""Signing in tells nobody whether an account exists: same bytes, same headers, same hashes, same statements."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from zhengxiao.kernel.access.testing import SampleOrg, sample_org
from zhengxiao.kernel.identity.api import User, user_disable
from zhengxiao.kernel.signin.api import Origin, factor_begin, factor_confirm
from zhengxiao.kernel.signin.tests.test_factors import code_of
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.surfaces.portal.tests.test_door import PASSWORD, T0, clock, enter  # noqa: F401

pytestmark = pytest.mark.django_db
NOBODY = "nobody-of-that-name"
TRIES = {
    # who is tried: with which password; none of them comes in
    "clerk": "wrong",  # an account like any other
    NOBODY: "wrong",  # none
    "leader": PASSWORD,  # closed, and the password is the right one
    "auditor": "wrong",  # owes a second factor
    "supervisor": "wrong",  # has no password here: comes in at the office's own provider
    "head": "wrong",  # has a second factor
}
RANDOM = {"Set-Cookie", "X-Request-ID", "X-Request-Id", "Content-Security-Policy"}


@pytest.fixture
def org(settings: Settings, clock: Any) -> SampleOrg:  # noqa: F811
    settings.ZX_SECOND_FACTOR_ROLES = ["auditor"]
    made = sample_org(password=PASSWORD)
    user_disable(user_id=made.users[Role.LEADER].pk, actor=SYSTEM, at=T0)
    keyless = made.users[Role.SUPERVISOR]
    keyless.set_unusable_password()
    User.objects.filter(pk=keyless.pk).update(password=keyless.password)
    head = made.users[Role.DEPARTMENT_HEAD]
    secret = factor_begin(user=head, at=T0)
    factor_confirm(
        user=head,
        code=code_of(secret, T0),
        origin=Origin("198.51.100.7"),
        actor=made.actor(Role.DEPARTMENT_HEAD),
        at=T0,
    )
    return made


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the hasher is asked to compute."""
    asked: list[str] = []
    real = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        asked.append(password)
        return real(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return asked


def heard(name: str, password: str, client: Client) -> tuple[Any, ...]:
    """What somebody who tries can see: status, headers, names of cookies, bytes; without what is random or was typed."""
    enter(name, password, client=client)
    last: Any = client.last  # type: ignore[attr-defined]
    random = rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"|nonce="[^"]+"'
    typed = f'value="{name}"'.encode()
    body = re.sub(random, b"", last.content).replace(typed, b"")
    headers = {key: value for key, value in last.headers.items() if key not in RANDOM | {"Content-Length"}}
    length = len(last.content) - last.content.count(typed) * len(typed)
    return last.status_code, headers, length, sorted(last.cookies), body


def test_every_kind_of_account_and_none_answer_with_the_same_bytes_up_to_the_lock(org: SampleOrg) -> None:
    answers = {}
    for name, password in TRIES.items():
        client = Client()
        answers[name] = [heard(name, password, client) for _ in range(12)]
    assert [answer[0] for answer in answers[NOBODY]] == [422] * 10 + [429] * 2
    assert [name for name in TRIES if answers[name] != answers[NOBODY]] == []


def test_every_kind_of_account_and_none_cost_one_hash_and_the_same_statements(
    org: SampleOrg, hashes: list[str]
) -> None:
    found = {}
    for name, password in TRIES.items():
        hashes.clear()
        with CaptureQueriesContext(connection) as queries:
            enter(name, password)
        kinds = [query["sql"].split()[0] for query in queries.captured_queries]
        found[name] = (len(hashes), kinds)
    assert found[NOBODY][0] == 1
    assert {name: told for name, told in found.items() if told != found[NOBODY]} == {}


def test_a_closed_door_computes_no_hash_for_anybody(org: SampleOrg, hashes: list[str]) -> None:
    for name, password in TRIES.items():
        client = Client()
        for _ in range(10):
            enter(name, password, client=client)
        hashes.clear()
        enter(name, password, client=client)
        assert (name, hashes) == (name, [])
