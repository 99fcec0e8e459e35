"""Looking at a part of one's own reach: the regions a supervisor may choose, and the actor narrowed to one."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q

from zhengxiao.kernel.orgs.api import Region, region_subtree_ids
from zhengxiao.kernel.ui.api import BadAddress
from zhengxiao.lib.actors import Actor, Grant, Role

BY_REGION = frozenset({Role.SUPERVISOR, Role.LEADER})
"""Roles that look at regions; a department head looks at the department wherever its cases lie."""


def grants_by_region(actor: Actor) -> list[Grant]:
    return [grant for grant in actor.grants if grant.role in BY_REGION]


def regions_offered(actor: Actor, chosen: int | None) -> list[Region]:
    """The regions of the actor's posts and those directly below; below the chosen one, too. One query or none.

    A province has thousands of towns: one steps down instead of scrolling.
    """
    grants = grants_by_region(actor)
    if not grants:
        return []
    units = [grant.unit_id for grant in grants]
    near = Q(units__in=units) | Q(parent__units__in=units)
    if chosen is not None:
        near |= Q(pk=chosen) | Q(parent_id=chosen)
    return list(Region.objects.filter(near).distinct().order_by("path"))


def narrowed(actor: Actor, region_id: int | None) -> Actor:
    """The actor seeing only what the posts by region reach in that subtree. Refuses a region outside them (400)."""
    if region_id is None:
        return actor
    grants = grants_by_region(actor)
    if not any(region_id in grant.region_ids for grant in grants):
        raise BadAddress(name="region")
    subtree = region_subtree_ids(region_id)
    parts = (replace(grant, region_ids=grant.region_ids & subtree) for grant in grants)
    return Actor(actor.user_id, actor.name, tuple(grant for grant in parts if grant.region_ids))
