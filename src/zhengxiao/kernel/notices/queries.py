"""Reading notices, and finding who hears of a clock."""

from __future__ import annotations

from datetime import datetime

from zhengxiao.kernel.notices.models import Notice, NoticeQuerySet
from zhengxiao.kernel.notices.rules import LADDER, Holder, Ladder, Level, Reach, Seat, recipients, rung_of
from zhengxiao.kernel.orgs.api import Post, Unit, heads_of, local_day, region_chain
from zhengxiao.lib.actors import Actor, Role


def notices_for(actor: Actor) -> NoticeQuerySet:
    """The actor's own notices, newest first."""
    mine = Notice.objects.visible_to(actor).filter(recipient_id=actor.user_id)
    return mine.order_by("-created_at", "-id")


def unread_for(actor: Actor) -> NoticeQuerySet:
    """The actor's notices not yet read, newest first."""
    return notices_for(actor).unread()


def unread_count(actor: Actor, moment: datetime) -> int:
    """How many notices wait for the actor; one indexed count, for the navigation."""
    return unread_for(actor).filter(created_at__lte=moment).count()


def recipients_of(
    level: Level, *, owner_id: int | None, unit_id: int, at: datetime, ladder: Ladder = LADDER
) -> frozenset[int]:
    """Who hears of a warning at `level` about a clock of this owner and unit, by the posts of that day.

    `ladder`: another table of seats than that of warnings (supervision has one for its cards).
    """
    rung = [place for place in rung_of(level, owner_id, ladder) if isinstance(place, Seat)]
    seats: dict[tuple[Role, Reach], list[Holder]] = {}
    if any(seat.reach != Reach.REGION for seat in rung):
        for role, holders in heads_of(unit_id, local_day(at)).items():
            order = list(dict.fromkeys(holder.unit_id for holder in holders))
            seats[role, Reach.ABOVE] = [Holder(one.user_id, order.index(one.unit_id)) for one in holders]
            seats[role, Reach.UNIT] = [Holder(one.user_id, 0) for one in holders if one.unit_id == unit_id]
    for seat in rung:
        if seat.reach == Reach.REGION:
            seats[seat.role, seat.reach] = _in_regions(seat.role, unit_id, at)
    return recipients(level, owner_id, seats, ladder)


def _in_regions(role: Role, unit_id: int, at: datetime) -> list[Holder]:
    """Holders of the role in the unit's region or the regions above it, with the steps up to them."""
    region = Unit.objects.select_related("region").get(pk=unit_id).region
    steps = {each.pk: step for step, each in enumerate(reversed(region_chain(region)))}
    posts = Post.objects.valid_on(local_day(at)).filter(
        role=role.value, unit__region_id__in=steps, user__is_active=True
    )
    return [
        Holder(user, steps[where])
        for user, where in posts.order_by().values_list("user_id", "unit__region_id")
    ]
