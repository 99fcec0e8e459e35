"""The life of a target: one row per transition, and the two people it takes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError

from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.kernel.webhooks.models import Message, WebhookTarget
from zhengxiao.kernel.webhooks.services import (
    FactsMissing,
    FactUnknown,
    NameTaken,
    TargetUnknown,
    secret_rotate,
    target_disable,
    target_move,
)
from zhengxiao.kernel.webhooks.tests.conftest import AT, FACT, Office
from zhengxiao.kernel.webhooks.workflow import WORKFLOW, OwnProposal
from zhengxiao.kernel.workflow.api import MoveNotLawful
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.lib.addresses import TargetInside, TargetMalformed
from zhengxiao.lib.refusals import NotPermitted

REASON = {"reason": "接收方停止服务"}
# transition, state before, who takes it, data, state after
TRANSITION_ROWS = [
    ("confirm", "proposed", Role.SECURITY_ADMIN, {}, "active"),
    ("reject", "proposed", Role.SECURITY_ADMIN, REASON, "closed"),
    ("disable", "active", None, REASON, "disabled"),
    ("resume", "disabled", Role.SYSTEM_ADMIN, {}, "active"),
    ("close", "active", Role.SECURITY_ADMIN, REASON, "closed"),
]


def target_in(office: Office, state: str) -> WebhookTarget:
    if state == "proposed":
        return office.proposed()[0]
    target = office.active()
    if state == "disabled":
        target_disable(target=target, reason="5 d", at=AT)
    return target


def moved(office: Office, target: WebhookTarget, name: str, who: Role | None, data: Any) -> WebhookTarget:
    actor = office.org.actor(who) if who else SYSTEM
    return target_move(target=target, transition=name, data=data, actor=actor, at=AT)


@pytest.mark.parametrize(("name", "before", "who", "data", "after"), TRANSITION_ROWS)
def test_a_move_leads_to_its_state_and_leaves_its_fact(
    office: Office, name: str, before: str, who: Role | None, data: Any, after: str
) -> None:
    target = target_in(office, before)
    assert moved(office, target, name, who, data).state == after
    fact = WORKFLOW.transition(name).fact
    assert entries_for(Subject("webhook_target", target.pk)).filter(fact=fact).count() == 1


@pytest.mark.parametrize(
    "who", [role for role in Role if role not in {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}]
)
def test_nobody_else_opens_or_closes_a_way_out(office: Office, who: Role) -> None:
    for state, name in (("proposed", "confirm"), ("active", "close")):
        target = office.proposed(state)[0] if state == "proposed" else office.active(state)
        with pytest.raises(NotPermitted):
            moved(office, target, name, who, REASON if name == "close" else {})


def test_the_system_administrator_confirms_nothing_and_the_security_administrator_proposes_nothing(
    office: Office,
) -> None:
    with pytest.raises(NotPermitted):
        moved(office, office.proposed()[0], "confirm", Role.SYSTEM_ADMIN, {})


def test_one_person_with_both_posts_does_not_do_both(office: Office) -> None:
    target, _secret = office.proposed()
    WebhookTarget.objects.filter(pk=target.pk).update(proposed_by=office.org.users[Role.SECURITY_ADMIN])
    target.refresh_from_db()
    with pytest.raises(OwnProposal):
        moved(office, target, "confirm", Role.SECURITY_ADMIN, {})


def test_the_database_refuses_one_person_on_both_sides(office: Office) -> None:
    target = office.active()
    with pytest.raises(IntegrityError):
        WebhookTarget.objects.filter(pk=target.pk).update(decided_by=target.proposed_by)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"url": "https://10.0.0.1/"}, TargetInside),
        ({"url": "http://example.com/"}, TargetMalformed),
        ({"facts": []}, FactsMissing),
        ({"facts": ["cases.everything"]}, FactUnknown),
        ({"facts": [FACT, "identity.signed_in"]}, FactUnknown),
    ],
)
def test_a_proposal_that_cannot_be_is_refused(office: Office, change: Any, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        office.proposed(**change)


def test_a_name_is_given_once(office: Office) -> None:
    office.proposed()
    with pytest.raises(NameTaken):
        office.proposed()


def test_a_closed_target_stays_closed_and_gets_no_secret(office: Office) -> None:
    target = moved(office, office.active(), "close", Role.SYSTEM_ADMIN, REASON)
    with pytest.raises(TargetUnknown):
        secret_rotate(target=target, actor=office.system_admin, at=AT)
    with pytest.raises(MoveNotLawful):
        moved(office, target, "resume", Role.SYSTEM_ADMIN, {})
    office.told(office.subject("另一"))
    assert not Message.objects.exists()
