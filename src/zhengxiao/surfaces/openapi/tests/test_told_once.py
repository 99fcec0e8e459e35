"""A secret is told once: the answer kept for retries does not hold it."""

from __future__ import annotations

import importlib
import json
from base64 import urlsafe_b64encode

import pytest
from django.apps import apps

from zhengxiao.kernel.webhooks.models import TargetSecret, WebhookTarget
from zhengxiao.lib.actors import Role
from zhengxiao.surfaces.openapi.document import document, rules
from zhengxiao.surfaces.openapi.models import IdempotencyKey
from zhengxiao.surfaces.openapi.tests.conftest import found_in

SECRET_WORDS = ("secret", "token", "password", "passcode", "salt")


@pytest.fixture
def admin(api_for):
    return api_for(Role.SYSTEM_ADMIN)


@pytest.fixture
def target(world):
    return {
        "name": "示例交换", "owner": world.org.market.code, "account": world.org.users[Role.SUPERVISOR].username,
        "url": "https://example.invalid/events", "facts": "cases.decided",
    }  # fmt: skip


def test_the_secret_of_a_target_is_told_once_and_a_retry_says_that_it_is_gone(admin, target):
    first, again = (admin.post("/webhooks", target, key="k") for _ in range(2))
    assert first.status_code == again.status_code == 201, first.content
    assert first.json()["secret"].startswith("whsec_")
    assert again.json() == first.json() | {"secret": None}
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert WebhookTarget.objects.count() == TargetSecret.objects.count() == 1


def test_whoever_lost_the_answer_rotates_and_gets_another(admin, target):
    lost = admin.post("/webhooks", target).json()
    path = f"/webhooks/{lost['id']}/rotate-secret"
    fresh, again = (admin.post(path, key="r") for _ in range(2))
    assert fresh.status_code == again.status_code == 200, fresh.content
    assert fresh.json()["secret"] not in {None, lost["secret"]}
    assert again.json() == fresh.json() | {"secret": None}
    assert TargetSecret.objects.count() == 2
    kept = " ".join(IdempotencyKey.objects.values_list("body", flat=True))
    assert "whsec_" not in kept
    for told in (lost, fresh.json()):
        assert told["secret"].removeprefix("whsec_") not in kept


def test_every_member_that_sounds_like_a_secret_is_declared_as_told_once():
    """The canary of this folder watches what is called; this watches what is declared."""
    models = document()["components"]["schemas"]
    found, declared = set(), set()
    for methods in document()["paths"].values():
        for operation in methods.values():
            if not operation.get("x-writes"):
                continue
            name = operation["operationId"]
            declared |= {(name, member) for member in operation.get("x-told-once", ())}
            found |= {(name, member) for member in _members(operation["responses"], models)}
    assert found == declared == {("create_webhook", "secret"), ("rotate_secret_webhook", "secret")}
    assert rules()["/api/v1/webhooks"]["POST"].told_once == ("secret",)


def _members(value, models):
    """Names of members of the answers that sound like secrets, through every model they refer to."""
    seen, waiting, names = set(), [value], set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            model = str(part.get("$ref", "")).rpartition("/")[2]
            if model and model not in seen:
                seen.add(model)
                waiting.append(models[model])
            names |= {
                name for name in part.get("properties", {}) if any(word in name for word in SECRET_WORDS)
            }
            waiting += part.values()
    return names


def test_the_canary_knows_a_secret_in_every_spelling():
    raw = bytes(range(200, 232))
    code = "ABCDEFGHJKLMNPQRSTUVWXYZ23"
    for text in (raw.hex(), "whsec_yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5uc=", f"zx_{_url(raw)}"):
        assert found_in([("POST /x", json.dumps({"told": text}))], [raw], "") == ["POST /x"]
    assert found_in([("POST /x", json.dumps({"told": code}))], [], f"Q{code}Z") == ["POST /x"]
    assert found_in([("POST /x", "{}")], [raw], code) == []


def _url(raw):
    return urlsafe_b64encode(raw).decode().rstrip("=")


def test_an_upgrade_forgets_the_secrets_that_were_kept_before(admin, target):
    told = admin.post("/webhooks", target, key="k").json()
    IdempotencyKey.objects.update(body=json.dumps(told))
    other = IdempotencyKey.objects.get()
    other.pk, other.key, other.target = None, "x", "POST /api/v1/cases"
    other.body = '{"secret": "of no target"}'
    other.save()
    step = importlib.import_module("zhengxiao.surfaces.openapi.migrations.0002_secrets_are_not_kept")
    step.forget_secrets(apps, None)
    assert json.loads(IdempotencyKey.objects.get(key="k").body) == told | {"secret": None}
    assert IdempotencyKey.objects.get(key="x").body == other.body
