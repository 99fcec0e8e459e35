"""The clock rules in force and their revision. A revision is a new version from a coming day; running clocks keep theirs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxiao.kernel.clock.declarations import ExtensionRule, rule_in_force, specs
from zhengxiao.kernel.clock.models import ClockRule
from zhengxiao.kernel.clock.policies import POLICIES, PRESETS, policy_of
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop


class RuleUnknown(Refusal):
    template = gettext_noop("没有编码为“{code}”的时限规则。")


class PolicyUnknown(Refusal):
    template = gettext_noop("没有名为“{policy}”的预警策略。可选：{known}。")


class RevisionInThePast(Refusal):
    template = gettext_noop("规则的新版本须从明天或以后生效，不能改变已经起算的时限（{valid_from}）。")


def rules_in_force(on: date) -> list[ClockRule]:
    """The version of every declared rule that is in force on a day, by code."""
    return [rule_in_force(code, on) for code in sorted({spec.code for spec in specs.values()})]


def rule_revise(
    *,
    code: str,
    valid_from: date,
    policy: str | None = None,
    extension: ExtensionRule | None = None,
    actor: Actor,
    at: datetime,
) -> ClockRule:
    """Make the next version of a rule with another warning policy or extension. Fact clock.rule_revised.

    Refuses RuleUnknown, PolicyUnknown, RevisionInThePast. Clocks that run keep the version they started with.
    """
    if code not in {spec.code for spec in specs.values()}:
        raise RuleUnknown(field="code", code=code)
    if policy is not None and policy not in POLICIES:
        raise PolicyUnknown(field="policy", policy=policy, known="、".join(sorted(POLICIES)))
    if valid_from <= timezone.localtime(at).date():
        raise RevisionInThePast(field="valid_from", valid_from=valid_from)
    with transaction.atomic():
        latest = rule_in_force(code, date.max)
        columns: dict[str, Any] = {
            name: getattr(latest, name)
            for name in ("code", "label", "kind", "term", "legal_ground", "policy", "grounds")
        }
        columns["extension"] = asdict(extension) if extension else latest.extension
        columns["policy"] = policy or latest.policy
        rule = ClockRule.objects.create(**columns, version=latest.version + 1, valid_from=valid_from)
        record(
            fact="clock.rule_revised",
            subject=Subject("clock_rule", rule.pk),
            actor=actor,
            at=at,
            data={
                "rule": rule.label,
                "number": rule.version,
                "policy": rule.policy,
                "valid_from": valid_from,
            },
            rows=[rule],
        )
    return rule


def preset_adopt(*, preset: str, valid_from: date, actor: Actor, at: datetime) -> list[ClockRule]:
    """Give every declared rule the policy that a preset of domain.md §3.2–3.3 names for its kind; returns the new versions.

    Special procedures and reminders keep their own policies.
    """
    if preset not in PRESETS:
        raise PolicyUnknown(field="preset", policy=preset, known="、".join(sorted(PRESETS)))
    revised = []
    with transaction.atomic():
        for rule in rules_in_force(date.max):
            wanted = policy_of(preset, rule.kind)
            if rule.policy in OWN_POLICIES or rule.policy == wanted:
                continue
            revised.append(
                rule_revise(code=rule.code, valid_from=valid_from, policy=wanted, actor=actor, at=at)
            )
    return revised


OWN_POLICIES = frozenset({"procedure", "remind", "silent"})
