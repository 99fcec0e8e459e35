"""Verbs on targets: propose, decide, change the secret, send again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.timeline.api import RowWrite, Subject, record
from zhengxiao.kernel.webhooks import permissions, rules
from zhengxiao.kernel.webhooks.facts import KIND
from zhengxiao.kernel.webhooks.listening import WANTED
from zhengxiao.kernel.webhooks.models import Message, MessageState, TargetSecret, TargetState, WebhookTarget
from zhengxiao.kernel.webhooks.rules import Algorithm
from zhengxiao.kernel.webhooks.sources import offered_facts
from zhengxiao.kernel.webhooks.workflow import NAME
from zhengxiao.kernel.workflow.api import move
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.addresses import Allowed, target_of
from zhengxiao.lib.refusals import Refusal, StaleState, gettext_noop
from zhengxiao.lib.sealing import Keys, derive_keys, open_seal, seal

PURPOSE = "webhooks.secret"


class NameTaken(Refusal):
    template = gettext_noop("已有名为“{name}”的推送目标。")


class FactUnknown(Refusal):
    template = gettext_noop("没有可推送的事件“{fact}”。")


class FactsMissing(Refusal):
    template = gettext_noop("请至少选择一种事件。")


class TargetUnknown(Refusal):
    template = gettext_noop("没有这个推送目标，或它已经关闭。")


class NothingToResend(Refusal):
    template = gettext_noop("没有需要重新推送的事件。")


def allowed_hosts() -> Allowed:
    """Hosts inside that the operator allows by name (ZX_WEBHOOK_ALLOW)."""
    return Allowed.of(settings.ZX_WEBHOOK_ALLOW)


def target_propose(
    *,
    name: str,
    owner: Unit,
    user: User,
    url: str,
    facts: Sequence[str],
    algorithm: Algorithm = Algorithm.SHA256,
    actor: Actor,
    at: datetime,
) -> tuple[WebhookTarget, str]:
    """A new target that waits for a second person, and its secret, which is told this once only.

    Raises NotPermitted, TargetMalformed, TargetInside, FactsMissing, FactUnknown, NameTaken.
    """
    require(actor, permissions.PROPOSE)
    checked = target_of(url.strip(), allowed_hosts())
    wanted, offered = sorted(set(facts)), offered_facts()
    if not wanted:
        raise FactsMissing(field="facts")
    for fact in wanted:
        if fact not in offered:
            raise FactUnknown(field="facts", fact=fact)
    try:
        with transaction.atomic():
            target = WebhookTarget.objects.create(
                name=name.strip(),
                owner=owner,
                user=user,
                url=url.strip(),
                facts=wanted,
                algorithm=algorithm.value,
                proposed_by_id=actor.user_id,
                proposed_at=at,
            )
            told = {"host": checked.host, "user": user.username, "facts": wanted}
            _tell("webhooks.target_proposed", target, actor, at, rows=[target], **told)
            return target, _new_secret(target, at)
    except IntegrityError as error:
        raise NameTaken(field="name", name=name.strip()) from error


def target_move(
    *, target: WebhookTarget, transition: str, data: Mapping[str, Any], actor: Actor, at: datetime
) -> WebhookTarget:
    """Confirm, reject, resume or close. What waits for a target that is closed is not sent any more.

    Raises NotPermitted, OwnProposal, MoveNotLawful, NeedsField, StaleState.
    """
    with transaction.atomic():
        if transition == "confirm":
            target_of(target.url, allowed_hosts())
        moved: WebhookTarget = move(
            workflow=NAME, transition=transition, obj=target, actor=actor, at=at, data=data
        )
        if moved.state in {TargetState.CLOSED, TargetState.DISABLED}:
            _bury(moved, at)
        transaction.on_commit(WANTED.read)
    return moved


def target_disable(*, target: WebhookTarget, reason: str, at: datetime) -> None:
    """The platform stops sending to a target that does not take anything. A target that is no longer active is left alone."""
    if target.state == TargetState.ACTIVE:
        try:
            target_move(target=target, transition="disable", data={"reason": reason}, actor=SYSTEM, at=at)
        except StaleState:
            return


def _bury(target: WebhookTarget, at: datetime) -> None:
    """What still waits is put with what could not be delivered; it can be sent again once the target is active."""
    waiting = Message.objects.filter(target=target, state=MessageState.WAITING)
    waiting.update(state=MessageState.DEAD, ended_at=at, lease_until=None)


def secret_rotate(*, target: WebhookTarget, actor: Actor, at: datetime) -> tuple[WebhookTarget, str]:
    """A new secret, told this once only; the one before signs along for a day. Raises NotPermitted, TargetUnknown."""
    require(actor, permissions.PROPOSE)
    with transaction.atomic():
        open_ = WebhookTarget.objects.exclude(state=TargetState.CLOSED).filter(pk=target.pk)
        if not open_.exists():
            raise TargetUnknown
        until = at + rules.OVERLAP
        in_force(target, at).filter(Q(expires_at__isnull=True) | Q(expires_at__gt=until)).update(
            expires_at=until
        )
        text = _new_secret(target, at)
        _tell("webhooks.secret_rotated", target, actor, at)
    return target, text


def in_force(target: WebhookTarget, at: datetime) -> Any:
    """The secrets that sign at this moment, the newest first."""
    valid = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
    return TargetSecret.objects.filter(valid, target=target).order_by("-pk")


def secrets_of(target: WebhookTarget, at: datetime) -> list[str]:
    """The secrets in force, opened; at most the two newest."""
    return [open_seal(row.sealed, keys=_keys(), purpose=PURPOSE) for row in in_force(target, at)[:2]]


def messages_resend(
    *, target: WebhookTarget, message_id: int | None = None, actor: Actor, at: datetime
) -> int:
    """Put one or all undelivered messages of an active target back; answers how many. Their ids stay the same.

    Raises NotPermitted, TargetUnknown, NothingToResend.
    """
    require(actor, permissions.RESEND)
    with transaction.atomic():
        if not WebhookTarget.objects.filter(pk=target.pk, state=TargetState.ACTIVE).exists():
            raise TargetUnknown
        dead = Message.objects.filter(target=target, state=MessageState.DEAD)
        if message_id is not None:
            dead = dead.filter(pk=message_id)
        fresh = {"first_tried_at": None, "lease_until": None, "ended_at": None, "not_before": at}
        count = dead.update(state=MessageState.WAITING, **fresh)
        if count == 0:
            raise NothingToResend
        _tell("webhooks.messages_resent", target, actor, at, count=count)
    return count


def prune(at: datetime) -> int:
    """Forget what was delivered or withheld long ago, with its tries. What could not be delivered stays."""
    ended = (MessageState.SENT, MessageState.WITHHELD)
    old = Message.objects.filter(state__in=ended, ended_at__lt=at - rules.KEPT)
    found = list(old.values_list("pk", flat=True)[:5000])
    return Message.objects.filter(pk__in=found).delete()[0]


def _new_secret(target: WebhookTarget, at: datetime) -> str:
    text = rules.secret_text(secrets.token_bytes(rules.SECRET_BYTES))
    sealed = seal(text, keys=_keys(), purpose=PURPOSE)
    TargetSecret.objects.create(target=target, sealed=sealed, created_at=at)
    return text


@cache
def _derived(secret: str) -> Keys:
    return derive_keys(secret)


def _keys() -> Keys:
    return _derived(settings.SECRET_KEY)


def _tell(
    fact: str,
    target: WebhookTarget,
    actor: Actor,
    at: datetime,
    *,
    rows: Sequence[RowWrite] = (),
    **more: Any,
) -> None:
    record(
        fact=fact,
        subject=Subject(KIND, target.pk),
        actor=actor,
        at=at,
        data={"name": target.name, **more},
        unit_id=target.owner_id,
        rows=rows,
    )
