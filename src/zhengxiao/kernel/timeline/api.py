"""The face of the timeline: what other packages may import."""

from __future__ import annotations

from zhengxiao.kernel.timeline.deliveries import DeliveryResult, deliver_due, delivery_replay
from zhengxiao.kernel.timeline.models import Delivery, Entry
from zhengxiao.kernel.timeline.queries import (
    Backlog,
    actor_name,
    backlog,
    entries_for,
    entry_label,
    entry_text,
)
from zhengxiao.kernel.timeline.registry import (
    Fact,
    close_facts,
    facts,
    register_facts,
    subscribe,
    subscribers_of,
    unknown_subscriptions,
)
from zhengxiao.kernel.timeline.services import FactRow, Subject, leaf_payload, record, record_many

__all__ = [
    "Backlog",
    "Delivery",
    "DeliveryResult",
    "Entry",
    "Fact",
    "FactRow",
    "Subject",
    "actor_name",
    "backlog",
    "close_facts",
    "deliver_due",
    "delivery_replay",
    "entries_for",
    "entry_label",
    "entry_text",
    "facts",
    "leaf_payload",
    "record",
    "record_many",
    "register_facts",
    "subscribe",
    "subscribers_of",
    "unknown_subscriptions",
]
