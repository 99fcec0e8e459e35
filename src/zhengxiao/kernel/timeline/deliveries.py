"""Handing entries to their subscribers: claim by conditional update, run, mark done – one transaction per delivery.

A subscriber that takes batches gets many entries in one transaction. Whatever goes wrong there, another runner's claim
included, is rolled back whole, and each of these deliveries then goes its own way.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from zhengxiao.kernel.timeline.models import Delivery, Entry
from zhengxiao.kernel.timeline.registry import batch_subscriptions, subscription

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 12
FIRST_DELAY = timedelta(seconds=10)
LONGEST_DELAY = timedelta(hours=6)
BATCH = 500
Batch = Callable[[Sequence[Entry]], None]


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """How many deliveries a pass did, and how many failed and wait for another try (or were parked)."""

    done: int
    failed: int


def _delay(attempts: int) -> timedelta:
    """Ten seconds after the first failure, doubled each time up to six hours."""
    doublings: int = min(max(attempts, 1) - 1, 20)
    return min(FIRST_DELAY * float(2**doublings), LONGEST_DELAY)


def _deliver_one(delivery: Delivery, at: datetime) -> bool:
    """Run the handler and mark the row done together, so an effect inside this database happens exactly once."""
    subscriber = subscription(delivery.subscriber)
    if subscriber is None:
        raise LookupError(f"nobody is named {delivery.subscriber}")
    with transaction.atomic():
        claimed = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING).update(
            state=Delivery.State.DONE, done_at=at, attempts=F("attempts") + 1, error=""
        )
        if claimed != 1:
            return False  # another runner was here first; its transaction does the work
        subscriber.handler(delivery.entry)
    return True


def _postpone(delivery: Delivery, at: datetime) -> None:
    attempts = delivery.attempts + 1
    parked = attempts >= MAX_ATTEMPTS
    Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING).update(
        state=Delivery.State.PARKED if parked else Delivery.State.WAITING,
        attempts=attempts,
        not_before=at + _delay(attempts),
        error=traceback.format_exc(limit=20)[-4000:],
    )


class _Raced(Exception):
    """Another runner holds one of the deliveries of this batch."""


def _deliver_together(deliveries: Sequence[Delivery], batch: Batch, at: datetime) -> None:
    """Claim all of these, or none, and hand their entries over. Raises _Raced and whatever the handler raises."""
    with transaction.atomic():
        claimed = Delivery.objects.filter(
            pk__in=[delivery.pk for delivery in deliveries], state=Delivery.State.WAITING
        ).update(state=Delivery.State.DONE, done_at=at, attempts=F("attempts") + 1, error="")
        if claimed != len(deliveries):
            raise _Raced
        batch([delivery.entry for delivery in deliveries])


def _waiting(at: datetime) -> QuerySet[Delivery]:
    due = Delivery.objects.filter(state=Delivery.State.WAITING, not_before__lte=at)
    return due.select_related("entry").order_by("not_before", "id")


def _deliver_batches(at: datetime, size: int) -> DeliveryResult:
    """One batch for each subscriber that takes batches and has something waiting."""
    done = failed = 0
    for subscriber in batch_subscriptions():
        assert subscriber.batch is not None  # noqa: S101 - that is what was asked for
        deliveries = list(_waiting(at).filter(subscriber=subscriber.name)[:size])
        if not deliveries:
            continue
        try:
            _deliver_together(deliveries, subscriber.batch, at)
        except _Raced:
            continue  # the other runner does them; what it leaves is taken at the next round
        except Exception:
            log.exception("%s deliveries to %s go one by one", len(deliveries), subscriber.name)
            part = _deliver_each(deliveries, at)
            done, failed = done + part.done, failed + part.failed
        else:
            done += len(deliveries)
    return DeliveryResult(done=done, failed=failed)


def _deliver_each(deliveries: Iterable[Delivery], at: datetime) -> DeliveryResult:
    done = failed = 0
    for delivery in deliveries:
        try:
            done += _deliver_one(delivery, at)
        except Exception:
            log.exception("delivery %s to %s failed", delivery.pk, delivery.subscriber)
            _postpone(delivery, at)
            failed += 1
    return DeliveryResult(done=done, failed=failed)


def deliver_due(*, at: datetime, limit: int = 200) -> DeliveryResult:
    """Deliver waiting rows whose time has come: up to `limit`, and a batch for each subscriber that takes batches.

    One bad row never stops the others.
    """
    together = _deliver_batches(at, BATCH)
    alone = _deliver_each(_waiting(at)[:limit], at)
    return DeliveryResult(done=together.done + alone.done, failed=together.failed + alone.failed)


def delivery_replay(*, delivery_id: int, at: datetime) -> bool:
    """Put a parked delivery back into the queue; False when it was not parked."""
    changed = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.PARKED).update(
        state=Delivery.State.WAITING, attempts=0, not_before=at
    )
    return changed == 1
