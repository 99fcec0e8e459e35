"""The facts of places, posts and delegations, with the rows they tell of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation

from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.orgs.facts import REGION, UNIT, USER
from zhengxiao.kernel.orgs.models import ROLES, Delegation, Post, Region, Unit
from zhengxiao.kernel.timeline.api import Changed, FactRow, Subject, changed, record_many
from zhengxiao.lib.actors import Actor

_ROLE_WORDS = dict(ROLES)
Held = Post | Delegation


def tell_made(places: Iterable[Region | Unit], actor: Actor, at: datetime) -> None:
    """One fact for each region or unit that was made, in bulk."""
    facts = []
    for place in places:
        told = {"name": place.name, "code": place.code}
        if isinstance(place, Unit):
            fact, subject, unit = "orgs.unit_created", Subject(UNIT, place.pk), place.pk
        else:
            fact, subject, unit = "orgs.region_created", Subject(REGION, place.pk), None
        facts.append(FactRow(fact, subject, actor, at, told, unit, [place]))
    record_many(facts, recorded_at=at)


def tell(
    fact: str, held: Sequence[Held], actor: Actor, at: datetime, *names: str, data: Sequence[dict[str, Any]]
) -> None:
    """One fact for each post or delegation, under its holder; `names`: the columns that changed, none for a new row."""
    users = User.objects.in_bulk({_holder(one) for one in held})
    units = Unit.objects.in_bulk({one.unit_id for one in held})
    with translation.override(
        "zh-hans"
    ):  # facts keep the Chinese word; who reads them reads the own language
        words = {one.role: str(_ROLE_WORDS[one.role]) for one in held}
    facts = []
    for one, more in zip(held, data, strict=True):
        told = {
            "name": users[_holder(one)].display_name,
            "unit": units[one.unit_id].short_name,
            "role": words[one.role],
            "post": one.pk,
            **more,
        }
        rows: list[Held | Changed] = [changed(one, *names) if names else one]
        facts.append(FactRow(fact, Subject(USER, _holder(one)), actor, at, told, one.unit_id, rows))
    record_many(facts, recorded_at=at)


def _holder(one: Held) -> int:
    return one.user_id if isinstance(one, Post) else one.from_user_id
