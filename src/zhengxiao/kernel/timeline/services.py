"""Recording facts: entry, hash leaf and one delivery row per subscriber, always inside the caller's transaction."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from zhengxiao.kernel.jobs.api import bulk_insert, row_maker
from zhengxiao.kernel.timeline.models import COMMITMENT, Delivery, Entry, PersonalPart
from zhengxiao.kernel.timeline.records import RowWrite, rows_text
from zhengxiao.kernel.timeline.registry import Fact, facts, subscribers_of
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.hashing import Algorithm, canonical_json, digest, leaf_hash
from zhengxiao.lib.refusals import ReadOnly

READ_ONLY = "zhengxiao is read only"
"""What the database says when it takes no entry; the trigger is the proof's."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a fact is about: a kind ("case", "item_version") and the row's id."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact to record in bulk; `at` is when it counts, which may lie in the past for imported history.

    `rows`: the rows of record that were written with it (records.py).
    """

    fact: str
    subject: Subject
    actor: Actor
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    unit_id: int | None = None
    rows: Sequence[RowWrite] = ()


def history_hash() -> Algorithm:
    """The hash of this installation's history (ZX_HISTORY_HASH): of its leaves, its tree and its commitments."""
    return "sm3" if settings.HISTORY_HASH == "sm3" else "sha256"


def leaf_of(entry: Entry) -> bytes:
    """The leaf that the entry's own words give. Raises NotCanonical."""
    return leaf_hash(leaf_payload(entry), history_hash())


def leaf_payload(entry: Entry) -> bytes:
    """The bytes whose hash is the entry's leaf: everything that was said, in canonical JSON; of the rows their hash."""
    said = {
        "fact": entry.fact,
        "subject": [entry.subject_kind, entry.subject_id],
        "at": entry.at,
        "recorded_at": entry.recorded_at,
        "actor": entry.actor_id,
        "actor_name": entry.actor_name,
        "unit": entry.unit_id,
        "data": entry.data,
    }
    if entry.rows:
        said["rows"] = digest(entry.rows.encode(), history_hash()).hex()
    return canonical_json(said)


def commitment(salt: bytes, name: str, value: Any) -> str:
    """What stands for a personal value in an entry: without the salt nobody can tell, or try, which value it was."""
    return digest(salt + name.encode() + b"\x00" + canonical_json(value), history_hash()).hex()


class _Hiding:
    """Puts commitments in the place of the personal values of one entry; the salt is drawn at the first."""

    def __init__(self) -> None:
        self.salt = b""
        self.values: dict[str, Any] = {}

    def commit(self, name: str, value: Any) -> dict[str, str]:
        self.salt = self.salt or os.urandom(16)
        return {COMMITMENT: commitment(self.salt, name, value)}

    def data(self, fact: Fact, data: dict[str, Any]) -> dict[str, Any]:
        for key in fact.personal:
            if data.get(key) not in (None, "", [], {}):
                self.values[key] = data[key]
                data[key] = self.commit(f"data.{key}", data[key])
        return data


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


def _entry(row: FactRow, recorded_at: datetime, parts: list[tuple[Entry, _Hiding]]) -> Entry:
    if row.fact not in facts:
        raise RuntimeError(f"fact {row.fact!r} is not declared")
    hiding = _Hiding()
    entry: Entry = row_maker(Entry)(
        fact=row.fact,
        subject_kind=row.subject.kind,
        subject_id=row.subject.id,
        at=row.at,
        recorded_at=recorded_at,
        actor_id=row.actor.user_id,
        actor_name=row.actor.name,
        unit_id=row.unit_id,
        data=hiding.data(facts[row.fact], _plain(row.data)),
        rows=rows_text(row.rows, hiding.commit) if row.rows else None,
    )
    entry.leaf = leaf_of(entry)
    if hiding.salt:
        parts.append((entry, hiding))
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
    rows: Sequence[RowWrite] = (),
) -> Entry:
    """Write one fact. `at` is its legal moment; `recorded_at` defaults to it (the verb's own moment).

    `rows`: every row of record that was inserted (the row), changed (`changed(row, …)`) or deleted (`gone(row)`) with it, after
    it was written. Raises RuntimeError for an undeclared fact or outside a transaction: a fact and the change it tells of
    are one.
    """
    return record_many(
        [FactRow(fact, subject, actor, at, data or {}, unit_id, rows)], recorded_at=recorded_at or at
    )[0]


def record_many(rows: Iterable[FactRow], *, recorded_at: datetime) -> list[Entry]:
    """Write many facts with their leaves and deliveries in the caller's transaction; order is kept.

    Refuses ReadOnly while the database is older than what was witnessed outside (kernel/proof).
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a fact is recorded inside the transaction of the change it tells of")
    parts: list[tuple[Entry, _Hiding]] = []
    entries = [_entry(row, recorded_at, parts) for row in rows]
    _insert(entries)
    _write_parts(parts)
    delivery = row_maker(Delivery)
    deliveries = [
        delivery(entry_id=entry.pk, subscriber=subscription.name, not_before=recorded_at)
        for entry in entries
        for subscription in subscribers_of(entry.fact)
    ]
    if deliveries:
        bulk_insert(Delivery, deliveries)
    return entries


def _insert(entries: list[Entry]) -> None:
    try:
        bulk_insert(Entry, entries)
    except IntegrityError as error:
        if READ_ONLY in str(error):
            raise ReadOnly from error
        raise


def _write_parts(parts: Sequence[tuple[Entry, _Hiding]]) -> None:
    make = row_maker(PersonalPart)
    bulk_insert(
        PersonalPart,
        [make(entry_id=entry.pk, salt=hiding.salt, values=hiding.values) for entry, hiding in parts],
    )
