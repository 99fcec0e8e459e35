"""Versions and claims for machines, as data: the same ledgers, reaches and verbs as on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.catalogue import permissions, refusals
from zhengxiao.backbone.catalogue.facts import CLAIM, VERSION
from zhengxiao.backbone.catalogue.ledger import CLAIMS, VERSIONS
from zhengxiao.backbone.catalogue.models import Item, ItemClaim, ItemVersion
from zhengxiao.backbone.catalogue.services import claim_decline, claim_take, version_move
from zhengxiao.backbone.catalogue.workflow import NAME
from zhengxiao.kernel.ui.api import Resource, Verb
from zhengxiao.kernel.workflow.api import Field, FieldKind
from zhengxiao.lib.actors import Actor


def _versions(actor: Actor, at: datetime) -> QuerySet[Any]:
    joined = ("item__unit", "item__region", "item__basic", "changed_by", "reviewed_by")
    return ItemVersion.objects.visible_to(actor).select_related(*joined)


def _claims(actor: Actor, at: datetime) -> QuerySet[Any]:
    return ItemClaim.objects.visible_to(actor, permissions.COMPARE).select_related("basic", "unit", "item")


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


RESOURCES = (
    Resource(
        name="item-versions",
        singular="item-version",
        label=_("事项版本与草稿"),
        view=permissions.VIEW,
        rows=_versions,
        ledger=VERSIONS,
        workflow=NAME,
        move=_move,
        subject_kind=VERSION,
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
            Verb("take", _("认领"), permissions.CLAIM, _take,
                 fields=(Field("item", _("本部门事项编码"), required=False),),
                 words="The department takes the entry over; `item` is the code of its own item that stands for it."),
            Verb("decline", _("不认领"), permissions.CLAIM, _decline,
                 fields=(Field("reason", _("不认领理由"), FieldKind.LONG_TEXT),),
                 words="The department does not take the entry over and says why."),
        ),
    ),
)  # fmt: skip
