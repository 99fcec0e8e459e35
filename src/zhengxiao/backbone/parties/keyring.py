"""Where the keys of personal data are kept, how a new one is made, and sealing everything anew under it.

Keys lie in ZX_HOME/keys as `sealing-NAME` (64 hex signs, readable by the owner only); `sealing-current` names the one
that seals. Before the first rotation the one nameless key is derived from the secret key of the installation; it stays
on the ring as long as the secret key does.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from zhengxiao.backbone.parties.facts import PARTY
from zhengxiao.backbone.parties.models import Party
from zhengxiao.kernel.jobs.api import JobRun, enqueue
from zhengxiao.kernel.timeline.api import RowWrite, Subject, changed, record
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.sealing import KeyLost, Keyring, derive_keys, head_of

JOB = "parties.reseal"
BATCH = 200
COLUMNS = ("id_sealed", "contact_name_sealed", "contact_phone_sealed")


def _folder() -> Path:
    return Path(settings.HOME) / "keys"


def sealing_ring() -> Keyring:
    """The keys of this installation as they lie in the folder now. Raises KeyLost when the current one is gone."""
    marker = _folder() / "sealing-current"
    try:
        stamp = marker.stat().st_mtime_ns
    except FileNotFoundError:
        stamp = 0
    return _ring(settings.SECRET_KEY, str(_folder()), stamp)


@lru_cache(maxsize=8)
def _ring(secret: str, folder: str, stamp: int) -> Keyring:
    nameless = derive_keys(secret)
    if not stamp:
        return Keyring(nameless)
    place = Path(folder)
    current = (place / "sealing-current").read_text(encoding="ascii").strip()
    named = {
        path.name.removeprefix("sealing-"): path.read_text(encoding="ascii").strip()
        for path in sorted(place.glob("sealing-*"))
        if path.name != "sealing-current" and path.suffix != ".new"
    }
    if current not in named:
        raise KeyLost(id=current)
    keys = {name: derive_keys(bytes.fromhex(text), key_id=name) for name, text in named.items()}
    first = keys.pop(current)
    return Keyring(first, (*keys.values(), nameless))


def key_rotate(*, actor: Actor, at: datetime) -> str:
    """Make a key, let it seal from now on, and ask for everything to be sealed anew; answers the new key's name.

    The key is on the disk before it is current: a crash between the two leaves the old one in force.
    """
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{at:%Y%m%d}{secrets.token_hex(2)}"
    _write(folder / f"sealing-{name}", secrets.token_bytes(32).hex())
    _write(folder / "sealing-current", name)
    reseal_request(actor=actor, at=at)
    return name


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of another app that is sealed by the ring under this purpose; it is sealed anew with the rest.

    The row is of record: `fact` tells of its new seal, about the subject of `kind` whose id stands in `key`.
    """

    model: type[Model]
    column: str
    purpose: str
    fact: str
    kind: str
    key: str


_columns: list[SealedColumn] = []


def register_sealed(column: SealedColumn) -> None:
    """Declare a sealed column, so that rotation reaches it and its rows count as users of a key. From `apps.ready()`."""
    _columns.append(column)


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A key by name, whether it seals now, and how many rows hold something sealed by it."""

    name: str
    is_current: bool
    rows: int


def keys_in_use() -> list[KeyUse]:
    """Every key of the ring, the current one first. A key may go once nothing is sealed by it."""
    ring = sealing_ring()
    return [KeyUse(keys.id, keys is ring.current, _rows_sealed_by(head_of(keys))) for keys in ring.all]


def _rows_sealed_by(head: str) -> int:
    others = sum(_rows(one).filter(**{f"{one.column}__startswith": head}).count() for one in _columns)
    return Party.objects.filter(_sealed_by(head)).count() + others


def _rows(one: SealedColumn) -> QuerySet[Any]:
    return one.model._default_manager.all()


def _sealed_by(head: str) -> Q:
    found = Q(pk__in=[])
    for column in COLUMNS:
        found |= Q(**{f"{column}__startswith": head})
    return found


def _stale(ring: Keyring) -> Q:
    """Rows in which anything is sealed by another key than the current one."""
    found = Q(pk__in=[])
    for column in COLUMNS:
        found |= ~Q(**{column: ""}) & ~Q(**{f"{column}__startswith": head_of(ring.current)})
    return found


def reseal_request(*, actor: Actor, at: datetime) -> int:
    """Ask for everything to be sealed under the current key, in the background; answers the job's id."""
    return enqueue(name=JOB, args={}, at=at, actor=actor, lane=JOB).pk


def reseal_batch(after: int = 0, *, at: datetime) -> tuple[int, int]:
    """Seal the next rows anew, in one transaction: (rows done, key of the last one; 0 when none were left).

    Both keys open and find meanwhile. Raises KeyLost, SealBroken: then nothing of the batch is written.
    """
    from zhengxiao.backbone.parties.services import sealed_anew  # noqa: PLC0415 - services read the ring

    ring = sealing_ring()
    with transaction.atomic():
        rows = list(Party.objects.filter(_stale(ring), pk__gt=after).order_by("pk")[:BATCH])
        done = 0
        for party in rows:
            values = sealed_anew(party, ring)
            if (
                Party.objects.filter(id_type=party.id_type, id_index=values["id_index"])
                .exclude(pk=party.pk)
                .exists()
            ):
                # The same number was registered under the new key meanwhile: the seal is new, the index stays.
                values["id_index"] = party.id_index
            held = Party.objects.filter(pk=party.pk, **{name: getattr(party, name) for name in COLUMNS})
            if held.update(**values) != 1:
                continue
            for name, value in values.items():
                setattr(party, name, value)
            _told("parties.resealed", Subject(PARTY, party.pk), changed(party, *values), at)
            done += 1
    return done, rows[-1].pk if rows else 0


def _told(fact: str, about: Subject, row: RowWrite, at: datetime) -> None:
    record(fact=fact, subject=about, actor=SYSTEM, at=at, data={}, rows=[row])


def reseal_job(_args: dict[str, Any], run: JobRun) -> dict[str, Any]:
    """Batch after batch until nothing is left. A run that broke off begins where rows are still stale."""
    total, last = 0, 0
    while True:
        done, last = reseal_batch(last, at=run.now())
        total += done
        if not last:
            break
        run.progress(done=total)
    for one in _columns:
        last = 0
        while True:
            done, last = column_batch(one, last, at=run.now())
            total += done
            if not last:
                break
            run.progress(done=total)
    return {"rows": total}


def column_batch(one: SealedColumn, after: int = 0, *, at: datetime) -> tuple[int, int]:
    """The same for a column of another app."""
    ring = sealing_ring()
    stale = (
        _rows(one).exclude(**{one.column: ""}).exclude(**{f"{one.column}__startswith": head_of(ring.current)})
    )
    with transaction.atomic():
        found = list(stale.filter(pk__gt=after).order_by("pk")[:BATCH])
        done = 0
        for row in found:
            sealed = getattr(row, one.column)
            fresh = ring.seal(ring.open(sealed, purpose=one.purpose), purpose=one.purpose)
            if _rows(one).filter(pk=row.pk, **{one.column: sealed}).update(**{one.column: fresh}) == 1:
                setattr(row, one.column, fresh)
                _told(one.fact, Subject(one.kind, getattr(row, one.key)), changed(row, one.column), at)
                done += 1
    return done, found[-1].pk if found else 0
