"""A machine client may do what its scopes and its person's posts both allow: every pair, at the next call."""

from __future__ import annotations

import re

import pytest

from zhengxiao.kernel.access.api import allows
from zhengxiao.kernel.identity.api import user_disable
from zhengxiao.kernel.orgs.api import Post, local_day, post_end
from zhengxiao.kernel.signin.api import Origin, SecondFactorMissing, factor_begin, factor_confirm
from zhengxiao.kernel.signin.tests.test_factors import code_of
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.surfaces.openapi import document
from zhengxiao.surfaces.openapi.models import ApiClient
from zhengxiao.surfaces.openapi.services import token_issue, token_revoke
from zhengxiao.surfaces.openapi.tests.conftest import EVERYTHING, NOW

READS = {
    path.removeprefix("/api/v1"): methods["GET"].actions
    for path, methods in document.rules().items()
    if "GET" in methods and "{" not in path
}


@pytest.mark.parametrize("role", Role)
def test_a_call_passes_when_scope_and_post_both_allow_it(api_for, world, role):
    assert len(READS) >= 5
    actor = world.org.actor(role)
    everything = api_for(role)
    nothing = api_for(role, ("openapi.due",))
    for path, actions in READS.items():
        may = all(allows(actor, action) for action in actions)
        narrow = api_for(role, actions)
        told = [api.get(path).status_code == 403 for api in (everything, narrow, nothing)]
        assert told == [not may, not may, True], (path, role)


WRITES = {
    path.removeprefix("/api/v1"): methods["POST"]
    for path, methods in document.rules().items()
    if "POST" in methods
}
NOWHERE = re.compile(r"\{\w+\}")


@pytest.mark.parametrize("role", Role)
def test_a_verb_is_tried_only_when_scope_and_post_both_allow_it(api_for, world, role):
    """Every operation that writes, with nothing to write on: who may not is told so before anything is looked for."""
    assert len(WRITES) >= 40
    actor, everything = world.org.actor(role), api_for(role)
    for path, rules in WRITES.items():
        may = all(allows(actor, action) for action in rules.actions)
        kind = rules.body or ""
        body = "{}" if kind == "application/json" else ""
        answer = everything.send("POST", NOWHERE.sub("999999", path), body, **{"Content-Type": kind})
        refused = answer.status_code == 403 and answer.json()["code"] == "NotPermitted"
        assert (path, role, refused) == (path, role, not may), answer.content
        assert answer.status_code < 500


def test_rights_that_end_are_gone_at_the_next_call(api_for, world):
    api, user = api_for(Role.APPROVER), world.org.users[Role.APPROVER]
    assert api.get("/cases").status_code == 200
    for post in Post.objects.filter(user=user):
        post_end(post_id=post.pk, on=local_day(NOW), actor=SYSTEM, at=NOW)
    assert api.get("/cases").status_code == 403
    user_disable(user_id=user.pk, actor=SYSTEM, at=NOW)
    assert api.get("/cases").status_code == 401


def test_a_token_taken_back_opens_nothing_at_the_next_call(api_for, world):
    api = api_for(Role.APPROVER)
    assert api.get("/cases").status_code == 200
    token_revoke(prefix=api.token.split("_")[1], actor=SYSTEM, at=NOW)
    assert api.get("/cases").status_code == 401


def test_who_owes_a_second_factor_gets_a_token_after_it_is_set(api_for, world, settings):
    settings.ZX_SECOND_FACTOR_ROLES = ["auditor"]
    settings.ZX_OIDC_ACR = []
    user = world.org.users[Role.AUDITOR]
    unit = world.org.office
    client = ApiClient.objects.create(name="audit", owner=unit, user=user, scopes=EVERYTHING, created_at=NOW)
    with pytest.raises(SecondFactorMissing):
        token_issue(client=client, days=30, actor=SYSTEM, at=NOW)
    secret = factor_begin(user=user, at=NOW)
    factor_confirm(
        user=user,
        code=code_of(secret, NOW),
        origin=Origin("127.0.0.1"),
        actor=world.org.actor(Role.AUDITOR),
        at=NOW,
    )
    token_issue(client=client, days=30, actor=SYSTEM, at=NOW)
    api_for(Role.APPROVER)
