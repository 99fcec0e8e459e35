"""What the pages of the catalogue show, put together from queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext

from zhengxiao.backbone.catalogue import permissions
from zhengxiao.backbone.catalogue.content import FIELD_LABELS, FOUR_DO_LABELS, four_do
from zhengxiao.backbone.catalogue.facts import VERSION
from zhengxiao.backbone.catalogue.models import (
    CLAIM_SCOPE,
    ITEM_SCOPE,
    BasicItem,
    Item,
    ItemClaim,
    ItemVersion,
)
from zhengxiao.backbone.catalogue.queries import (
    compared,
    comparisons,
    version_content,
    versions_in_force,
)
from zhengxiao.backbone.catalogue.rules import ClaimState, Standing, standing
from zhengxiao.backbone.catalogue.steps import limit_words, step_words
from zhengxiao.backbone.catalogue.vocabulary import (
    CLAIM_STATES,
    KINDS,
    LEVELS,
    NECESSITY,
    ONLINE_DEPTHS,
    TASK_TYPES,
)
from zhengxiao.backbone.catalogue.words import STANDING_WORDS
from zhengxiao.backbone.catalogue.workflow import NAME
from zhengxiao.kernel.access.api import allows, can
from zhengxiao.kernel.orgs.api import Unit, local_day
from zhengxiao.kernel.timeline.api import Subject, actor_name, entries_for, entry_label, entry_text
from zhengxiao.kernel.workflow.api import lawful_moves
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.identifiers import SCHEMES

Context = dict[str, Any]


def number(text: str) -> int:
    """A row id from an address or form; 0 (no row) for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def links(actor: Actor) -> Context:
    """Which neighbours of the item list the actor may open."""
    return {
        "may_view": allows(actor, permissions.VIEW),
        "may_compare": allows(actor, permissions.COMPARE),
        "may_draft": allows(actor, permissions.DRAFT),
    }


def web_address(text: str) -> str:
    """The address if it leads to a web page; a list may hold anything, `javascript:` included."""
    return text if text.lower().startswith(("https://", "http://")) else ""


def page_of(rows: Sequence[Any], wanted: str, size: int = 50) -> Page[Any]:
    """One page of a computed list; an unknown number is the first or last page."""
    return Paginator(rows, size).get_page(wanted)


def own_departments(actor: Actor) -> list[tuple[str, str]]:
    """Departments the actor drafts for."""
    ids = {key for grant in actor.grants for key in grant.department_ids}
    rows = Unit.objects.filter(pk__in=ids, kind__in=["department", "centre"]).order_by("short_name")
    return [(str(unit.pk), unit.short_name) for unit in rows]


def chosen(versions: Sequence[ItemVersion], wanted: str, on: date) -> ItemVersion | None:
    """The version asked for by number; else the one in force; else the newest. None for an unknown number."""
    if wanted:
        return next((version for version in versions if str(version.number) == wanted), None)
    for version in versions:
        if standing(version.state, version.valid_from, version.valid_to, on) is Standing.IN_FORCE:
            return version
    return versions[0] if versions else None


def _yes(value: bool | None) -> str:
    return "" if value is None else gettext("是") if value else gettext("否")


def _label(table: Any, key: str) -> str:
    row = table.get(key)
    return gettext(getattr(row, "label", row)) if row is not None else key


def _codes(item: Item) -> list[tuple[str, Any]]:
    scheme = gettext(SCHEMES[item.scheme].label) if item.scheme in SCHEMES else gettext("未识别的编码")
    return [
        (scheme, item.code),
        (gettext("基本编码"), item.basic.code if item.basic else ""),
        (gettext("实施部门"), item.unit.name),
        (gettext("行政区划"), item.region.name),
        (gettext("行使层级"), _label(LEVELS, item.level)),
        (gettext("所属主项"), item.main_name),
    ]


def _promises(version: ItemVersion) -> list[tuple[str, Any]]:
    return [
        (gettext("事项类型"), _label(TASK_TYPES, version.task_type)),
        (gettext("办件类型"), _label(KINDS, version.kind)),
        (gettext("法定时限"), limit_words(version.statutory)),
        (gettext("承诺时限"), limit_words(version.promised)),
        (gettext("到现场次数"), version.visits),
        (gettext("是否收费"), _yes(version.has_fee)),
        (gettext("审批结果"), version.result_name),
        (gettext("服务对象"), "、".join(version.service_objects)),
    ]


def _guide(version: ItemVersion) -> list[tuple[str, Any]]:
    return [
        (gettext("设定依据"), version.legal_basis),
        (gettext("受理条件"), version.conditions),
        (gettext("办理环节"), " → ".join(step_words(version.process_steps))),
        (gettext("办理流程说明"), version.process_text),
        (gettext("办理地点"), version.location),
        (gettext("办理时间"), version.office_hours),
        (gettext("咨询电话"), version.consult_phone),
        (gettext("监督投诉电话"), version.complaint_phone),
        (gettext("联办机构"), version.co_departments),
        (gettext("网办深度"), _label(ONLINE_DEPTHS, version.online_depth)),
        (gettext("表单"), version.form_ref),
        (gettext("收费依据"), version.fee_basis),
    ]


def _version_row(version: ItemVersion, on: date) -> Context:
    where = standing(version.state, version.valid_from, version.valid_to, on)
    return {
        "version": version,
        "standing": gettext(STANDING_WORDS[where]),
        "by": version.changed_by.display_name if version.changed_by else gettext("系统"),
        "reviewer": version.reviewed_by.display_name if version.reviewed_by else "",
    }


def _facts(version: ItemVersion) -> list[Context]:
    return [
        {
            "at": entry.at,
            "label": entry_label(entry),
            "text": entry_text(entry),
            "actor_name": actor_name(entry),
        }
        for entry in entries_for(Subject(VERSION, version.pk)).reverse()
    ]


def item_context(
    item: Item, version: ItemVersion, versions: Sequence[ItemVersion], *, actor: Actor, at: datetime
) -> Context:
    """Everything of the item page; moves and history only for those who work with items."""
    on = local_day(at)
    staff = allows(actor, permissions.VIEW)
    moves = lawful_moves(workflow=NAME, obj=version, actor=actor, at=at) if staff else []
    has_open = any(row.state in ("draft", "in_review") for row in versions)
    drafts = can(actor, permissions.DRAFT, item, ITEM_SCOPE)
    return {
        "item": item,
        "version": version,
        "row": _version_row(version, on),
        "codes": _codes(item),
        "promises": _promises(version),
        "guide": [row for row in _guide(version) if row[1]],
        "online_url": web_address(version.online_url),
        "missing": "、".join(label for label, value in _guide(version)[:6] if not value),
        "four": [(gettext(FOUR_DO_LABELS[key]), value) for key, value in four_do(version).items()],
        "materials": [(row, _label(NECESSITY, row.necessity)) for row in version.materials.all()],
        "versions": [_version_row(row, on) for row in versions],
        "warnings": [gettext(row["text"]) for row in version.warnings] if staff else [],
        "source_words": sorted(version.extra.items()) if staff else [],
        "differences": _differences(version, on),
        "moves": moves,
        "facts": _facts(version) if staff else [],
        "may_edit": drafts and version.state == "draft",
        "may_draft": drafts and not has_open,
        "previous": next((row.number for row in versions if row.number < version.number), None),
        "staff": staff,
    }


def _differences(version: ItemVersion, on: date) -> list[Any]:
    """How this version departs from the reference of its basic code."""
    if version.item.basic_id is None:
        return []
    group = versions_in_force(on).filter(item__basic_id=version.item.basic_id)
    loaded = group.select_related("item__unit", "item__basic").prefetch_related("materials")
    return [
        row for found in comparisons(loaded) if found.version.pk == version.pk for row in found.differences
    ]


def compare_context(item: Item, versions: Sequence[ItemVersion], first: str, second: str) -> Context:
    """Two versions side by side; by default the last two."""
    by_number = {str(version.number): version for version in versions}
    newest = versions[-1] if versions else None
    right = by_number.get(second, newest)
    left = by_number.get(first) or (versions[max(0, list(versions).index(right) - 1)] if right else None)
    rows = []
    if left is not None and right is not None:
        for change, differs in compared(version_content(left), version_content(right)):
            rows.append({"label": gettext(FIELD_LABELS[change.field]), "change": change, "differs": differs})
    return {
        "item": item,
        "versions": versions,
        "left": left,
        "right": right,
        "rows": rows,
        "changed": sum(row["differs"] for row in rows),
    }


def basic_context(basic: BasicItem, actor: Actor, at: datetime) -> Context:
    """One entry of the basic directory: who has it, who was asked."""
    versions = versions_in_force(local_day(at)).filter(item__basic=basic)
    claims = ItemClaim.objects.visible_to(actor, permissions.COMPARE).filter(basic=basic)
    asks = allows(actor, permissions.ASSIGN)
    region_ids = {key for grant in actor.grants for key in grant.region_ids}
    units = Unit.objects.filter(kind="department", is_active=True, region_id__in=region_ids)
    return {
        "basic": basic,
        "codes": [
            (gettext("基本编码"), basic.code),
            (gettext("事项类型"), _label(TASK_TYPES, basic.task_type)),
            (gettext("设定依据"), basic.legal_basis),
            (gettext("修订"), basic.revision),
            (gettext("生效日期"), basic.valid_from),
            (gettext("来源"), basic.source),
        ],
        "versions": versions.select_related("item__unit", "item__region")[:200],
        "claims": [(row, _label(CLAIM_STATES, row.state)) for row in claims.select_related("unit")],
        "units": units.exclude(item_claims__basic=basic).order_by("short_name") if asks else [],
    }


def claim_context(claim: ItemClaim, form: Any, actor: Actor) -> Context:
    """One claim: what is asked, the answer, and, for the department, how to answer."""
    is_open = claim.state == ClaimState.TO_CLAIM.value
    items = Item.objects.filter(unit=claim.unit).filter(basic__in=[claim.basic_id]) | Item.objects.filter(
        unit=claim.unit, basic__isnull=True
    )
    rows = list(items.order_by("code")[:500])
    versions = ItemVersion.objects.filter(item__in=rows).order_by("number")
    names = dict(versions.values_list("item_id", "name"))
    return {
        "claim": claim,
        "state": _label(CLAIM_STATES, claim.state),
        "form": form,
        "may_decide": is_open and can(actor, permissions.CLAIM, claim, CLAIM_SCOPE),
        "items": [(item.pk, f"{names.get(item.pk, '')} {item.code}") for item in rows],
    }
