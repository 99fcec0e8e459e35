"""Versions and claims for machines, as data: the same ledgers, reaches and verbs as on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.catalogue import permissions, refusals
from zhengxiao.backbone.catalogue.claims import claim_ask, claim_decline, claim_take
from zhengxiao.backbone.catalogue.content import VersionContent
from zhengxiao.backbone.catalogue.facts import CLAIM, VERSION
from zhengxiao.backbone.catalogue.inputs import CONTENT, NEW, REASON, content_given, content_told
from zhengxiao.backbone.catalogue.ledger import BASIC, CLAIMS, VERSIONS
from zhengxiao.backbone.catalogue.models import BasicItem, Item, ItemClaim, ItemVersion
from zhengxiao.backbone.catalogue.queries import version_content
from zhengxiao.backbone.catalogue.services import (
    ItemCodes,
    draft_revise,
    item_create,
    item_draft,
    version_move,
)
from zhengxiao.backbone.catalogue.workflow import NAME
from zhengxiao.kernel.access.api import allows
from zhengxiao.kernel.orgs.api import unit_by_code
from zhengxiao.kernel.ui.api import Many, Resource, Verb
from zhengxiao.kernel.workflow.api import Field, FieldKind
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import StaleState


def _versions(actor: Actor, at: datetime) -> QuerySet[Any]:
    joined = ("item__unit", "item__region", "item__basic", "changed_by", "reviewed_by")
    return ItemVersion.objects.visible_to(actor).select_related(*joined)


def _claims(actor: Actor, at: datetime) -> QuerySet[Any]:
    return ItemClaim.objects.visible_to(actor, permissions.COMPARE).select_related("basic", "unit", "item")


def _basics(actor: Actor, at: datetime) -> QuerySet[Any]:
    seen = Item.objects.visible_to(actor)  # a count must not tell of drafts elsewhere
    reach = BasicItem.objects.all() if allows(actor, permissions.COMPARE) else BasicItem.objects.none()
    return reach.annotate(item_count=Count("items", filter=Q(items__in=seen)))


def _ask(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    basic = BasicItem.objects.filter(code=data["basic"]).first()
    if basic is None:
        raise refusals.BasicUnknown(field="basic", code=data["basic"])
    return claim_ask(basic=basic, unit=unit_by_code(data["unit"]), actor=actor, at=at)


def _create(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    unit = unit_by_code(data["unit"])
    names = ("code", "basic_code", "local_catalog_code", "local_task_code", "level")
    return item_create(
        unit=unit,
        region=unit.region,
        codes=ItemCodes(**{name: data[name] for name in names if name in data}),
        content=content_given(data, VersionContent(name="")),
        reason=data["reason"],
        actor=actor,
        at=at,
    )


def _draft(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    last = obj.item.versions.order_by("-number").first()
    content = content_given(data, version_content(last))
    return item_draft(item=obj.item, content=content, reason=data["reason"], actor=actor, at=at)


def _revise(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    if data.get("seen", obj.digest) != obj.digest:
        raise StaleState
    content = content_given(data, version_content(obj))
    return draft_revise(version=obj, content=content, reason=data["reason"], actor=actor, at=at)


def _content(row: ItemVersion, at: datetime) -> Mapping[str, Any]:
    return {"content": content_told(version_content(row)), "digest": row.digest}


def _take(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    item = None
    if data["item"]:
        item = Item.objects.filter(unit=obj.unit, code=data["item"]).first()
        if item is None:
            raise refusals.ItemElsewhere(field="item")
    return claim_take(claim=obj, item=item, actor=actor, at=at)


def _decline(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    return claim_decline(claim=obj, reason=data["reason"], actor=actor, at=at)


def _move(*, obj: Any, transition: str, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    return version_move(version=obj, transition=transition, data=data, actor=actor, at=at)


SEEN = Field("seen", _("读到的摘要"), required=False, longest=64)


def _needed(inputs: tuple[Field | Many, ...]) -> tuple[Field | Many, ...]:
    """The inputs, those required that a new item cannot be without."""
    needed = ("name", "task_type", "kind")
    return tuple(replace(one, required=True) if one.name in needed else one for one in inputs)


RESOURCES = (
    Resource(
        name="item-versions",
        singular="item-version",
        label=_("事项版本与草稿"),
        view=permissions.VIEW,
        rows=_versions,
        ledger=VERSIONS,
        detail=_content,
        workflow=NAME,
        move=_move,
        subject_kind=VERSION,
        verbs=(
            Verb("create", _("新设事项"), permissions.DRAFT, _create, on_list=True, keeps=True,
                 fields=(*NEW, *_needed(CONTENT), REASON),
                 words="A new item of a department, with its first draft."),
            Verb("draft", _("起草新版本"), permissions.DRAFT, _draft, fields=(*CONTENT, REASON), keeps=True,
                 words="The next version of the same item as a draft, from its newest version. What is left out stays."),
            Verb("revise", _("修改草稿"), permissions.DRAFT, _revise, fields=(*CONTENT, REASON, SEEN), keeps=True,
                 words="Rewrite a draft. What is left out stays; `seen` is the digest of what was read."),
        ),
    ),
    Resource(
        name="basic-items",
        singular="basic-item",
        label=_("基本目录"),
        view=permissions.COMPARE,
        rows=_basics,
        ledger=BASIC,
        key="code",
    ),
    Resource(
        name="claims",
        singular="claim",
        label=_("基本目录认领"),
        view=permissions.COMPARE,
        rows=_claims,
        ledger=CLAIMS,
        subject_kind=CLAIM,
        verbs=(
            Verb("create", _("请部门认领"), permissions.ASSIGN, _ask, on_list=True,
                 fields=(Field("basic", _("基本编码")), Field("unit", _("部门编码"))),
                 words="Ask a department to claim an entry of the basic directory; asking again gives the row that stands."),
            Verb("take", _("认领"), permissions.CLAIM, _take,
                 fields=(Field("item", _("本部门事项编码"), required=False),),
                 words="The department takes the entry over; `item` is the code of its own item that stands for it."),
            Verb("decline", _("不认领"), permissions.CLAIM, _decline,
                 fields=(Field("reason", _("不认领理由"), FieldKind.LONG_TEXT),),
                 words="The department does not take the entry over and says why."),
        ),
    ),
)  # fmt: skip
