"""From facts of clocks to cards, many at once: what is known is read in a few queries, decided in memory, written in bulk.

A card is issued once per level and clock: what exists is not made again, and the unique rows refuse what two runners make at
the same moment. Everything is stamped with the legal moment of the fact, never with the moment of the run.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from zhengxiao.backbone.cases.api import ShownClock, sheet_json
from zhengxiao.kernel.clock.api import Clock, explain_many
from zhengxiao.kernel.notices.api import about_many
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.mechanisms.supervision.models import Card
from zhengxiao.mechanisms.supervision.policies import Policies
from zhengxiao.mechanisms.supervision.rules import (
    LIGHTS,
    CardRule,
    CardRules,
    Reached,
    Source,
    chain_key,
    outranked,
)
from zhengxiao.mechanisms.supervision.writing import write_cards

WITH = ("rule", "owner_unit", "owner_unit__department", "owner_unit__region")


@dataclass(frozen=True, slots=True)
class Due:
    """A card that a fact asks for: the fact, its clock, and the rule of the version in force at that moment."""

    entry: Entry
    clock: Clock
    rule: CardRule
    rules: CardRules
    policy_id: int | None
    version: int

    @property
    def chain(self) -> str:
        return chain_key(self.rule, self.clock.subject_kind, self.clock.subject_id, self.clock.pk)

    @property
    def department(self) -> Unit:
        return self.clock.owner_unit.department or self.clock.owner_unit


def cards_for(entries: Sequence[Entry]) -> list[Card]:
    """Issue the cards that facts `clock.warned` and `clock.breached` ask for; those that exist are not made again.

    Inside the caller's transaction. Entries may come again and in any order.
    """
    due = _due(entries)
    if not due:
        return []
    siblings = _siblings(due)
    due = [one for one in due if not outranked(one.rule.level, one.entry.at, _reached(one, siblings))]
    written: list[Card] = []
    for recorded_at, part in _by_recording(due).items():
        written += write_cards(_rows(part), recorded_at=recorded_at)
    return written


def _due(entries: Sequence[Entry]) -> list[Due]:
    """The facts that a rule turns into a card, of clocks that still ran at the moment of the fact."""
    policies = Policies()
    named = {int(entry.data["clock_id"]) for entry in entries if entry.data.get("clock_id")}
    known = Clock.objects.filter(pk__in=named).select_related(*WITH)
    clocks = {clock.pk: clock for clock in known}
    made = set(Card.objects.filter(clock_id__in=named).values_list("clock_id", "level"))
    found: list[Due] = []
    for entry in sorted(entries, key=lambda one: (one.at, one.pk)):
        clock = clocks.get(int(entry.data.get("clock_id") or 0))
        if clock is None:
            continue
        policy_id, version, rules = policies.at(entry.at)
        rule = rules.rule_for(clock.kind, str(entry.data.get("level", "")), clock.rule.policy)
        if rule is None or (clock.pk, rule.level) in made or _over(clock, rule, entry.at):
            continue
        made.add((clock.pk, rule.level))
        found.append(Due(entry, clock, rule, rules, policy_id, version))
    return found


def _over(clock: Clock, rule: CardRule, at: datetime) -> bool:
    """A clock that had stopped by then breaks nothing; one that has stopped since needs no reminder any more."""
    if clock.stopped_at is None:
        return False
    return rule.level == "blue" or clock.stopped_at <= at


def _siblings(due: Iterable[Due]) -> Mapping[tuple[str, int], list[Clock]]:
    """The clocks of the same subjects that belong to the same chains."""
    wanted: dict[str, set[int]] = defaultdict(set)
    kinds: set[str] = set()
    for one in due:
        if one.rule.chain:
            wanted[one.clock.subject_kind].add(one.clock.subject_id)
            kinds.update(one.rules.chain_kinds(one.rule.chain))
    found: dict[tuple[str, int], list[Clock]] = defaultdict(list)
    for subject_kind, ids in wanted.items():
        clocks = Clock.objects.filter(subject_kind=subject_kind, subject_id__in=ids, kind__in=kinds)
        for clock in clocks.select_related("rule"):
            found[subject_kind, clock.subject_id].append(clock)
    return found


def _reached(one: Due, siblings: Mapping[tuple[str, int], list[Clock]]) -> list[Reached]:
    """The levels that the chain's clocks reach, each with its moment."""
    if not one.rule.chain:
        return []
    found = []
    for clock in siblings[one.clock.subject_kind, one.clock.subject_id]:
        for light in LIGHTS:
            rule = one.rules.rule_for(clock.kind, light, clock.rule.policy)
            moment: datetime | None = getattr(clock, f"{light}_at")
            if rule is None or rule.chain != one.rule.chain or moment is None:
                continue
            if clock.stopped_at is None or moment < clock.stopped_at:
                found.append(Reached(rule.level, moment))
    return found


def _by_recording(due: Iterable[Due]) -> Mapping[datetime, list[Due]]:
    found: dict[datetime, list[Due]] = defaultdict(list)
    for one in due:
        found[one.entry.recorded_at].append(one)
    return found


def _rows(due: Sequence[Due]) -> list[tuple[Card, bool]]:
    """Unsaved cards in order, each with whether it waits for confirmation."""
    names: dict[tuple[str, int], str] = {}
    for kind in {one.clock.subject_kind for one in due}:
        ids = {one.clock.subject_id for one in due if one.clock.subject_kind == kind}
        names |= {(kind, key): about.label for key, about in about_many(kind, ids).items()}
    sheets = explain_many([(one.clock, one.entry.at) for one in due])
    return [
        (
            _card(
                one,
                names[one.clock.subject_kind, one.clock.subject_id],
                sheet_json(ShownClock(one.clock, sheet, "")),
            ),
            one.rules.waits(one.rule, one.department.code),
        )
        for one, sheet in zip(due, sheets, strict=True)
    ]


def _card(one: Due, label: str, sheet: Any) -> Card:
    clock, entry, unit = one.clock, one.entry, one.clock.owner_unit
    return Card(
        level=one.rule.level,
        source=Source.CLOCK.value,
        subject_kind=clock.subject_kind,
        subject_id=clock.subject_id,
        subject_label=label or f"{clock.subject_kind} {clock.subject_id}",
        clock_id=clock.pk,
        clock_label=clock.label,
        entry_id=entry.pk,
        rule=one.rule.code,
        rule_name=clock.label,
        rule_version=one.version,
        policy_id=one.policy_id,
        chain=one.chain,
        region_id=unit.region_id,
        department_id=one.department.pk,
        unit_id=unit.pk,
        person_id=clock.owner_id,
        calendar_key=clock.region,
        at=entry.at,
        issuer_name=SYSTEM.name,
        evidence={
            "fact": entry.fact,
            "entry": entry.pk,
            "leaf": bytes(entry.leaf).hex(),
            "clock_kind": clock.kind,
            "clock_rule": clock.rule.code,
            "clock_rule_version": clock.rule.version,
            "clock_policy": clock.rule.policy,
            "light": entry.data.get("level"),
            "due_on": entry.data.get("due_on"),
        },
        sheet=json.loads(json.dumps(sheet, cls=DjangoJSONEncoder)),
        windows=asdict(one.rules.windows),
    )
