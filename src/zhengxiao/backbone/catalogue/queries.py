"""Reads of items: versions by day, content as a value, unified records and differences, claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from zhengxiao.backbone.catalogue.content import (
    FIELD_LABELS,
    FieldChange,
    Material,
    VersionContent,
    stored_limit,
)
from zhengxiao.backbone.catalogue.elements import (
    Difference,
    UnifiedRecord,
    differences,
    is_unified,
    reference_of,
)
from zhengxiao.backbone.catalogue.limits import Limit, limit_from_text
from zhengxiao.backbone.catalogue.models import (
    BasicItem,
    Item,
    ItemClaim,
    ItemVersion,
    ItemVersionQuerySet,
)
from zhengxiao.backbone.catalogue.rules import ClaimState, VersionState
from zhengxiao.backbone.catalogue.steps import limit_words, step_names, step_words
from zhengxiao.backbone.catalogue.vocabulary import KINDS, ONLINE_DEPTHS, TASK_TYPES
from zhengxiao.kernel.access.api import allows
from zhengxiao.kernel.database.api import Prepared
from zhengxiao.lib.actors import Actor

_COLUMNS = tuple(field.name for field in fields(VersionContent) if field.name != "materials")
_MATERIAL_COLUMNS = tuple(field.name for field in fields(Material))


def version_in_force(item_id: int, on: date) -> ItemVersion | None:
    """The version of the item that is valid on the day, or None (not yet, no longer, never published)."""
    # An empty period [d, d) is left out by `in_force`, so at most one row remains.
    return next(iter(_IN_FORCE(item_id=item_id, on=on)), None)


_IN_FORCE = Prepared(
    lambda item_id, on: (
        ItemVersion.objects.in_force(on).filter(item_id=item_id).select_related("item__unit", "item__region")
    ),
    item_id=int,
    on=date,
)
"""Asked for every application that comes in."""


def versions_in_force(on: date) -> ItemVersionQuerySet:
    """All versions valid on the day, one of each item, as a set for joins and lists."""
    return ItemVersion.objects.in_force(on)


def version_content(version: ItemVersion) -> VersionContent:
    """The version as the value that rules judge and drafts start from."""
    values: dict[str, Any] = {}
    for name in _COLUMNS:
        value = getattr(version, name)
        values[name] = tuple(value) if isinstance(value, list) else value
    materials = tuple(
        Material(**{name: getattr(row, name) for name in _MATERIAL_COLUMNS})
        for row in version.materials.all()
    )
    return VersionContent(**values, materials=materials)


def _shown(value: Any) -> str:
    if isinstance(value, Limit):
        return limit_words(value)
    if isinstance(value, tuple):
        return "\n".join(_shown(part) for part in value)
    if isinstance(value, dict):
        return "".join(step_words((value,)))
    if isinstance(value, Material):
        return value.name
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    return str(value)


def _worded(name: str, value: Any) -> str:
    """Codes in words, everything else as it is shown."""
    tables: dict[str, Any] = {
        "task_type": {key: row.label for key, row in TASK_TYPES.items()},
        "kind": KINDS,
        "online_depth": ONLINE_DEPTHS,
    }
    return gettext(str(tables[name].get(value, value)) or "–") if name in tables else _shown(value)


def compared(before: VersionContent, after: VersionContent) -> list[tuple[FieldChange, bool]]:
    """Every field side by side with whether it differs; fields empty on both sides are left out."""
    rows = []
    for name in FIELD_LABELS:
        one, two = getattr(before, name), getattr(after, name)
        shown = (_worded(name, one), _worded(name, two))
        if any(shown):
            rows.append((FieldChange(name, *shown), one != two))
    return rows


def unified_record(version: ItemVersion) -> UnifiedRecord:
    """What a version says on the ten elements. Needs item, unit, basic and materials loaded."""
    item = version.item
    return UnifiedRecord(
        holder=f"{item.unit.short_name} {item.code}",
        basic_code=item.basic.code if item.basic else "",
        implementation_code=item.implementation_code,
        name=version.name,
        sub_name=version.sub_name,
        task_type=version.task_type,
        legal_basis=version.legal_basis,
        process=step_names(version.process_steps),
        statutory=version.statutory,
        promised=version.promised,
        materials=tuple(material.name for material in version.materials.all()),
        form_ref=version.form_ref,
    )


def basic_record(basic: BasicItem) -> UnifiedRecord:
    """The basic directory's own statement."""
    return UnifiedRecord(
        holder=f"{gettext('基本目录')} {basic.code}",
        basic_code=basic.code,
        name=basic.name,
        sub_name=basic.sub_name,
        task_type=basic.task_type,
        legal_basis=basic.legal_basis,
        process=step_names(basic.process_steps),
        statutory=stored_limit(basic.statutory_amount, basic.statutory_unit, none=basic.statutory_none),
        materials=tuple(basic.material_names),
        form_ref=basic.form_ref,
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """One version against the reference of its basic code."""

    version: ItemVersion
    differences: tuple[Difference, ...]

    @property
    def unified(self) -> bool:
        return is_unified(self.differences)

    @property
    def faults(self) -> tuple[Difference, ...]:
        return tuple(row for row in self.differences if not row.permitted)


def _by_level(version: ItemVersion) -> tuple[str, str]:
    return (version.item.level or "9", version.item.code)


def comparisons(versions: Iterable[ItemVersion]) -> list[Comparison]:
    """Each version with a basic code against its reference; handling items are compared with their own serial only.

    The reference is the basic directory where it states an element, else the highest level that does.
    """
    groups: dict[tuple[int, str], list[ItemVersion]] = defaultdict(list)
    for version in versions:
        if version.item.basic_id is not None:
            groups[(version.item.basic_id, version.item.handling_serial)].append(version)
    found: list[Comparison] = []
    for _key, group in sorted(groups.items()):
        found += _compared_group(sorted(group, key=_by_level))
    return found


def _told(row: Difference) -> Difference:
    """Limits in the language in force; everything else is what people wrote."""
    if row.element != "limits":
        return row
    words = [limit_words(limit_from_text(text)) if text else "" for text in (row.reference, row.local)]
    return replace(row, reference=words[0], local=words[1])


def _compared_group(group: Sequence[ItemVersion]) -> list[Comparison]:
    basic = group[0].item.basic
    records = [unified_record(version) for version in group]
    reference = reference_of([basic_record(basic), *records] if basic else records)
    return [
        Comparison(version, tuple(_told(row) for row in differences(reference, record)))
        for version, record in zip(group, records, strict=True)
    ]


def comparable_versions(actor: Actor, on: date) -> ItemVersionQuerySet:
    """Versions in force that the actor may compare, with all that a comparison reads."""
    return (
        versions_in_force(on)
        .visible_to(actor, "catalogue.compare")
        .filter(item__basic__isnull=False)
        .select_related("item__unit", "item__basic", "item__region")
        .prefetch_related("materials")
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its n; `value` None when nothing was to be counted."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None


def unified_rate(found: Sequence[Comparison]) -> Rate:
    """十统一率: items where all ten elements agree / items with a basic code (domain §2.4)."""
    return Rate(sum(row.unified for row in found), len(found))


def claim_rate(claims: QuerySet[ItemClaim]) -> Rate:
    """认领率: claimed / (claimed + still to claim). Declined with a reason is not "should claim" (应领尽领)."""
    counts = claims.aggregate(
        claimed=Count("pk", filter=Q(state=ClaimState.CLAIMED.value)),
        declined=Count("pk", filter=Q(state=ClaimState.DECLINED.value)),
        all=Count("pk"),
    )
    return Rate(counts["claimed"], counts["all"] - counts["declined"])


def waiting_for_review(actor: Actor, at: datetime) -> int | None:
    """How many versions wait for this actor's approval; None for those who approve nothing."""
    if not allows(actor, "catalogue.publish"):
        return None
    rows = ItemVersion.objects.visible_to(actor, "catalogue.publish")
    return rows.filter(state=VersionState.IN_REVIEW.value).count()


def items_visible(actor: Actor) -> QuerySet[Item]:
    """Items the actor may see, with unit, region and basic entry."""
    return Item.objects.visible_to(actor).select_related("unit", "region", "basic")
