"""Recording facts: entry, hash leaf and one delivery row per subscriber, always inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from zhengxiao.kernel.jobs.api import bulk_insert, row_maker
from zhengxiao.kernel.timeline.models import Delivery, Entry
from zhengxiao.kernel.timeline.registry import facts, subscribers_of
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.hashing import canonical_json, leaf_hash


@dataclass(frozen=True, slots=True)
class Subject:
    """What a fact is about: a kind ("case", "item_version") and the row's id."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact to record in bulk; `at` is when it counts, which may lie in the past for imported history."""

    fact: str
    subject: Subject
    actor: Actor
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    unit_id: int | None = None


def leaf_payload(entry: Entry) -> bytes:
    """The bytes whose hash is the entry's leaf: everything that was said, in canonical JSON."""
    return canonical_json(
        {
            "fact": entry.fact,
            "subject": [entry.subject_kind, entry.subject_id],
            "at": entry.at,
            "recorded_at": entry.recorded_at,
            "actor": entry.actor_id,
            "actor_name": entry.actor_name,
            "unit": entry.unit_id,
            "data": entry.data,
        }
    )


def _plain(value: Any) -> Any:
    """JSON's own types: moments become UTC ISO text, dates and decimals text; anything else is refused by the hash."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)  # one database would return 2e16 as a whole number, the other as it was written
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _entry(row: FactRow, recorded_at: datetime) -> Entry:
    if row.fact not in facts:
        raise RuntimeError(f"fact {row.fact!r} is not declared")
    entry: Entry = row_maker(Entry)(
        fact=row.fact,
        subject_kind=row.subject.kind,
        subject_id=row.subject.id,
        at=row.at,
        recorded_at=recorded_at,
        actor_id=row.actor.user_id,
        actor_name=row.actor.name,
        unit_id=row.unit_id,
        data=_plain(row.data),
    )
    entry.leaf = leaf_hash(leaf_payload(entry))
    return entry


def record(
    *,
    fact: str,
    subject: Subject,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    unit_id: int | None = None,
    recorded_at: datetime | None = None,
) -> Entry:
    """Write one fact. `at` is its legal moment; `recorded_at` defaults to it (the verb's own moment).

    Raises RuntimeError for an undeclared fact or outside a transaction: a fact and the change it tells of are one.
    """
    return record_many(
        [FactRow(fact, subject, actor, at, data or {}, unit_id)], recorded_at=recorded_at or at
    )[0]


def record_many(rows: Iterable[FactRow], *, recorded_at: datetime) -> list[Entry]:
    """Write many facts with their leaves and deliveries in the caller's transaction; order is kept."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a fact is recorded inside the transaction of the change it tells of")
    entries = [_entry(row, recorded_at) for row in rows]
    if len(entries) == 1:
        entries[0].save(force_insert=True)
    else:
        bulk_insert(Entry, entries)
    delivery = row_maker(Delivery)
    deliveries = [
        delivery(entry_id=entry.pk, subscriber=subscription.name, not_before=recorded_at)
        for entry in entries
        for subscription in subscribers_of(entry.fact)
    ]
    if deliveries:
        bulk_insert(Delivery, deliveries)
    return entries
