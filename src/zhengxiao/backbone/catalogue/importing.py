"""Writing a batch of understood rows: departments, basic entries, items and versions, set-based.

Re-importing the same changes nothing; a change makes the next version and ends the one before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from zhengxiao.backbone.catalogue.columns import material_rows, version_columns
from zhengxiao.backbone.catalogue.facts import BASIC, ITEM, VERSION
from zhengxiao.backbone.catalogue.models import BasicItem, Item, ItemMaterial, ItemVersion
from zhengxiao.backbone.catalogue.reading import ItemDraft, ItemOptions, item_from_row
from zhengxiao.backbone.catalogue.rules import VersionState
from zhengxiao.backbone.catalogue.services import tell_item
from zhengxiao.kernel.jobs.api import bulk_insert
from zhengxiao.kernel.orgs.api import (
    NewUnit,
    Region,
    RegionUnknown,
    Unit,
    UnitKind,
    UnitUnknown,
    local_day,
    region_create,
    units_bulk_create,
)
from zhengxiao.kernel.timeline.api import FactRow, RowWrite, Subject, changed, record_many
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.identifiers import credit_code_fault
from zhengxiao.lib.refusals import Refusal, StaleState, gettext_noop

__all__ = ["ItemDraft", "ItemOptions", "ItemVerdict", "Written", "item_from_row", "items_write"]


class CodeTwice(Refusal):
    template = gettext_noop("编码“{code}”在同一批中出现两次。")


class ItemVerdict(StrEnum):
    ACCEPTED = "accepted"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one draft."""

    verdict: ItemVerdict
    item_id: int | None = None
    refusal: Refusal | None = None


@dataclass
class _Batch:
    """All rows a batch refers to, read once, and what it is about to insert."""

    options: ItemOptions
    actor: Actor
    at: datetime
    units: dict[str, int] = field(default_factory=dict)
    basics: dict[str, int] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    running: dict[int, ItemVersion] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    new_items: list[Item] = field(default_factory=list)
    closed: list[ItemVersion] = field(default_factory=list)
    new_versions: list[tuple[ItemVersion, ItemDraft]] = field(default_factory=list)

    @property
    def day(self) -> date:
        return local_day(self.at)


def items_write(
    drafts: Sequence[ItemDraft], *, options: ItemOptions, actor: Actor, at: datetime
) -> list[Written]:
    """Bring drafts in as published versions; one answer per draft, in order.

    Raises RegionUnknown, UnitUnknown (when the profile does not make them), StaleState when somebody published
    one of the items meanwhile. The caller has checked that the actor may import.
    """
    with transaction.atomic():
        region = _region(options, actor, at)
        batch = _Batch(options, actor, at)
        batch.units = _units(drafts, region, options, actor, at)
        batch.basics = _basics(drafts, batch)
        _load(drafts, batch)
        written: list[Written | ItemVersion] = []
        seen: set[str] = set()
        for draft in drafts:
            written.append(_place(draft, region, batch, seen))
            seen.add(draft.code)
        _insert(batch)
        return [
            Written(ItemVerdict.ACCEPTED, row.item_id) if isinstance(row, ItemVersion) else row
            for row in written
        ]


def _region(options: ItemOptions, actor: Actor, at: datetime) -> Region:
    region = Region.objects.filter(code=options.region).first()
    if region is not None:
        return region
    if not options.region_name:
        raise RegionUnknown(field="region", code=options.region)
    return region_create(code=options.region, name=options.region_name, actor=actor, at=at)


def unit_code_for(region_code: str, name: str) -> str:
    """A stable code for a department known only by name: the region and a digest of the name."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:10].upper()
    return f"{region_code[:6]}-{digest}"


def _units(
    drafts: Sequence[ItemDraft], region: Region, options: ItemOptions, actor: Actor, at: datetime
) -> dict[str, int]:
    """Department name → unit: by full or short name within the region, else made (or refused)."""
    names = {draft.department: draft.credit_code for draft in reversed(drafts)}
    kinds = (UnitKind.DEPARTMENT.value, UnitKind.CENTRE.value)
    rows = Unit.objects.filter(
        Q(name__in=names) | Q(short_name__in=[name[:32] for name in names]), region=region, kind__in=kinds
    ).order_by("-code")
    found: dict[str, int] = {row.short_name: row.pk for row in rows} | {row.name: row.pk for row in rows}
    missing = sorted(name for name in names if name not in found)
    if missing and not options.create_units:
        raise UnitUnknown(field="department", code=missing[0])
    made = units_bulk_create(
        [
            NewUnit(
                code=unit_code_for(region.code, name),
                name=name[:128],
                kind=UnitKind.DEPARTMENT.value,
                region_code=region.code,
                credit_code=_sound(names[name]) if options.unit_credit else "",
            )
            for name in missing
        ],
        actor=actor,
        at=at,
    )
    return found | {name: made[unit_code_for(region.code, name)].pk for name in missing}


def _sound(credit_code: str) -> str:
    return "" if credit_code_fault(credit_code) else credit_code


def _basics(drafts: Sequence[ItemDraft], batch: _Batch) -> dict[str, int]:
    wanted = {draft.basic_code: draft for draft in reversed(drafts) if draft.basic_code}
    known = dict(BasicItem.objects.filter(code__in=wanted).values_list("code", "pk"))
    if not batch.options.create_basic:
        return known
    fresh = [
        BasicItem(
            code=code,
            scheme="basic_12" if len(code) == 12 else "basic_10",
            name=draft.basic_name or draft.content.name,
            task_type=draft.content.task_type,
            valid_from=batch.options.valid_from or batch.day,
            source=batch.options.source,
            changed_at=batch.at,
            changed_by_id=batch.actor.user_id,
        )
        for code, draft in sorted(wanted.items())
        if code not in known
    ]
    made = bulk_insert(BasicItem, fresh)
    reason, told = batch.options.source, []
    for row in made:
        data = {"code": row.code, "name": row.name, "reason": reason}
        about = Subject(BASIC, row.pk)
        told.append(FactRow("catalogue.basic_recorded", about, batch.actor, batch.at, data, rows=[row]))
    record_many(told, recorded_at=batch.at)
    return known | {row.code: row.pk for row in made}


def _load(drafts: Sequence[ItemDraft], batch: _Batch) -> None:
    codes = {draft.code for draft in drafts}
    batch.items = {item.code: item for item in Item.objects.filter(code__in=codes)}
    ids = [item.pk for item in batch.items.values()]
    versions = ItemVersion.objects.filter(item_id__in=ids)
    batch.numbers = dict(
        versions.order_by().values_list("item_id").annotate(last=Max("number")).values_list("item_id", "last")
    )
    running = versions.filter(state=VersionState.PUBLISHED.value, valid_to__isnull=True).select_related(
        "item"
    )
    batch.running = {version.item_id: version for version in running}


def _place(draft: ItemDraft, region: Region, batch: _Batch, seen: set[str]) -> Written | ItemVersion:
    if draft.code in seen:
        return Written(ItemVerdict.REJECTED, refusal=CodeTwice(field="code", code=draft.code))
    item = batch.items.get(draft.code)
    if item is None:
        return _new_item(draft, region, batch)
    moved = _refresh_item(item, draft, batch)
    running = batch.running.get(item.pk)
    if running is not None and running.digest == draft.content.digest():
        return Written(ItemVerdict.UPDATED if moved else ItemVerdict.UNCHANGED, item.pk)
    _succeed(item, running, draft, batch)
    return Written(ItemVerdict.UPDATED, item.pk)


def _new_item(draft: ItemDraft, region: Region, batch: _Batch) -> ItemVersion:
    item = Item(
        unit_id=batch.units[draft.department],
        region=region,
        basic_id=batch.basics.get(draft.basic_code),
        code=draft.code,
        scheme=draft.scheme,
        implementation_code=draft.code[:31] if draft.is_national else "",
        handling_serial=draft.code[31:] if draft.is_national else "",
        local_catalog_code=draft.local_catalog_code,
        local_task_code="" if draft.is_national else draft.code,
        level=draft.level,
        main_name=draft.main_name[:500],
        source=batch.options.source,
        created_at=batch.at,
        created_by_id=batch.actor.user_id,
    )
    batch.new_items.append(item)
    return _version(item, 1, batch.options.valid_from or batch.day, draft, batch)


def _refresh_item(item: Item, draft: ItemDraft, batch: _Batch) -> bool:
    """Follow the source in what belongs to the item itself: its department and its place in the directory."""
    values: dict[str, Any] = {
        "unit_id": batch.units[draft.department],
        "basic_id": batch.basics.get(draft.basic_code, item.basic_id),
        "main_name": draft.main_name[:500],
    }
    if all(getattr(item, name) == value for name, value in values.items()):
        return False
    Item.objects.filter(pk=item.pk).update(**values)
    for name, value in values.items():
        setattr(item, name, value)
    tell_item("catalogue.item_placed", item, batch.actor, batch.at, changed(item, *values))
    return True


def _succeed(item: Item, running: ItemVersion | None, draft: ItemDraft, batch: _Batch) -> None:
    start = batch.day
    if running is not None:
        # A version of a later day than today is replaced on its own first day: it was never in force.
        start = max(start, running.valid_from or start)
        same = ItemVersion.objects.filter(pk=running.pk, valid_to__isnull=True)
        if same.update(valid_to=start) != 1:
            raise StaleState
        running.valid_to = start
        batch.closed.append(running)
    _version(item, batch.numbers.get(item.pk, 0) + 1, start, draft, batch)


def _version(item: Item, number: int, start: date, draft: ItemDraft, batch: _Batch) -> ItemVersion:
    version = ItemVersion(
        item=item,
        number=number,
        state=VersionState.PUBLISHED.value,
        valid_from=start,
        **version_columns(draft.content),
        warnings=[found.as_json() for found in draft.warnings],
        reason=batch.options.source,
        changed_by_id=batch.actor.user_id,
        changed_at=batch.at,
    )
    batch.new_versions.append((version, draft))
    return version


def _insert(batch: _Batch) -> None:
    bulk_insert(Item, batch.new_items)
    versions = [version for version, _draft in batch.new_versions]
    for version in versions:
        version.item_id = version.item.pk
    bulk_insert(ItemVersion, versions)
    materials = bulk_insert(
        ItemMaterial,
        [
            row
            for version, draft in batch.new_versions
            for row in material_rows(version, draft.content.materials)
        ],
    )
    of_version: dict[int, list[RowWrite]] = {version.pk: [version] for version in versions}
    for row in materials:
        of_version[row.version_id].append(row)
    record_many([*_item_facts(batch), *_version_facts(batch, of_version)], recorded_at=batch.at)


def _item_facts(batch: _Batch) -> Iterator[FactRow]:
    for item in batch.new_items:
        about, data = Subject(ITEM, item.pk), {"code": item.code}
        yield FactRow("catalogue.item_entered", about, batch.actor, batch.at, data, item.unit_id, rows=[item])


def _version_facts(batch: _Batch, of_version: Mapping[int, list[RowWrite]]) -> Iterator[FactRow]:
    """What the import made, and what it ended."""

    def fact(name: str, version: ItemVersion, rows: list[RowWrite], **more: Any) -> FactRow:
        data = {"name": version.name, "number": version.number, **more}
        return FactRow(name, Subject(VERSION, version.pk), batch.actor, batch.at, data, version.unit_id, rows)

    for version in batch.closed:
        rows: list[RowWrite] = [changed(version, "valid_to")]
        yield fact("catalogue.item_succeeded", version, rows, valid_to=version.valid_to)
    for version, _draft in batch.new_versions:
        rows = of_version[version.pk]
        yield fact("catalogue.item_imported", version, rows, source=batch.options.source)
