"""Handing entries to their subscribers: claim by conditional update, run, mark done – one transaction per delivery."""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from zhengxiao.kernel.timeline.models import Delivery
from zhengxiao.kernel.timeline.registry import subscription

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 12
FIRST_DELAY = timedelta(seconds=10)
LONGEST_DELAY = timedelta(hours=6)


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


def deliver_due(*, at: datetime, limit: int = 200) -> DeliveryResult:
    """Deliver up to `limit` waiting rows whose time has come. One bad row never stops the others."""
    done = failed = 0
    waiting = (
        Delivery.objects.filter(state=Delivery.State.WAITING, not_before__lte=at)
        .select_related("entry")
        .order_by("not_before", "id")[:limit]
    )
    for delivery in waiting:
        try:
            done += _deliver_one(delivery, at)
        except Exception:
            log.exception("delivery %s to %s failed", delivery.pk, delivery.subscriber)
            _postpone(delivery, at)
            failed += 1
    return DeliveryResult(done=done, failed=failed)


def delivery_replay(*, delivery_id: int, at: datetime) -> bool:
    """Put a parked delivery back into the queue; False when it was not parked."""
    changed = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.PARKED).update(
        state=Delivery.State.WAITING, attempts=0, not_before=at
    )
    return changed == 1
