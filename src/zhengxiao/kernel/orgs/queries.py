"""Reads of regions, units and posts. Ids and frozen rows only: nobody outside changes an organisation by a
queryset.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from zhengxiao.kernel.database.api import Prepared
from zhengxiao.kernel.orgs.models import Delegation, Post, Region, Unit
from zhengxiao.kernel.orgs.refusals import RegionUnknown, UnitUnknown
from zhengxiao.lib.actors import Role


@dataclass(frozen=True, slots=True)
class PostInForce:
    """A role held at a unit on a day, in one's own right or (`delegated_by`) for somebody else."""

    role: Role
    unit_id: int
    unit_path: str
    department_path: str
    region_path: str
    delegated_by: int | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A person holding a role at a unit; with `delegated_by`, one who acts for the holder."""

    user_id: int
    name: str
    role: Role
    unit_id: int
    delegated_by: int | None = None


def local_day(at: datetime) -> date:
    """The day of a moment where the platform stands (TIME_ZONE): posts begin and end with days."""
    return at.astimezone(timezone.get_default_timezone()).date()


@cache
def _below(model: type[Region] | type[Unit], count: int) -> Prepared:
    """The question for (id, path) of all rows at or below `count` paths, p0, p1 …"""

    def build(**paths: str) -> QuerySet[Any, Any]:
        anywhere = Q(*[Q(path__startswith=path) for path in paths.values()], _connector=Q.OR)
        return model._default_manager.filter(anywhere).order_by().values_list("id", "path")

    return Prepared(build, **{f"p{number}": str for number in range(count)})


def _paths_below(model: type[Region] | type[Unit], paths: Iterable[str]) -> list[tuple[int, str]]:
    """Paths inside one another count once."""
    shortest: list[str] = []
    for path in sorted(set(paths)):
        if not shortest or not path.startswith(shortest[-1]):
            shortest.append(path)
    if not shortest:
        return []
    return _below(model, len(shortest))(**{f"p{number}": path for number, path in enumerate(shortest)})


def region_paths_below(paths: Iterable[str]) -> list[tuple[int, str]]:
    """(id, path) of every region at or below the given paths."""
    return _paths_below(Region, paths)


def unit_paths_below(paths: Iterable[str]) -> list[tuple[int, str]]:
    """(id, path) of every unit at or below the given paths."""
    return _paths_below(Unit, paths)


def region_subtree_ids(region_id: int) -> frozenset[int]:
    """The region and all regions below it; empty when there is no such region."""
    paths = Region.objects.filter(pk=region_id).values_list("path", flat=True)
    return frozenset(key for key, _path in region_paths_below(paths))


def unit_subtree_ids(unit_id: int) -> frozenset[int]:
    """The unit and all units below it; empty when there is no such unit."""
    paths = Unit.objects.filter(pk=unit_id).values_list("path", flat=True)
    return frozenset(key for key, _path in unit_paths_below(paths))


def region_chain(region: Region) -> tuple[Region, ...]:
    """The regions from the top down to `region` itself: province, city, district."""
    prefixes = _prefixes(region.path)
    return tuple(sorted(Region.objects.filter(path__in=prefixes), key=lambda each: each.level))


def department_of(unit_id: int) -> Unit:
    """The department a unit belongs to; a department is its own. Raises Unit.DoesNotExist."""
    return Unit.objects.get(members__pk=unit_id)


def _prefixes(path: str) -> list[str]:
    """`/44/4401/` → `/`, `/44/`, `/44/4401/`."""
    parts = path.strip("/").split("/") if path != "/" else []
    return ["/" + "".join(f"{part}/" for part in parts[:count]) for count in range(len(parts) + 1)]


def delegations_in_force(on: date) -> QuerySet[Delegation]:
    """Delegations valid on the day whose giver is active and still holds the very post on that day."""
    still_held = Post.objects.valid_on(on).filter(
        user=OuterRef("from_user"), unit=OuterRef("unit"), role=OuterRef("role")
    )
    return Delegation.objects.valid_on(on).filter(Exists(still_held), from_user__is_active=True)


def _posts(user_id: int, on: date) -> QuerySet[Any, Any]:
    columns = ("role", "unit_id", "unit__path", "unit__department__path", "unit__region__path")
    own = Post.objects.valid_on(on).filter(user_id=user_id).order_by()
    held = delegations_in_force(on).filter(to_user_id=user_id).order_by()
    rows = own.annotate(giver=Value(None, output_field=BigIntegerField())).values_list(*columns, "giver")
    return rows.union(held.annotate(giver=F("from_user_id")).values_list(*columns, "giver"), all=True)


_POSTS = Prepared(_posts, user_id=int, on=date)
"""Asked at every request of everybody."""


def posts_in_force(user_id: int, on: date) -> list[PostInForce]:
    """Own posts and held delegations of a person on a day, in one query."""
    found = [
        PostInForce(Role(role), unit_id, unit_path, department_path or unit_path, region_path, giver)
        for role, unit_id, unit_path, department_path, region_path, giver in _POSTS(user_id=user_id, on=on)
    ]
    return sorted(found, key=lambda post: (post.delegated_by or 0, post.unit_path, post.role))


def posts_of(user_id: int, on: date) -> QuerySet[Post]:
    """The posts a person holds in their own right on a day, with their units."""
    return (
        Post.objects.valid_on(on)
        .filter(user_id=user_id)
        .select_related("unit", "unit__region", "unit__department")
    )


def heads_of(unit_id: int, on: date) -> dict[Role, tuple[Holder, ...]]:
    """Who stands above work done at a unit: by role, the nearest unit first, up to the department and its
    parents.

    Looks at the unit, the units above it, its department and those above that. Only active people; those who
    act by delegation stand beside the holder.
    """
    unit = Unit.objects.select_related("department").get(pk=unit_id)
    paths = _prefixes(unit.path) + (_prefixes(unit.department.path) if unit.department else [])
    places = Q(unit__path__in=paths)
    own = (
        Post.objects.valid_on(on)
        .filter(places, user__is_active=True)
        .values_list("unit__path", "user_id", "user__display_name", "role", "unit_id")
    )
    acting = (
        delegations_in_force(on)
        .filter(places, to_user__is_active=True)
        .values_list("unit__path", "to_user_id", "to_user__display_name", "role", "unit_id", "from_user_id")
    )
    rows = [(path, Holder(user, name, Role(role), at)) for path, user, name, role, at in own]
    rows += [
        (path, Holder(user, name, Role(role), at, giver)) for path, user, name, role, at, giver in acting
    ]
    # The unit's own chain comes before the department's, and longer paths are nearer.
    rows.sort(key=lambda row: (not unit.path.startswith(row[0]), -row[0].count("/"), row[1].user_id))
    heads: dict[Role, list[Holder]] = {}
    for _path, holder in rows:
        heads.setdefault(holder.role, []).append(holder)
    return {role: tuple(holders) for role, holders in heads.items()}


def unit_names(unit_ids: Iterable[int]) -> dict[int, str]:
    """id → short name for lists that keep only ids; unknown ids are left out."""
    return dict(Unit.objects.filter(pk__in=set(unit_ids)).order_by().values_list("pk", "short_name"))


def region_names(region_ids: Iterable[int]) -> dict[int, str]:
    """id → name for lists that keep only ids; unknown ids are left out."""
    return dict(Region.objects.filter(pk__in=set(region_ids)).order_by().values_list("pk", "name"))


def unit_by_code(code: str) -> Unit:
    """The active unit of that code, capital or small. Raises UnitUnknown."""
    unit = Unit.objects.filter(code__iexact=code, is_active=True).first()
    if unit is None:
        raise UnitUnknown(field="unit", code=code)
    return unit


def region_by_code(code: str) -> Region:
    """Raises RegionUnknown."""
    region = Region.objects.filter(code=code).first()
    if region is None:
        raise RegionUnknown(field="region", code=code)
    return region


def posts_by_user(on: date) -> dict[int, tuple[Post, ...]]:
    """user id → posts held in one's own right on a day, with their units."""
    found: dict[int, list[Post]] = {}
    for post in Post.objects.valid_on(on).select_related("unit"):
        found.setdefault(post.user_id, []).append(post)
    return {user_id: tuple(posts) for user_id, posts in found.items()}
