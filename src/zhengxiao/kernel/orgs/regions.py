"""Verbs on regions. One region is a list of one: the same rules hold for a form and for a national table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from zhengxiao.kernel.orgs import refusals, rules
from zhengxiao.kernel.orgs.models import Region
from zhengxiao.kernel.orgs.telling import tell_made
from zhengxiao.lib.actors import Actor


@dataclass(frozen=True, slots=True)
class NewRegion:
    """A region to be made. The level follows from the code; `level`, when given, must agree with it."""

    code: str
    name: str
    parent_code: str | None = None
    level: int | None = None


def region_create(
    *,
    code: str,
    name: str,
    parent_code: str | None = None,
    level: int | None = None,
    actor: Actor,
    at: datetime,
) -> Region:
    """Add a region below `parent_code`, or at the top without one (the installation's own root).

    Raises RegionCodeMalformed, RegionLevelMismatch, RegionCodeTaken, RegionUnknown, RegionNotBelowParent.
    """
    return regions_bulk_create([NewRegion(code, name, parent_code, level)], actor=actor, at=at)[code]


def regions_bulk_create(rows: Iterable[NewRegion], *, actor: Actor, at: datetime) -> dict[str, Region]:
    """Add many regions, in any order; parents may be among them. All or none; code → region. Refusals as
    above.
    """
    # By code within a level: the ids below one region then form few runs, which keeps its scope filter short.
    ordered = sorted(((_level(row), row) for row in rows), key=lambda pair: (pair[0], pair[1].code))
    codes = {row.code for _level_, row in ordered}
    parents = {row.parent_code for _level_, row in ordered if row.parent_code} - codes
    known = {region.code: region for region in Region.objects.filter(code__in=codes | parents)}
    made: dict[str, Region] = {}
    try:
        with transaction.atomic():
            for level in rules.Level:
                wave = [
                    _region(row, level, known, made, at) for at_level, row in ordered if at_level is level
                ]
                Region.objects.bulk_create(_distinct(wave))
                made.update((region.code, region) for region in wave)
            tell_made(made.values(), actor, at)
    except IntegrityError as error:
        raise refusals.RegionCodeTaken(field="code", code="、".join(sorted(codes)[:3])) from error
    return made


def _level(row: NewRegion) -> rules.Level:
    level = rules.region_level(row.code)
    if level is None:
        raise refusals.RegionCodeMalformed(field="code", code=row.code)
    if row.level is not None and row.level != level:
        raise refusals.RegionLevelMismatch(
            field="level", code=row.code, expected=level.value, level=row.level
        )
    return level


def _region(
    row: NewRegion, level: rules.Level, known: dict[str, Region], made: dict[str, Region], at: datetime
) -> Region:
    if row.code in known:
        raise refusals.RegionCodeTaken(field="code", code=row.code)
    parent = None
    if row.parent_code:
        parent = made.get(row.parent_code) or known.get(row.parent_code)
        if parent is None:
            # Also a parent of the same list that is not above it: waves go from the top down.
            raise refusals.RegionUnknown(field="parent_code", code=row.parent_code)
        if not rules.is_below(row.code, level, parent.code, rules.Level(parent.level)):
            raise refusals.RegionNotBelowParent(field="parent_code", code=row.code, parent=parent.code)
    path = rules.region_path(row.code, level, parent.path if parent else None)
    return Region(code=row.code, name=row.name, level=level.value, parent=parent, path=path, created_at=at)


def _distinct(wave: list[Region]) -> list[Region]:
    seen: set[str] = set()
    for region in wave:
        if region.code in seen:
            raise refusals.RegionCodeTaken(field="code", code=region.code)
        seen.add(region.code)
    return wave
