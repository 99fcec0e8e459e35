"""From facts to what is owed: one message for each target that asked for the fact and may read its subject."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from threading import Lock

from django.conf import settings
from django.db import DatabaseError

from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.kernel.webhooks.models import Message, TargetState, WebhookTarget
from zhengxiao.kernel.webhooks.sources import names_within_reach, sources

LISTENER = "webhooks"


class Wanted:
    """The facts that any active target asks for, in memory: recording a fact must not cost a question.

    Read anew after `every` seconds of the monotonic clock, and at once by the process that changed a target. A target that
    was just confirmed therefore hears of what other processes record after that many seconds.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._names: frozenset[str] = frozenset()
        self._read_at: float | None = None

    def __call__(self, fact: str) -> bool:
        every = settings.ZX_WEBHOOK_LOOK_SECONDS
        now = time.monotonic()
        if every is not None and (self._read_at is None or now - self._read_at >= every):
            self._read_at = now
            try:
                self.read()
            except DatabaseError:  # before the first migration there are no targets
                return False
        return fact in self._names

    def read(self) -> None:
        """Look at the targets now."""
        found = WebhookTarget.objects.filter(state=TargetState.ACTIVE).values_list("facts", flat=True)
        names = frozenset(name for facts in found for name in facts)
        with self._lock:
            self._names = names

    def forget(self) -> None:
        with self._lock:
            self._names = frozenset()


WANTED = Wanted()


def heard(entry: Entry) -> None:
    """Owe one fact."""
    heard_many([entry])


def heard_many(entries: Sequence[Entry]) -> None:
    """Owe facts to every active target that asked for them before they were recorded and may read their subjects."""
    targets = WebhookTarget.objects.filter(state=TargetState.ACTIVE).select_related("user")
    owed = [message for target in targets for message in _owed(target, entries)]
    Message.objects.bulk_create(owed, ignore_conflicts=True)


def _owed(target: WebhookTarget, entries: Sequence[Entry]) -> list[Message]:
    since = target.active_since
    asked = [e for e in entries if e.fact in target.facts and since is not None and e.recorded_at >= since]
    by_kind: dict[str, list[Entry]] = defaultdict(list)
    for entry in asked:
        by_kind[entry.subject_kind].append(entry)
    known, found = sources(), list[Message]()
    for kind, some in by_kind.items():
        if kind not in known:
            continue
        at = max(entry.recorded_at for entry in some)
        actor = actor_for(target.user, at=at)
        names = names_within_reach(known[kind], {entry.subject_id for entry in some}, actor, at)
        found += [_message(target, e, names[e.subject_id]) for e in some if e.subject_id in names]
    return found


def _message(target: WebhookTarget, entry: Entry, name: str) -> Message:
    return Message(
        target=target,
        entry=entry,
        fact=entry.fact,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        subject_name=name,
        created_at=entry.recorded_at,
        not_before=entry.recorded_at,
    )
