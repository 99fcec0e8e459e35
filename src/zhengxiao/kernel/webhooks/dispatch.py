"""Sending what is owed: claim, sign, send, note. Beside the round of the runner, one worker for each target.

A message is claimed by a conditional update on its number of tries and holds a lease while it is in flight; whoever comes
second matches no row. Later messages about the same subject wait until the earlier one is delivered or given up.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.timeline.api import Delivery
from zhengxiao.kernel.webhooks import rules
from zhengxiao.kernel.webhooks.listening import LISTENER
from zhengxiao.kernel.webhooks.models import Attempt, Message, MessageState, TargetState, WebhookTarget
from zhengxiao.kernel.webhooks.rules import Algorithm, Happened
from zhengxiao.kernel.webhooks.services import allowed_hosts, secrets_of, target_disable
from zhengxiao.kernel.webhooks.sources import names_within_reach, sources
from zhengxiao.lib.addresses import Target, target_of
from zhengxiao.lib.outbound import Reply, post
from zhengxiao.lib.refusals import Refusal

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
AT_ONCE = 50
WORKERS = 8
BUDGET = timedelta(seconds=20)
"""How long one worker goes on before it lets the next round look again."""
GONE = 410
Send = Callable[[Target, bytes, Mapping[str, str]], Reply]
Now = Callable[[], datetime]

_running: set[int] = set()
_lock = threading.Lock()


def due_messages(at: datetime) -> QuerySet[Message]:
    """Messages that may be sent at `at`: their time has come, nobody holds them, and nothing earlier about the subject waits."""
    earlier = Message.objects.filter(
        target=OuterRef("target"),
        subject_kind=OuterRef("subject_kind"),
        subject_id=OuterRef("subject_id"),
        entry_id__lt=OuterRef("entry_id"),
        state=MessageState.WAITING,
    )
    unheard = Delivery.objects.filter(
        subscriber=LISTENER,
        state=Delivery.State.WAITING,
        entry__subject_kind=OuterRef("subject_kind"),
        entry__subject_id=OuterRef("subject_id"),
        entry_id__lt=OuterRef("entry_id"),
    )
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=at)
    waiting = Message.objects.filter(free, state=MessageState.WAITING, not_before__lte=at)
    return waiting.filter(~Exists(earlier), ~Exists(unheard)).order_by("entry_id")


def due_targets(at: datetime) -> list[int]:
    """Active targets that have something to be sent and are not resting after failures."""
    awake = Q(paused_until__isnull=True) | Q(paused_until__lte=at)
    waiting = Message.objects.filter(target=OuterRef("pk"), state=MessageState.WAITING, not_before__lte=at)
    found = WebhookTarget.objects.filter(awake, Exists(waiting), state=TargetState.ACTIVE)
    return list(found.order_by("pk").values_list("pk", flat=True))


def dispatch(at: datetime) -> int:
    """Start a worker for each target that has something due and none in this process; answers how many were started."""
    started = 0
    for target_id in due_targets(at):
        with _lock:
            if target_id in _running or len(_running) >= WORKERS:
                continue
            _running.add(target_id)
        threading.Thread(target=_work, args=(target_id, at), name=f"webhooks-{target_id}").start()
        started += 1
    return started


def _work(target_id: int, at: datetime) -> None:
    """One worker: its own connection, its own failures, an end in sight."""
    since = time.monotonic()

    def now() -> datetime:
        return at + timedelta(seconds=time.monotonic() - since)

    try:
        close_old_connections()
        send_due(target_id=target_id, now=now)
    except Exception:
        log.exception("sending to target %s broke; the next round goes on", target_id)
    finally:
        connection.close()
        with _lock:
            _running.discard(target_id)


def send_due(
    *, target_id: int, now: Now, send: Send = post, jitter: Callable[[], float] = random.random
) -> int:
    """Send what is due to one target until nothing is, it fails too often, or the time is up; answers how many tries."""
    until, tries = now() + BUDGET, 0
    while now() < until:
        at = now()
        target = (
            WebhookTarget.objects.filter(pk=target_id, state=TargetState.ACTIVE)
            .select_related("user")
            .first()
        )
        if target is None or (target.paused_until and target.paused_until > at):
            break
        probing = target.failures >= rules.CIRCUIT
        found = list(
            due_messages(at).filter(target=target).select_related("entry")[: 1 if probing else AT_ONCE]
        )
        if not found:
            break
        round_ = _round(target, found, at)
        for message in found:
            if now() >= until:
                break
            went_well = _try(message, round_, now, send, jitter)
            tries += went_well is not None
            if went_well is False and (probing or _circuit_is_open(target)):
                break
    return tries


def _circuit_is_open(target: WebhookTarget) -> bool:
    target.refresh_from_db(fields=["failures", "paused_until", "state"])
    return target.failures >= rules.CIRCUIT


@dataclass(frozen=True, slots=True)
class Round:
    """What the tries of one look at the queue share: at most AT_ONCE messages, within BUDGET."""

    target: WebhookTarget
    secrets: Sequence[str]
    links: Mapping[int, str]
    """Message → address of its subject, of those the account may read now."""


def _round(target: WebhookTarget, found: Sequence[Message], at: datetime) -> Round:
    actor, known = actor_for(target.user, at=at), sources()
    ids: dict[str, set[int]] = defaultdict(set)
    for message in found:
        ids[message.subject_kind].add(message.subject_id)
    names = {
        kind: names_within_reach(known[kind], some, actor, at) for kind, some in ids.items() if kind in known
    }
    links = {
        message.pk: f"/api/v1{known[message.subject_kind].address.format(key=message.subject_name)}"
        for message in found
        if message.subject_id in names.get(message.subject_kind, {})
    }
    return Round(target, secrets_of(target, at), links)


def _try(message: Message, round_: Round, now: Now, send: Send, jitter: Callable[[], float]) -> bool | None:
    """One try. True: delivered; False: failed; None: somebody else has it, or the target may not hear of it."""
    at = now()
    held = Message.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lt=at),
        pk=message.pk,
        state=MessageState.WAITING,
        attempts=message.attempts,
    )
    first = message.first_tried_at or at
    if held.update(attempts=F("attempts") + 1, lease_until=at + LEASE, first_tried_at=first) != 1:
        return None
    message.attempts, message.first_tried_at = message.attempts + 1, first
    if message.pk not in round_.links:
        _end(message, MessageState.WITHHELD, at)
        return None
    return _note(message, round_.target, _sent(message, round_, at, send), now(), jitter())


def _sent(message: Message, round_: Round, at: datetime, send: Send) -> Reply:
    entry, target = message.entry, round_.target
    happened = Happened(
        entry.pk,
        entry.fact,
        message.subject_kind,
        message.subject_name,
        round_.links[message.pk],
        entry.at,
        entry.recorded_at,
    )
    body = rules.event_body(happened, origin=settings.CHECKPOINT_ORIGIN)
    headers = rules.signed_headers(
        entry_id=entry.pk,
        body=body,
        secrets=round_.secrets,
        algorithm=Algorithm(target.algorithm),
        at=at,
    )
    try:
        where = target_of(target.url, allowed_hosts())
    except Refusal:
        return Reply("inside", 0)
    return send(where, body, headers)


def _note(message: Message, target: WebhookTarget, reply: Reply, at: datetime, jitter: float) -> bool:
    """Write down what came of a try; a try whose lease was lost writes nothing but its line in the log."""
    taken = reply.outcome == "answered" and 200 <= (reply.status or 0) < 300
    with transaction.atomic():
        Attempt.objects.create(
            message=message,
            number=message.attempts,
            at=at,
            outcome=reply.outcome,
            status=reply.status,
            milliseconds=reply.milliseconds,
            beginning="" if taken else _plain(reply.beginning),
        )
        if taken:
            _end(message, MessageState.SENT, at)
            calm = {"failures": 0, "failing_since": None, "paused_until": None}
            WebhookTarget.objects.filter(pk=target.pk, failures__gt=0).update(**calm)
        else:
            _failed(message, target, at, jitter)
    if not taken:
        _judge(target, reply, at)
    return taken


def _failed(message: Message, target: WebhookTarget, at: datetime, jitter: float) -> None:
    first = message.first_tried_at or at
    if rules.is_given_up(first, at):
        _end(message, MessageState.DEAD, at)
    else:
        wait = rules.wait_after(message.attempts, jitter)
        _held(message).update(not_before=at + wait, lease_until=None)
    rows = WebhookTarget.objects.filter(pk=target.pk)
    rows.update(failures=F("failures") + 1)
    rows.filter(failing_since__isnull=True).update(failing_since=at)
    target.refresh_from_db()
    if target.failures >= rules.CIRCUIT:
        rest = rules.wait_after(target.failures - rules.CIRCUIT + 1, jitter)
        rows.update(paused_until=at + rest)


def _judge(target: WebhookTarget, reply: Reply, at: datetime) -> None:
    """Stop sending to a target that says it is gone, or that has taken nothing for days."""
    if reply.status == GONE:
        target_disable(target=target, reason="410 Gone", at=at)
    elif target.failing_since and at - target.failing_since >= rules.DISABLE_AFTER:
        target_disable(target=target, reason=f"{rules.DISABLE_AFTER.days} d", at=at)


def _held(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, state=MessageState.WAITING, attempts=message.attempts)


def _end(message: Message, state: MessageState, at: datetime) -> None:
    _held(message).update(state=state, ended_at=at, lease_until=None)


def _plain(beginning: bytes) -> str:
    """The beginning of an answer as text that every database can hold."""
    text = beginning[:200].decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else " " for sign in text)[:200]
