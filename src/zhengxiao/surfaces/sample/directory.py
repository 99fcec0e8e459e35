"""Writing the sample city's catalogue through the catalogue's face: basic directory, items, versions, claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from django.db import transaction

from zhengxiao.backbone.catalogue.api import (
    BasicItem,
    Item,
    ItemClaim,
    ItemOptions,
    ItemVersion,
    basic_item_record,
    items_write,
)
from zhengxiao.kernel.jobs.api import bulk_insert
from zhengxiao.kernel.timeline.api import FactRow, Subject, record_many
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.surfaces.sample import words
from zhengxiao.surfaces.sample.items import DECLINED_SHARE, Entry, Offer, directory, offers_of, shortened
from zhengxiao.surfaces.sample.place import Place, Seat

SOURCE = "示例市政务服务事项目录"


@dataclass(frozen=True, slots=True)
class Version:
    """A version as histories need it: its days of force and its limits."""

    id: int
    name: str
    kind: str
    valid_from: date
    valid_to: date | None
    statutory: int | None
    promised: int
    unit: str


@dataclass(frozen=True, slots=True)
class Line:
    """An item people apply for."""

    item_id: int
    seat: Seat
    task_type: str
    versions: tuple[Version, ...]
    materials: tuple[str, ...]
    steps: tuple[str, ...]
    staged: bool = False
    """Whether its steps state limits of their own."""

    def on(self, day: date) -> Version:
        """The version in force on the day; all are in force from before the first case."""
        return next(v for v in reversed(self.versions) if v.valid_from <= day)


def catalogue_write(place: Place, rng: Random, *, since: datetime, changed: datetime) -> list[Line]:
    """Write directory, items and claims as of `since`, and two shortened promises as of `changed`."""
    entries = directory(rng)
    with transaction.atomic():
        basics = {entry.code: _basic(entry, since) for entry in entries}
        offers = offers_of(rng, entries, place.seats)
        _write(offers, since)
        _write(shortened(offers), changed)
        _claims(rng, entries, basics, offers, place, since)
    return _lines(offers)


def _basic(entry: Entry, at: datetime) -> BasicItem:
    values = {
        "name": entry.name,
        "task_type": entry.task_type,
        "levels": "34",
        "legal_basis": words.LEGAL_BASIS.format(n=entry.article),
        "process_steps": list(entry.steps),
        "statutory_amount": entry.limit.statutory,
        "statutory_unit": "" if entry.limit.statutory is None else entry.limit.unit,
        "statutory_none": entry.limit.statutory is None,
        "material_names": list(entry.materials),
        "source": SOURCE,
    }
    day = at.date()
    return basic_item_record(
        code=entry.code, values=values, valid_from=day, reason=SOURCE, actor=SYSTEM, at=at
    )


def _write(offers: Sequence[Offer], at: datetime) -> None:
    by_region: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        by_region[offer.seat.region_code].append(offer)
    for region, group in by_region.items():
        options = ItemOptions(
            region=region, create_units=False, create_basic=False, valid_from=at.date(), source=SOURCE
        )
        items_write([offer.draft for offer in group], options=options, actor=SYSTEM, at=at)


def _claims(
    rng: Random,
    entries: Sequence[Entry],
    basics: dict[str, BasicItem],
    offers: Sequence[Offer],
    place: Place,
    at: datetime,
) -> None:
    """Each district department and each entry of its office: claimed with its item, declined with a reason, or open."""
    items = dict(Item.objects.filter(basic__isnull=False).values_list("code", "pk"))
    taken = {
        (offer.seat.code, offer.entry.code): items[offer.draft.code] for offer in offers if offer.in_directory
    }
    rows, told = [], []
    for seat in place.seats:
        for entry in entries:
            if words.OFFICES[entry.office] is not seat.office or seat.letter == "C":
                continue
            item_id = taken.get((seat.code, entry.code))
            declined = item_id is None and rng.random() < DECLINED_SHARE
            state = "claimed" if item_id else "declined" if declined else "to_claim"
            claim = ItemClaim(
                basic=basics[entry.code],
                unit_id=seat.department_id,
                state=state,
                item_id=item_id,
                reason="本区没有该类办理对象。" if declined else "",
                asked_at=at,
                decided_at=None if state == "to_claim" else at,
            )
            rows.append(claim)
            told.append((claim, {"name": entry.name, "unit": seat.name, "reason": claim.reason}))
    bulk_insert(ItemClaim, rows)
    fact = {"claimed": "catalogue.item_claimed", "declined": "catalogue.item_declined"}
    record_many(
        [
            FactRow(fact.get(claim.state, "catalogue.claim_asked"), Subject("item_claim", claim.pk), SYSTEM, at, data,
                    claim.unit_id, [claim])
            for claim, data in told
        ],
        recorded_at=at,
    )  # fmt: skip


def _lines(offers: Sequence[Offer]) -> list[Line]:
    versions: dict[str, list[Version]] = defaultdict(list)
    ids: dict[str, int] = {}
    rows = ItemVersion.objects.select_related("item").order_by("item_id", "number")
    for row in rows.filter(item__code__in=[offer.draft.code for offer in offers]):
        assert row.valid_from is not None  # noqa: S101 - as written above
        assert row.promised_amount is not None  # noqa: S101
        ids[row.item.code] = row.item_id
        versions[row.item.code].append(
            Version(
                row.pk, row.name, row.kind, row.valid_from, row.valid_to,
                row.statutory_amount, row.promised_amount, row.promised_unit,
            )
        )  # fmt: skip
    return [
        Line(
            item_id=ids[offer.draft.code],
            seat=offer.seat,
            task_type=offer.entry.task_type,
            versions=tuple(versions[offer.draft.code]),
            materials=offer.entry.materials,
            steps=offer.entry.steps,
            staged=not offer.in_directory,
        )
        for offer in offers
    ]
