"""Reactions of parties to their own facts: alarms reach those who must act."""

from __future__ import annotations

from zhengxiao.kernel.notices.api import Level, notices_tell
from zhengxiao.kernel.orgs.api import Post, Unit, local_day, region_chain
from zhengxiao.kernel.timeline.api import Entry, subscribe
from zhengxiao.lib.actors import Role


def limit_told(entry: Entry) -> None:
    """The security administrators, and the supervisors of the region, hear of looks beyond the limit."""
    posts = Post.objects.valid_on(local_day(entry.at)).filter(user__is_active=True)
    told = set(posts.filter(role=Role.SECURITY_ADMIN).values_list("user_id", flat=True))
    unit = Unit.objects.select_related("region").filter(pk=entry.unit_id or 0).first()
    if unit is not None:
        regions = [region.pk for region in region_chain(unit.region)]
        near = posts.filter(role=Role.SUPERVISOR, unit__region_id__in=regions)
        told |= set(near.values_list("user_id", flat=True))
    notices_tell(entry=entry, level=Level.RED, recipient_ids=told, at=entry.at)


def connect() -> None:
    subscribe("parties.reveal_limit_reached", name="parties.limit_told", handler=limit_told)
