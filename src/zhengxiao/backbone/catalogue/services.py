"""Verbs on items: draft, revise, submit, publish, return, retire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from zhengxiao.backbone.catalogue import permissions, refusals
from zhengxiao.backbone.catalogue.columns import material_rows, version_columns
from zhengxiao.backbone.catalogue.content import VersionContent, code_findings
from zhengxiao.backbone.catalogue.facts import ITEM, VERSION
from zhengxiao.backbone.catalogue.models import (
    ITEM_SCOPE,
    OPEN_STATES,
    BasicItem,
    Item,
    ItemMaterial,
    ItemVersion,
)
from zhengxiao.backbone.catalogue.rules import VersionState
from zhengxiao.backbone.catalogue.workflow import NAME, day_of
from zhengxiao.kernel.access.api import can, require
from zhengxiao.kernel.orgs.api import Region, Unit, local_day
from zhengxiao.kernel.timeline.api import RowWrite, Subject, changed, gone, record
from zhengxiao.kernel.workflow.api import move
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.identifiers import item_code_scheme
from zhengxiao.lib.refusals import NotPermitted, StaleState


@dataclass(frozen=True, slots=True)
class ItemCodes:
    """The codes an item is entered with; only `code` is needed, the rest follows from its scheme."""

    code: str
    basic_code: str = ""
    local_catalog_code: str = ""
    local_task_code: str = ""
    level: str = ""


def _sound_scheme(codes: ItemCodes) -> str:
    """The scheme of a code entered by a person. Raises CodeFaulty: on entry a wrong code is refused."""
    scheme = item_code_scheme(codes.code) or ""
    found = code_findings(code=codes.code, scheme=scheme, basic_code=codes.basic_code, credit_code=None)
    if found:
        raise refusals.CodeFaulty(field="code", fault=found[0].text)
    return scheme


def require_at(actor: Actor, action: str, unit: Unit) -> None:
    """The action at this very department. Raises NotPermitted."""
    require(actor, action)
    probe = Item(unit=unit, region_id=unit.region_id)
    if not can(actor, action, probe, ITEM_SCOPE):
        raise NotPermitted(action=permissions.POLICIES.labels[action])


def item_create(
    *,
    unit: Unit,
    region: Region,
    codes: ItemCodes,
    content: VersionContent,
    reason: str,
    main_name: str = "",
    actor: Actor,
    at: datetime,
) -> ItemVersion:
    """A new item of a department with its first draft.

    Raises NotPermitted, ReasonMissing, CodeFaulty (codes are checked on entry, GB 32100 included), CodeTaken.
    """
    require_at(actor, permissions.DRAFT, unit)
    if not reason.strip():
        raise refusals.ReasonMissing(field="reason")
    scheme = _sound_scheme(codes)
    national = scheme in ("implementation_31", "handling_33")
    basic = BasicItem.objects.filter(code=codes.basic_code).first() if codes.basic_code else None
    try:
        with transaction.atomic():
            item = Item.objects.create(
                unit=unit,
                region=region,
                basic=basic,
                code=codes.code,
                scheme=scheme,
                implementation_code=codes.code[:31] if national else "",
                handling_serial=codes.code[31:] if national else "",
                local_catalog_code=codes.local_catalog_code,
                local_task_code=codes.local_task_code,
                level=codes.level or (codes.code[18] if national else ""),
                main_name=main_name,
                created_at=at,
                created_by_id=actor.user_id,
            )
            tell_item("catalogue.item_entered", item, actor, at, item)
            return _drafted(item, 1, content, reason, actor, at)
    except IntegrityError as error:
        raise refusals.CodeTaken(field="code", code=codes.code) from error


def item_draft(
    *, item: Item, content: VersionContent, reason: str, actor: Actor, at: datetime
) -> ItemVersion:
    """A new version of an item as a draft. Raises NotPermitted, ReasonMissing, DraftOpen."""
    require_at(actor, permissions.DRAFT, item.unit)
    if not reason.strip():
        raise refusals.ReasonMissing(field="reason")
    last = ItemVersion.objects.filter(item=item).order_by("-number").first()
    try:
        with transaction.atomic():
            return _drafted(item, last.number + 1 if last else 1, content, reason, actor, at)
    except IntegrityError as error:
        # The unique draft per item, or the same number taken by somebody at the same time.
        raise refusals.DraftOpen from error


def _drafted(
    item: Item, number: int, content: VersionContent, reason: str, actor: Actor, at: datetime
) -> ItemVersion:
    version = ItemVersion.objects.create(
        item=item,
        number=number,
        state=VersionState.DRAFT.value,
        **version_columns(content),
        reason=reason.strip(),
        changed_by_id=actor.user_id,
        changed_at=at,
        authors=[] if actor.user_id is None else [actor.user_id],
    )
    materials = ItemMaterial.objects.bulk_create(material_rows(version, content.materials))
    _tell("catalogue.item_drafted", version, actor, at, [version, *materials], reason=reason.strip())
    return version


def tell_item(fact: str, item: Item, actor: Actor, at: datetime, *rows: RowWrite) -> None:
    """A fact of the item itself."""
    record(
        fact=fact,
        subject=Subject(ITEM, item.pk),
        actor=actor,
        at=at,
        data={"code": item.code},
        unit_id=item.unit_id,
        rows=rows,
    )


def _tell(
    fact: str, version: ItemVersion, actor: Actor, at: datetime, rows: Sequence[RowWrite], **more: Any
) -> None:
    record(
        fact=fact,
        subject=Subject(VERSION, version.pk),
        actor=actor,
        at=at,
        data={"name": version.name, "number": version.number, **more},
        unit_id=version.unit_id,
        rows=rows,
    )


def draft_revise(
    *, version: ItemVersion, content: VersionContent, reason: str, actor: Actor, at: datetime
) -> ItemVersion:
    """Rewrite a draft. Raises NotPermitted, ReasonMissing, NotADraft, StaleState when somebody wrote meanwhile."""
    require_at(actor, permissions.DRAFT, version.item.unit)
    if not reason.strip():
        raise refusals.ReasonMissing(field="reason")
    if version.state != VersionState.DRAFT.value:
        raise refusals.NotADraft
    columns = {
        **version_columns(content),
        "reason": reason.strip(),
        "changed_by_id": actor.user_id,
        "changed_at": at,
        "authors": sorted({*version.authors, *([] if actor.user_id is None else [actor.user_id])}),
    }
    with transaction.atomic():
        same = ItemVersion.objects.filter(
            pk=version.pk,
            state=VersionState.DRAFT.value,
            digest=version.digest,
            changed_at=version.changed_at,
        )
        if same.update(**columns) != 1:
            raise StaleState
        for name, value in columns.items():
            setattr(version, name, value)
        went = [gone(row) for row in version.materials.all()]
        version.materials.all().delete()
        materials = ItemMaterial.objects.bulk_create(material_rows(version, content.materials))
        rows: list[RowWrite] = [changed(version, *columns), *went, *materials]
        _tell("catalogue.item_revised", version, actor, at, rows, reason=reason.strip())
    return version


def version_submit(*, version: ItemVersion, actor: Actor, at: datetime) -> ItemVersion:
    """Hand a draft to review. Raises NotPermitted, MoveNotLawful, ContentFaulty, StaleState."""
    moved: ItemVersion = move(workflow=NAME, transition="submit", obj=version, actor=actor, at=at)
    return moved


def version_publish(
    *, version: ItemVersion, valid_from: date | None = None, note: str = "", actor: Actor, at: datetime
) -> ItemVersion:
    """Approve and publish from a day on (today unless given); the version before ends the day this one begins.

    Raises NotPermitted, OwnDraft, ContentFaulty, ValidityOverlaps, MoveNotLawful, StaleState.
    """
    start = valid_from or local_day(at)
    with transaction.atomic():
        _make_room(version.item_id, start, actor, at)
        moved: ItemVersion = move(
            workflow=NAME,
            transition="approve",
            obj=version,
            actor=actor,
            at=at,
            data={"valid_from": start.isoformat(), "note": note},
        )
        return moved


def _make_room(item_id: int, start: date, actor: Actor, at: datetime) -> None:
    """End the open-ended version on `start`, and refuse a start that would overlap what was valid before."""
    earlier = ItemVersion.objects.filter(item_id=item_id).exclude(state__in=OPEN_STATES)
    running = earlier.filter(state=VersionState.PUBLISHED.value, valid_to__isnull=True).first()
    last_end = (
        earlier.exclude(valid_to__isnull=True)
        .order_by("-valid_to")
        .values_list("valid_to", flat=True)
        .first()
    )
    if running is not None and running.valid_from is not None and start < running.valid_from:
        raise refusals.ValidityOverlaps(field="valid_from", earliest=running.valid_from.isoformat())
    if last_end is not None and start < last_end:
        raise refusals.ValidityOverlaps(field="valid_from", earliest=last_end.isoformat())
    if running is not None:
        closed = ItemVersion.objects.filter(
            pk=running.pk, state=VersionState.PUBLISHED.value, valid_to__isnull=True
        ).update(valid_to=start)
        if closed != 1:
            raise StaleState
        running.valid_to = start
        _tell("catalogue.item_succeeded", running, actor, at, [changed(running, "valid_to")], valid_to=start)


def version_return(*, version: ItemVersion, note: str, actor: Actor, at: datetime) -> ItemVersion:
    """Send a version back to its drafters with the reason. Raises NotPermitted, OwnDraft, NeedsField, StaleState."""
    moved: ItemVersion = move(
        workflow=NAME, transition="return", obj=version, actor=actor, at=at, data={"note": note}
    )
    return moved


def version_retire(
    *, version: ItemVersion, note: str, valid_to: date | None = None, actor: Actor, at: datetime
) -> ItemVersion:
    """End a published version without a successor, from `valid_to` (today unless given) on.

    Raises NotPermitted, AlreadyEnded, EndsBeforeStart, NeedsField, StaleState.
    """
    data = {"valid_to": valid_to.isoformat() if valid_to else "", "note": note}
    moved: ItemVersion = move(workflow=NAME, transition="retire", obj=version, actor=actor, at=at, data=data)
    return moved


def version_move(
    *, version: ItemVersion, transition: str, data: Mapping[str, str], actor: Actor, at: datetime
) -> ItemVersion:
    """The move a page asks for by name, through the verb that knows what else it touches."""
    if transition == "approve":
        start = day_of(data.get("valid_from", "").strip(), default=local_day(at))
        return version_publish(
            version=version, valid_from=start, note=data.get("note", ""), actor=actor, at=at
        )
    if transition == "retire":
        end = data.get("valid_to", "").strip()
        return version_retire(
            version=version,
            note=data.get("note", ""),
            valid_to=day_of(end, default=local_day(at)) if end else None,
            actor=actor,
            at=at,
        )
    moved: ItemVersion = move(
        workflow=NAME, transition=transition, obj=version, actor=actor, at=at, data=data
    )
    return moved
