"""The verbs of supervision. Everything that changes a state goes through the declared workflows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from zhengxiao.kernel.access.api import ScopeFields, can, require
from zhengxiao.kernel.clock.api import POLICIES, Clock, PolicyUnknown, Start, clock_start
from zhengxiao.kernel.jobs.api import reserve_keys
from zhengxiao.kernel.notices.api import about
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.timeline.api import Entry, Subject, record
from zhengxiao.kernel.workflow.api import move
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.mechanisms.supervision import letters, refusals
from zhengxiao.mechanisms.supervision.clocks import ESCALATING
from zhengxiao.mechanisms.supervision.models import Card, CardPolicy, Order
from zhengxiao.mechanisms.supervision.policies import Policies
from zhengxiao.mechanisms.supervision.rules import CardRules, Source, is_outside, next_step, rules_of
from zhengxiao.mechanisms.supervision.workflow import WITH_THE_UNIT
from zhengxiao.mechanisms.supervision.writing import write_cards

UNIT_SCOPE = ScopeFields(region="region_id", department="department_id", unit="pk", person=None)
NOBODY = "unit"
"""The subject of a card or order that is about a unit as such."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """A card or order by a supervisor: against which unit and person, about what, why.

    `subject_kind` "unit" when it is about no single case; then `subject_id` is the unit.
    """

    unit_id: int
    subject_kind: str
    subject_id: int
    reason: str
    person_id: int | None = None


def _unit(key: int, action: str, actor: Actor) -> Unit:
    """The unit, within the actor's reach and not the own one. Refuses UnitOutsideRegion, OwnUnit."""
    unit = Unit.objects.select_related("region", "department").get(pk=key)
    if not can(actor, action, unit, UNIT_SCOPE):
        raise refusals.UnitOutsideRegion(field="unit", unit=unit.short_name or unit.name)
    department = unit.department_id or unit.pk
    if not actor.is_system and not is_outside(
        actor, department_id=department, unit_id=unit.pk, person_id=None
    ):
        raise refusals.OwnUnit(field="unit")
    return unit


def card_issue(*, card: ByHand, level: str, evidence_text: str, actor: Actor, at: datetime) -> Card:
    """Issue a card by hand, with reason and evidence. Fact supervision.card_issued.

    Refuses NotPermitted, UnitOutsideRegion, OwnUnit: nobody issues a card to the own unit.
    """
    require(actor, "supervision.issue")
    unit = _unit(card.unit_id, "supervision.issue", actor)
    _key, version, rules = Policies().at(at)
    draft = Card(
        level=level,
        source=Source.HAND.value,
        rule="hand",
        rule_name="监督人员认定",
        rule_version=version,
        at=at,
        issuer_id=actor.user_id,
        issuer_name=actor.name,
        reason=card.reason,
        evidence_text=evidence_text,
        **_matter(card.subject_kind, card.subject_id, unit, card.person_id),
        windows=rules.as_json()["windows"],
    )
    with transaction.atomic():
        reserve_keys(Card, [draft])
        draft.chain = f"card:{draft.pk}"
        (issued,) = write_cards([(draft, False)], recorded_at=at, actor=actor)
    return issued


def card_from_finding(*, entry: Entry) -> Card | None:
    """Issue the card that a finding of a supervision rule asks for; None when it exists. Idempotent per finding.

    The finding is a fact: rule, version, evidence and level are those that it states, the moment is its own.
    """
    data = entry.data
    key = int(data["finding_id"])
    if Card.objects.filter(finding_id=key).exists():
        return None
    unit = Unit.objects.select_related("region", "department").get(pk=entry.unit_id or data["department_id"])
    policy_id, _version, rules = Policies().at(entry.at)
    department = unit.department or unit
    draft = Card(
        level=data["level"],
        source=Source.FINDING.value,
        finding_id=key,
        entry_id=entry.pk,
        rule=str(data["rule"])[:80],
        rule_name=str(data["rule_name"])[:200],
        rule_version=int(data["rule_version"]),
        policy_id=policy_id,
        chain=f"finding:{key}",
        at=entry.at,
        issuer_name=SYSTEM.name,
        evidence=data.get("evidence") or {},
        evidence_text=str(data.get("evidence_text", "")),
        **_matter(entry.subject_kind, entry.subject_id, unit, data.get("person_id")),
        windows=rules.as_json()["windows"],
    )
    with transaction.atomic():
        waits = department.code in rules.confirm_departments
        (issued,) = write_cards([(draft, waits)], recorded_at=entry.recorded_at)
    return issued


def _matter(subject_kind: str, subject_id: int, unit: Unit, person_id: int | None) -> dict[str, Any]:
    """The columns that say what a card or order is about and whose it is."""
    label = unit.name if subject_kind == NOBODY else about(subject_kind, subject_id).label
    return {
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "subject_label": label or f"{subject_kind} {subject_id}",
        "region_id": unit.region_id,
        "department_id": unit.department_id or unit.pk,
        "unit_id": unit.pk,
        "person_id": person_id,
        "calendar_key": unit.region.code,
    }


def card_move(
    *, card_id: int, transition: str, actor: Actor, at: datetime, data: Mapping[str, Any] | None = None
) -> Card:
    """Take one declared transition of a card; see workflow.py for the table and what each may refuse."""
    card = Card.objects.get(pk=card_id)
    moved: Card = move(workflow="card", transition=transition, obj=card, actor=actor, at=at, data=data)
    return moved


# ------------------------------------------------------------------ orders
def order_issue(
    *,
    order: ByHand,
    title: str,
    workdays: int,
    card_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> Order:
    """Issue a supervision order, by hand or from a card. Its first letter is a reminder; it is to be signed for in one
    working day. Fact supervision.order_issued. Refuses NotPermitted, UnitOutsideRegion, OwnUnit.
    """
    require(actor, "supervision.order")
    unit = _unit(order.unit_id, "supervision.order", actor)
    row = Order(
        state="issued",
        card_id=card_id,
        title=title,
        demand=order.reason,
        workdays=workdays,
        issuer_id=actor.user_id,
        issuer_name=actor.name,
        issued_at=at,
        **_matter(order.subject_kind, order.subject_id, unit, order.person_id),
    )
    with transaction.atomic():
        reserve_keys(Order, [row])
        row.number = f"D{unit.region.code[:6]}-{timezone.localtime(at).year}-{row.pk:05d}"
        row.save(force_insert=True)
        letter = letters.letter_of(row, at=at, author=actor.name, by_rule=False)
        letter.save(force_insert=True)
        _start_sign(row, actor, at)
        record(
            fact="supervision.order_issued",
            subject=Subject("supervision_order", row.pk),
            actor=actor,
            at=at,
            data={"number": row.number, "title": title, "letter": letter.number, "card_id": card_id},
            unit_id=unit.pk,
            rows=[row, letter],
        )
    return row


def _start_sign(order: Order, actor: Actor, at: datetime) -> Clock:
    start = Start(
        subject=Subject("supervision_order", order.pk),
        rule_code="supervision.sign",
        owner_unit_id=order.unit_id,
        owner_id=order.person_id,
        region=order.calendar_key,
    )
    return clock_start(start, actor=actor, at=at)


def order_move(
    *, order_id: int, transition: str, actor: Actor, at: datetime, data: Mapping[str, Any] | None = None
) -> Order:
    """Take one declared transition of an order; see workflow.py for the table and what each may refuse."""
    order = Order.objects.get(pk=order_id)
    moved: Order = move(
        workflow="supervision_order", transition=transition, obj=order, actor=actor, at=at, data=data
    )
    return moved


def order_escalate_overdue(*, order_id: int, clock_id: int, at: datetime) -> bool:
    """A term of the unit ran out: the next letter goes out by rule. False when the term is over or no letter is left."""
    order = Order.objects.get(pk=order_id)
    running = Clock.objects.running().filter(pk=clock_id, kind__in=ESCALATING).exists()
    if not running or order.state not in WITH_THE_UNIT or next_step(order.step) is None:
        return False
    move(workflow="supervision_order", transition="escalate_overdue", obj=order, actor=SYSTEM, at=at)
    return True


# ------------------------------------------------------------------ rule versions
def _require_policies(rules: CardRules) -> None:
    """A line that names a warning policy names one there is, and a light that it shows."""
    for rule in rules.rules:
        if not rule.policy:
            continue
        if rule.policy not in POLICIES:
            raise PolicyUnknown(field="policy", policy=rule.policy, known="、".join(sorted(POLICIES)))
        if all(rung.level != rule.light for rung in POLICIES[rule.policy]):
            raise refusals.LightNeverShown(field="light", policy=rule.policy, light=rule.light)


def rules_propose(*, rules: CardRules, reason: str, actor: Actor, at: datetime) -> CardPolicy:
    """Propose the next version of the card rules; another person puts it in force. Fact supervision.rules_proposed.

    Refuses NotPermitted, RulesMalformed, PolicyUnknown, LightNeverShown, PolicyPending.
    """
    require(actor, "supervision.propose_rules")
    _require_policies(rules)
    stored = rules_of(rules.as_json()).as_json()
    with transaction.atomic():
        waiting = CardPolicy.objects.filter(state="proposed").first()
        if waiting is not None:
            raise refusals.PolicyPending(number=waiting.number)
        last = CardPolicy.objects.aggregate(last=Max("number"))["last"] or 0
        policy = CardPolicy.objects.create(
            number=last + 1,
            state="proposed",
            rules=stored,
            reason=reason,
            proposed_by_id=actor.user_id,
            proposed_at=at,
        )
        record(
            fact="supervision.rules_proposed",
            subject=Subject("card_policy", policy.pk),
            actor=actor,
            at=at,
            data={"number": policy.number, "reason": reason},
            rows=[policy],
        )
    return policy


def rules_decide(
    *, policy_id: int, transition: str, actor: Actor, at: datetime, data: Mapping[str, Any] | None = None
) -> CardPolicy:
    """Confirm or reject a proposed version. Refuses NotPermitted, PolicyBySamePerson, MoveNotLawful, StaleState."""
    policy = CardPolicy.objects.get(pk=policy_id)
    decided: CardPolicy = move(
        workflow="card_policy", transition=transition, obj=policy, actor=actor, at=at, data=data
    )
    return decided
