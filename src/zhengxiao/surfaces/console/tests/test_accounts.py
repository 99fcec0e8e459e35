"""Pages of the three administrators: who opens what, what a verb does, and that reading the record is on record."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from zhengxiao.kernel.access.testing import SampleOrg, sample_org
from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.orgs.api import local_day
from zhengxiao.kernel.signin.api import Origin, factor_begin, factor_confirm, has_factor
from zhengxiao.kernel.signin.tests.test_factors import code_of
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import Role

pytestmark = pytest.mark.django_db
S, C, A = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR


@pytest.fixture
def org(settings: Settings) -> SampleOrg:
    org = sample_org()
    settings.ZX_MOMENT = org.at
    return org


def client_of(org: SampleOrg, role: Role) -> Client:
    client = Client()
    client.force_login(org.users[role])
    return client


def verb_address(user: User, verb: str) -> str:
    return reverse("console:account-act", args=[user.pk, verb])


VERBS = {
    "password": {S},
    "disable": {S, C},
    "unlock": {C},
    "factor": {C},
    "sign-out": {C},
}


@pytest.mark.parametrize("role", Role)
def test_each_verb_is_taken_by_the_hands_it_is_in(org: SampleOrg, role: Role) -> None:
    client, who = client_of(org, role), org.neighbours["clerk-b"]
    sees = {S, C, A}
    assert client.get(reverse("console:account", args=[who.pk])).status_code == (200 if role in sees else 403)
    post = {"role": "approver", "unit": "A-MARKET-S1", "valid_from": local_day(org.at).isoformat()}
    answers: dict[str, Any] = {
        verb: client.post(verb_address(who, verb)).status_code in {200, 302}
        for verb in VERBS
        if verb != "disable"
    }
    expected = {verb: role in hands for verb, hands in VERBS.items() if verb != "disable"}
    assert answers == expected
    given = client.post(reverse("console:account-post", args=[who.pk]), post).status_code
    assert (given == 302) == (role is C)
    held = who.posts.order_by("pk")[0]  # type: ignore[attr-defined]
    ended = client.post(reverse("console:account-post-end", args=[who.pk, held.pk])).status_code
    assert (ended == 302) == (role is C)
    assert (client.post(verb_address(who, "disable")).status_code == 302) == (role in VERBS["disable"])
    assert (client.post(verb_address(who, "enable")).status_code == 302) == (role is S)
    by_role = Entry.objects.filter(actor=org.users[role])
    assert by_role.exists() == (role in {S, C})


def test_an_account_is_opened_with_a_password_shown_once_and_given_a_post_by_another(org: SampleOrg) -> None:
    sysadmin, secadmin = client_of(org, S), client_of(org, C)
    data = {"username": "he", "display_name": "何示例", "phone": "13800001234", "language": "zh-hans"}
    page = sysadmin.post(reverse("console:account-new"), data).content.decode()
    (word,) = re.findall(r"<code>((?:[a-z0-9]{4}-){3}[a-z0-9]{4})</code>", page)
    user = User.objects.get(username="he")
    assert user.check_password(word)
    assert user.password_must_change
    assert word not in str(list(Entry.objects.values_list("data", flat=True)))
    address = reverse("console:account", args=[user.pk])
    assert word not in sysadmin.get(address).content.decode()
    for unit in ("示例甲区市场监管局", "a-market"):
        post = {"role": "approver", "unit": unit, "valid_from": local_day(org.at).isoformat()}
        secadmin.post(reverse("console:account-post", args=[user.pk]), post)
    assert [post.unit.code for post in user.posts.all()] == ["A-MARKET"]  # type: ignore[attr-defined]
    told = [entry.fact for entry in Entry.objects.filter(subject_kind="user", subject_id=user.pk)]
    assert told == ["identity.account_opened", "orgs.post_assigned"]
    assert sysadmin.post(reverse("console:account-new"), data).status_code == 422


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"unit": "NOWHERE"}, "没有这个机构"),
        ({"valid_to": "2025-01-01"}, ""),
        ({"role": "boss"}, ""),
        ({"valid_from": "soon"}, ""),
    ],
)
def test_a_post_that_cannot_be_is_refused_at_the_form(
    org: SampleOrg, change: dict[str, str], words: str
) -> None:
    who = org.neighbours["clerk-b"]
    post = {"role": "approver", "unit": "A-MARKET", "valid_from": "2026-03-04", **change}
    answer = client_of(org, C).post(reverse("console:account-post", args=[who.pk]), post)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert who.posts.count() == 1  # type: ignore[attr-defined]


def test_no_administrator_turns_on_the_own_account_by_page(org: SampleOrg) -> None:
    for role, verbs in ((S, ("password", "disable")), (C, ("factor", "disable"))):
        client, me = client_of(org, role), org.users[role]
        for verb in verbs:
            assert client.post(verb_address(me, verb)).status_code == 422
        page = client.get(reverse("console:account", args=[me.pk])).content.decode()
        assert "另一位管理员" in page
        assert "/disable/" not in page


def test_a_grave_step_of_an_administrator_asks_for_the_password_again(
    org: SampleOrg, settings: Settings
) -> None:
    settings.ZX_PASSWORD_AGAIN_MINUTES = 15
    org.users[S].set_password("plain-enough-to-read-7")
    org.users[S].save()
    client, who = client_of(org, S), org.neighbours["clerk-b"]
    for address in (verb_address(who, "disable"), verb_address(who, "password")):
        assert client.post(address).headers["Location"].startswith("/sign-in/again/")
    who.refresh_from_db()
    assert who.is_active
    assert client.get(reverse("console:account", args=[who.pk])).status_code == 200


def test_a_factor_is_reset_by_page(org: SampleOrg) -> None:
    user, at = org.users[A], org.at
    secret = factor_begin(user=user, at=at)
    factor_confirm(user=user, code=code_of(secret, at), origin=Origin("127.0.0.1"), actor=org.actor(A), at=at)
    client_of(org, C).post(verb_address(user, "factor"))
    assert not has_factor(user)


@pytest.mark.parametrize("query", [{"export": "csv"}, {"export": "xlsx"}, {"print": "1"}])
def test_taking_the_record_away_is_on_record_and_stands_in_the_next_one(
    org: SampleOrg, query: dict[str, str]
) -> None:
    auditor = client_of(org, A)
    answer = auditor.get(reverse("console:audit"), {**query, "area": "identity"})
    assert answer.status_code == 200
    assert b"".join(answer)
    entry = Entry.objects.get(fact="console.audit_exported")
    assert (entry.actor_id, entry.data["conditions"]) == (org.users[A].pk, "area=identity")
    assert len(bytes(entry.leaf)) == 32
    assert "导出审计日志" in auditor.get(reverse("console:audit")).content.decode()
    for role in set(Role) - {A}:
        assert client_of(org, role).get(reverse("console:audit"), query).status_code == 403
    assert Entry.objects.filter(fact="console.audit_exported").count() == 1


def test_the_record_is_found_by_fact_person_subject_and_period(org: SampleOrg) -> None:
    who = org.neighbours["clerk-b"]
    client_of(org, S).post(verb_address(who, "disable"))
    client_of(org, C).post(verb_address(org.neighbours["clerk-housing"], "unlock"))
    auditor = client_of(org, A)

    def found(**query: str) -> set[str]:
        rows = auditor.get(reverse("console:audit"), query).context["shown"].lines
        return {line.cells[1].value for line in rows}

    disabled, unlocked, assigned = "停用账号", "解除暂停", "任命岗位"
    places = {"设立区划", "设立机构"}
    assert found() == {disabled, unlocked, assigned} | places
    assert found(area="identity") == {disabled, unlocked}
    assert found(fact="identity.account_disabled") == {disabled}
    assert found(area="orgs") == {assigned} | places
    assert found(by="sysadmin") == {disabled}
    assert found(by="吴示例") == {unlocked}
    assert found(about="CLERK-B") == {disabled, assigned}
    assert found(about=f"user:{who.pk}") == {disabled, assigned}
    assert found(about="nobody") == set()
    day = local_day(org.at).isoformat()
    assert found(at_from=day, at_to=day) == {disabled, unlocked, assigned} | places
    assert found(at_to="2026-03-03") == set()


def test_accounts_are_found_by_name_and_role(org: SampleOrg) -> None:
    auditor = client_of(org, A)

    def found(**query: str) -> list[str]:
        rows = auditor.get(reverse("console:accounts"), query).context["shown"].lines
        return [line.cells[0].value for line in rows]

    assert len(found()) == 16
    assert "甲区市场监管局窗口" in auditor.get(reverse("console:accounts")).content.decode()
    assert found(q="housing") == ["clerk-housing", "head-housing"]
    assert found(role="supervisor") == ["supervisor", "supervisor-b"]
    assert found(factor="1") == []
