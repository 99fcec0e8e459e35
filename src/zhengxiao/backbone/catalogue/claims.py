"""Verbs on the basic directory: keep its entries; ask departments to claim them, claim or decline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from zhengxiao.backbone.catalogue import permissions, refusals
from zhengxiao.backbone.catalogue.facts import BASIC, CLAIM
from zhengxiao.backbone.catalogue.models import BasicItem, Item, ItemClaim
from zhengxiao.backbone.catalogue.rules import ClaimState
from zhengxiao.backbone.catalogue.services import require_at, tell_item
from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.timeline.api import RowWrite, Subject, changed, record
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.identifiers import basic_code_fault, item_code_fault
from zhengxiao.lib.refusals import StaleState


def basic_item_record(
    *, code: str, values: Mapping[str, Any], valid_from: date, reason: str, actor: Actor, at: datetime
) -> BasicItem:
    """Enter or change an entry of the basic directory; a change raises its revision.

    Raises NotPermitted, CodeFaulty, ReasonMissing.
    """
    require(actor, permissions.ASSIGN)
    fault = basic_code_fault(code) and item_code_fault(code, "basic_10")
    if fault:
        raise refusals.CodeFaulty(field="code", fault=fault)
    if not reason.strip():
        raise refusals.ReasonMissing(field="reason")
    stamp = {"changed_at": at, "changed_by_id": actor.user_id, "valid_from": valid_from}
    with transaction.atomic():
        basic = BasicItem.objects.filter(code=code).first()
        fact = "catalogue.basic_recorded" if basic is None else "catalogue.basic_changed"
        if basic is None:
            basic = BasicItem.objects.create(code=code, **values, **stamp)
        else:
            columns = {**values, **stamp, "revision": basic.revision + 1}
            if BasicItem.objects.filter(pk=basic.pk, revision=basic.revision).update(**columns) != 1:
                raise StaleState
            basic.refresh_from_db()
        data = {"code": code, "name": basic.name, "reason": reason.strip()}
        record(fact=fact, subject=Subject(BASIC, basic.pk), actor=actor, at=at, data=data, rows=[basic])
    return basic


def claim_ask(*, basic: BasicItem, unit: Unit, actor: Actor, at: datetime) -> ItemClaim:
    """Ask a department to claim an entry; asking again gives the row that stands. Raises NotPermitted."""
    require_at(actor, permissions.ASSIGN, unit)
    with transaction.atomic():
        claim, made = ItemClaim.objects.get_or_create(
            basic=basic, unit=unit, defaults={"asked_at": at, "asked_by_id": actor.user_id}
        )
        if made:
            _tell_claim("catalogue.claim_asked", claim, actor, at, claim)
    return claim


def claim_take(*, claim: ItemClaim, item: Item | None = None, actor: Actor, at: datetime) -> ItemClaim:
    """The department takes the entry over; with `item`, its own item stands for it and now refers to the entry.

    Raises NotPermitted, ItemElsewhere, ClaimDecided.
    """
    require_at(actor, permissions.CLAIM, claim.unit)
    if item is not None and (item.unit_id != claim.unit_id or item.basic_id not in (None, claim.basic_id)):
        raise refusals.ItemElsewhere(field="item")
    with transaction.atomic():
        row = _decide(claim, ClaimState.CLAIMED, "", item, actor, at)
        if item is not None and item.basic_id is None:
            Item.objects.filter(pk=item.pk, basic__isnull=True).update(basic=claim.basic)
            item.refresh_from_db()
            tell_item("catalogue.item_placed", item, actor, at, changed(item, "basic_id"))
        _tell_claim("catalogue.item_claimed", claim, actor, at, row)
    return claim


def claim_decline(*, claim: ItemClaim, reason: str, actor: Actor, at: datetime) -> ItemClaim:
    """The department does not take the entry over and says why. Raises NotPermitted, ReasonMissing, ClaimDecided."""
    require_at(actor, permissions.CLAIM, claim.unit)
    if not reason.strip():
        raise refusals.ReasonMissing(field="reason")
    with transaction.atomic():
        row = _decide(claim, ClaimState.DECLINED, reason.strip(), None, actor, at)
        _tell_claim("catalogue.item_declined", claim, actor, at, row)
    return claim


def _decide(
    claim: ItemClaim, state: ClaimState, reason: str, item: Item | None, actor: Actor, at: datetime
) -> RowWrite:
    columns = {
        "state": state.value,
        "reason": reason,
        "item": item,
        "decided_by_id": actor.user_id,
        "decided_at": at,
    }
    open_claim = ItemClaim.objects.filter(pk=claim.pk, state=ClaimState.TO_CLAIM.value)
    if open_claim.update(**columns) != 1:
        raise refusals.ClaimDecided
    for name, value in columns.items():
        setattr(claim, name, value)
    return changed(claim, "state", "reason", "item_id", "decided_by_id", "decided_at")


def _tell_claim(fact: str, claim: ItemClaim, actor: Actor, at: datetime, row: RowWrite) -> None:
    record(
        fact=fact,
        subject=Subject(CLAIM, claim.pk),
        actor=actor,
        at=at,
        data={"name": claim.basic.name, "unit": claim.unit.short_name, "reason": claim.reason},
        unit_id=claim.unit_id,
        rows=[row],
    )
