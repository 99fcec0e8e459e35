"""Item lists of other systems as an import kind: understands one unit, writes a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from zhengxiao.backbone.catalogue.content import Finding
from zhengxiao.backbone.catalogue.importing import Written, items_write
from zhengxiao.backbone.catalogue.reading import FIELDS, OPTIONS, ItemDraft, ItemOptions, item_from_row
from zhengxiao.kernel.exchange.api import (
    ImportTarget,
    Outcome,
    Parsed,
    Profile,
    RowRefusal,
    RowRefusals,
    Unit,
    Verdict,
    row_refusal,
)
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.identifiers import region_code_fault
from zhengxiao.lib.refusals import Refusal, gettext_noop


class RegionOptionFaulty(Refusal):
    template = gettext_noop("导入配置的 options.region 须为 12 位行政区划代码：{fault}")


class ValidFromFaulty(Refusal):
    template = gettext_noop("导入配置的 options.valid_from 须写成 2026-01-31。")


def options_of(profile: Profile, actor: Actor, at: datetime) -> ItemOptions:
    """What the profile sets. Raises RegionOptionFaulty, ValidFromFaulty before anything is read."""
    given = profile.options
    region = str(given.get("region", ""))
    fault = region_code_fault(region)
    if fault:
        raise RegionOptionFaulty(field="region", fault=fault)
    try:
        start = date.fromisoformat(str(given["valid_from"])) if "valid_from" in given else None
    except ValueError as error:
        raise ValidFromFaulty(field="valid_from") from error
    return ItemOptions(
        region=region,
        region_name=str(given.get("region_name", "")),
        create_units=bool(given.get("create_units", True)),
        create_basic=bool(given.get("create_basic", True)),
        unit_credit=bool(given.get("unit_credit", False)),
        level=str(given.get("level", "")),
        valid_from=start,
        credit_column="credit_code" in profile.columns,
        source=profile.title,
    )


def parse_item(unit: Unit, profile: Profile, options: ItemOptions) -> ItemDraft:
    """One unit understood. Raises RowRefusals with every reason why it is unusable."""
    values: dict[str, str] = {}
    faults: list[RowRefusal] = []
    for name in sorted(FIELDS & set(profile.columns)):
        try:
            values[name] = profile.unit_value(name, unit)
        except Refusal as refusal:
            faults.append(row_refusal(refusal, field=name))
    found = item_from_row(values, options)
    if not isinstance(found, ItemDraft):
        faults += [row_refusal(refusal) for refusal in found]
    if faults or not isinstance(found, ItemDraft):
        raise RowRefusals(faults)
    return found


def _warning(finding: Finding) -> RowRefusal:
    return RowRefusal(reason=finding.text, field=finding.field, code=finding.code)


def write_items(
    parsed: Sequence[Parsed], existing: Mapping[str, int], options: Any, actor: Actor, at: datetime
) -> list[Outcome]:
    """The batch as items and versions. Items are found by their own code, so two sources may bring the same one."""
    drafts: list[ItemDraft] = [entry.value for entry in parsed]
    written = items_write(drafts, options=options, actor=actor, at=at)
    return [_outcome(draft, done) for draft, done in zip(drafts, written, strict=True)]


def _outcome(draft: ItemDraft, done: Written) -> Outcome:
    return Outcome(
        verdict=Verdict(done.verdict.value),
        subject_id=done.item_id,
        refusals=() if done.refusal is None else (row_refusal(done.refusal),),
        # Hints (what the list does not state at all) stay with the version; a run tells only what is wrong.
        warnings=tuple(_warning(found) for found in draft.warnings if found.blocking),
    )


TARGET = ImportTarget(
    kind="items",
    subject_kind="item",
    label=gettext_noop("事项清单"),
    prepare=options_of,
    parse_unit=parse_item,
    write_batch=write_items,
    fields=FIELDS | {"revision"},
    options=OPTIONS,
)
