"""What the counter needs to take an application in: items in force, sections, windows, materials."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Q, QuerySet, Value, When
from django.db.models import Case as Choice

from zhengxiao.backbone.catalogue.api import ItemVersion, versions_in_force
from zhengxiao.kernel.access.api import ScopeFields, scope_q
from zhengxiao.kernel.orgs.api import Unit, local_day
from zhengxiao.lib.actors import Actor, Role

ITEM_REACH = ScopeFields(
    region="item__region_id", department="item__unit__department_id", unit=None, person=None, public=None
)
SHOWN = 20


def at_window(actor: Actor) -> bool:
    return Role.WINDOW_CLERK in actor.roles


def own_regions(actor: Actor) -> frozenset[int]:
    return frozenset().union(*(grant.region_ids for grant in actor.grants)) if actor.grants else frozenset()


def items_to_receive(actor: Actor, at: datetime, text: str = "") -> QuerySet[ItemVersion]:
    """Versions in force that the actor may take in, those of the own region first.

    A window takes in for every department (任何窗口可收); others only for their own.
    """
    found: QuerySet[Any] = versions_in_force(local_day(at)).select_related("item__unit", "item__region")
    if not at_window(actor) and not actor.is_system:
        found = found.filter(scope_q(actor, "cases.receive", ITEM_REACH))
    for word in text.split():
        found = found.filter(
            Q(name__icontains=word) | Q(item__code__startswith=word) | Q(item__unit__name__icontains=word)
        )
    near = Choice(
        When(item__region_id__in=own_regions(actor), then=Value(False)),
        default=Value(True),
        output_field=BooleanField(),
    )
    return found.order_by(near, "name", "item__code")


def sections_of(version: ItemVersion) -> list[tuple[str, str]]:
    """The sections of the item's department."""
    units = Unit.objects.filter(department_id=version.item.unit.department_id, kind="section", is_active=True)
    return [(str(unit.pk), unit.short_name or unit.name) for unit in units.order_by("code")]


def windows_of(actor: Actor) -> list[tuple[str, str]]:
    """The windows at which the actor holds a clerk's post."""
    held = [grant.unit_id for grant in actor.grants if grant.role == Role.WINDOW_CLERK]
    units = Unit.objects.filter(pk__in=held, is_active=True).order_by("code")
    return [(str(unit.pk), unit.short_name or unit.name) for unit in units]
