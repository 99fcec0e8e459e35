"""Lines of the card rules that hold for clocks of one warning policy."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from zhengxiao.kernel.clock.api import PolicyUnknown
from zhengxiao.lib.actors import Role
from zhengxiao.mechanisms.supervision.models import Card, CardPolicy
from zhengxiao.mechanisms.supervision.refusals import LightNeverShown
from zhengxiao.mechanisms.supervision.rules import LIMIT, CardRule, CardRules, RulesMalformed, rules_of
from zhengxiao.mechanisms.supervision.services import rules_decide, rules_propose
from zhengxiao.mechanisms.supervision.tests.conftest import MONDAY, Supervised

PROMISE = "two-limit.promised"
"""The policy of the promise in model A, which the sample item has."""
LINE = CardRule("promised", "yellow", "yellow", chain=LIMIT)


def exception(level: str, policy: str = PROMISE, light: str = "yellow") -> CardRule:
    return CardRule("promised", light, level, chain=LIMIT, policy=policy)


def in_force(world: Supervised, *rules: CardRule) -> None:
    at = MONDAY - timedelta(days=3)
    policy = rules_propose(rules=CardRules(rules), reason="示例", actor=world.supervisor, at=at)
    rules_decide(policy_id=policy.pk, transition="confirm", actor=world.leader, at=at)


def test_the_line_of_the_policy_goes_before_the_line_of_the_kind_and_none_else():
    rules = CardRules((LINE, exception("red"), exception("", "remind")))
    assert [
        (found.level if (found := rules.rule_for("promised", "yellow", policy)) else None)
        for policy in (PROMISE, "remind", "silent", "")
    ] == ["red", None, "yellow", "yellow"]
    assert rules.rule_for("promised", "blue", PROMISE) is None
    assert rules_of(rules.as_json()) == rules
    assert rules_of({"rules": [{"kind": "promised", "light": "red", "level": "red"}]}).rules[0].policy == ""


@pytest.mark.parametrize(
    ("rules", "level"),
    [
        ((LINE,), "yellow"),
        ((LINE, exception("red")), "red"),
        ((LINE, exception("")), None),
        ((LINE, exception("red", "green-yellow-red")), "yellow"),
        ((exception("blue"),), "blue"),
    ],
)
def test_a_broken_promise_gives_the_card_of_its_policy(world: Supervised, rules, level):
    in_force(world, *rules)
    clock = world.promised(world.case())
    assert clock.rule.policy == PROMISE
    assert clock.yellow_at is not None
    world.look(clock.yellow_at)
    assert list(Card.objects.values_list("level", flat=True)) == ([level] if level else [])
    if level:
        card = Card.objects.get()
        named = any(rule.policy == PROMISE for rule in rules)
        assert card.rule == (f"promised/{PROMISE}/yellow" if named else "promised/yellow")
        assert card.evidence["clock_policy"] == PROMISE


def test_a_policy_nobody_has_and_a_light_it_never_shows_are_refused(world: Supervised):
    told = {"reason": "示例", "actor": world.supervisor, "at": MONDAY}
    with pytest.raises(PolicyUnknown):
        rules_propose(rules=CardRules((exception("red", "none"),)), **told)
    with pytest.raises(LightNeverShown):
        rules_propose(rules=CardRules((exception("red", light="red"),)), **told)
    with pytest.raises(RulesMalformed):
        rules_propose(rules=CardRules((exception("red"), exception("blue"))), **told)
    with pytest.raises(RulesMalformed):
        rules_propose(rules=CardRules((CardRule("promised", "yellow", ""),)), **told)


def test_an_exception_is_proposed_on_the_page_shown_and_carried_into_the_next_version(
    world: Supervised, settings
):
    settings.ZX_MOMENT = MONDAY
    client = Client()
    client.force_login(world.org.users[Role.SUPERVISOR])
    address = reverse("supervision:rules-propose")
    windows = {"explain": 5, "appeal": 5, "ruling": 5, "departments": "", "reason": "例外"}
    half = {**windows, "new0-kind": "promised"}
    assert client.post(address, half).status_code == 422
    form = {
        **windows,
        "promised-yellow": "yellow",
        "new0-kind": "promised",
        "new0-policy": PROMISE,
        "new0-yellow": "none",
    }
    assert client.post(address, form).status_code == 302
    policy = CardPolicy.objects.get()
    assert rules_of(policy.rules).rules == (LINE, exception(""))
    shown = client.get(reverse("supervision:rules-version", args=[policy.number])).content.decode()
    assert "承诺时限 · 承诺（提前蓝、逾期黄）" in shown
    rules_decide(policy_id=policy.pk, transition="confirm", actor=world.leader, at=MONDAY)
    begun = client.get(address).content.decode()
    assert f'name="promised@{PROMISE}-yellow"' in begun
    assert "此策略不亮此灯" in begun
