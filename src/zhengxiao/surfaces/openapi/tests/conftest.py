from __future__ import annotations

import json
import secrets
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client as Browser

from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.kernel.access.api import policy_matrix
from zhengxiao.kernel.identity.api import User
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.surfaces.openapi.limits import BUCKETS
from zhengxiao.surfaces.openapi.models import ApiClient, IdempotencyKey
from zhengxiao.surfaces.openapi.services import client_register, token_issue
from zhengxiao_client import Client

ROOT = Path(__file__).resolve().parents[5]
NOW = datetime(2026, 3, 26, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
"""Thursday."""
CASES = ("cases.view", "cases.receive", "cases.accept", "cases.review", "cases.decide", "cases.assign")
EVERYTHING = tuple(sorted({row.action for row in policy_matrix()}))
"""All scopes there are: what a call may then do is up to the posts."""
LONG = 16
"""Bytes, or signs, from which on something drawn at random is a secret."""


@dataclass
class Api:
    """The interface as one client sees it: plain requests, and the generated client over the same door."""

    token: str
    keys: int = 0
    browser: Browser = field(default_factory=lambda: Browser(raise_request_exception=False))

    def send(
        self, method: str, path: str, body: Any = None, *, key: str | None = "", **headers: str
    ) -> HttpResponse:
        self.keys += 1
        told = {"Authorization": f"Bearer {self.token}", **headers}
        if method == "POST" and key is not None:
            told["Idempotency-Key"] = key or f"key-{self.keys}"
        data = body if isinstance(body, (str, bytes)) else "" if body is None else json.dumps(body)
        kind = told.pop("Content-Type", "application/json" if body is not None else "")
        return self.browser.generic(method, f"/api/v1{path}", data, content_type=kind, headers=told)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, *, key: str | None = "", **headers: str) -> HttpResponse:
        return self.send("POST", path, body, key=key, **headers)

    @property
    def client(self) -> Any:
        def transport(method: str, address: str, headers: Any, body: bytes | None) -> Any:
            given = dict(headers)
            kind = given.pop("Content-Type", "")
            sent = self.browser.generic(method, address, body or b"", content_type=kind, headers=given)
            return sent.status_code, dict(sent.headers), sent.content

        return Client("/api/v1", self.token, transport=transport, wait=lambda seconds: None)


@pytest.fixture(autouse=True)
def _full_buckets() -> None:
    BUCKETS.clear()


@pytest.fixture(autouse=True)
def nothing_secret_is_kept(request, monkeypatch) -> Iterator[None]:
    """After every test here: nothing that was drawn at random by whatever operations it called lies in a kept answer."""
    drawn: list[bytes] = []
    signs: list[str] = []

    def noted(draw: Any, made: Callable[[Any], bytes]) -> Any:
        def noting(*given: Any) -> Any:
            value = draw(*given)
            drawn.append(made(value))
            return value

        return noting

    def choosing(letters: Any, choose: Any = secrets.choice) -> Any:
        signs.append(str(choose(letters)))
        return signs[-1]

    monkeypatch.setattr(secrets, "token_bytes", noted(secrets.token_bytes, bytes))
    monkeypatch.setattr(secrets, "token_hex", noted(secrets.token_hex, bytes.fromhex))
    monkeypatch.setattr(secrets, "token_urlsafe", noted(secrets.token_urlsafe, lambda text: _urlsafe(text)))
    monkeypatch.setattr(secrets, "choice", choosing)
    yield
    if "db" in request.fixturenames:
        kept = list(IdempotencyKey.objects.values_list("target", "body"))
        assert found_in(kept, drawn, "".join(signs)) == []


def found_in(kept: Sequence[tuple[str, str]], drawn: Sequence[bytes], signs: str) -> list[str]:
    """The calls whose kept answer tells something drawn, in any of its spellings."""
    spelled = {signs[place : place + LONG] for place in range(len(signs) - LONG + 1)}
    for raw in drawn:
        if len(raw) >= LONG:
            spelled |= {raw.hex(), b64encode(raw).decode(), urlsafe_b64encode(raw).decode().rstrip("=")}
    return [target for target, body in kept if any(text in body for text in spelled)]


def _urlsafe(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
def world(db, settings) -> CaseWorld:
    settings.ZX_MOMENT = NOW
    return case_world()


def make_api(world: CaseWorld, who: Role | str | User, scopes: tuple[str, ...] = EVERYTHING) -> Api:
    org = world.org
    user = who if isinstance(who, User) else org.users[who] if isinstance(who, Role) else org.neighbours[who]
    at = NOW - timedelta(days=1)
    name = f"{user.username} {ApiClient.objects.count()}"
    client = client_register(name=name, owner=org.market, user=user, scopes=scopes, actor=SYSTEM, at=at)
    return Api(token_issue(client=client, days=30, actor=SYSTEM, at=at)[1])


@pytest.fixture
def api_for(world) -> Callable[..., Api]:
    return lambda who, scopes=EVERYTHING: make_api(world, who, scopes)


@pytest.fixture
def intake(world) -> dict[str, Any]:
    return {
        "item": world.item.code,
        "applicant_name": "示例建设有限公司",
        "unit": "A-MARKET-S1",
        "window": "A-MARKET-W1",
        "materials": [{"name": "申请表"}],
    }
