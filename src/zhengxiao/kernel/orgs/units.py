"""Verbs on units. One unit is a list of one, as with regions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from zhengxiao.kernel.orgs import refusals, rules
from zhengxiao.kernel.orgs.models import Region, Unit
from zhengxiao.kernel.orgs.rules import OWN_DEPARTMENT_KINDS, UnitKind
from zhengxiao.kernel.orgs.telling import tell_made
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.identifiers import credit_code_fault


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be made, with its relations by code.

    Without `department_code` a department or centre is its own department, and any other unit belongs to the
    department of its parent. A window that stands in a centre names the department it works for.
    """

    code: str
    name: str
    kind: str
    region_code: str
    parent_code: str | None = None
    department_code: str | None = None
    short_name: str = ""
    credit_code: str = ""


def unit_create(
    *,
    code: str,
    name: str,
    kind: str,
    region_code: str,
    parent_code: str | None = None,
    department_code: str | None = None,
    short_name: str = "",
    credit_code: str = "",
    actor: Actor,
    at: datetime,
) -> Unit:
    """Add a unit. `short_name` is the name unless given.

    Raises UnitCodeMalformed, UnitCodeTaken, UnitNameMissing, UnitKindUnknown, RegionUnknown, UnitUnknown
    (parent or department), UnitNeedsDepartment, UnitOutsideParentRegion, UnitTooDeep, CreditCodeFaulty.
    """
    row = NewUnit(code, name, kind, region_code, parent_code, department_code, short_name, credit_code)
    return units_bulk_create([row], actor=actor, at=at)[code]


def units_bulk_create(rows: Iterable[NewUnit], *, actor: Actor, at: datetime) -> dict[str, Unit]:
    """Add many units, in any order; parents and departments may be among them. All or none; code → unit."""
    waiting = list(rows)
    _check_distinct(waiting)
    wanted = {code for row in waiting for code in (row.code, row.parent_code, row.department_code) if code}
    book = _Book(
        regions={
            region.code: region
            for region in Region.objects.filter(code__in={row.region_code for row in waiting})
        },
        units={unit.code: unit for unit in Unit.objects.filter(code__in=wanted).select_related("region")},
    )
    made: dict[str, Unit] = {}
    try:
        with transaction.atomic():
            while waiting:
                # A wave: all units whose parent and department stand already.
                wave = [row for row in waiting if _is_ready(row, book.units)]
                if not wave:
                    raise refusals.UnitUnknown(
                        field="parent_code", code=waiting[0].parent_code or waiting[0].department_code
                    )
                units = _insert([_unit(row, book, at) for row in wave])
                made.update(units)
                book.units.update(units)
                waiting = [row for row in waiting if row.code not in units]
            tell_made(made.values(), actor, at)
    except IntegrityError as error:
        raise refusals.UnitCodeTaken(field="code", code="、".join(sorted(made)[:3])) from error
    return made


@dataclass(frozen=True, slots=True)
class _Book:
    """Regions and units by code that the new rows refer to; units grow as waves are made."""

    regions: dict[str, Region]
    units: dict[str, Unit]


def _check_distinct(rows: list[NewUnit]) -> None:
    seen: set[str] = set()
    for row in rows:
        if not rules.unit_code_is_well_formed(row.code):
            raise refusals.UnitCodeMalformed(field="code", code=row.code)
        if row.code.lower() in seen:
            raise refusals.UnitCodeTaken(field="code", code=row.code)
        seen.add(row.code.lower())
    for start in range(0, len(rows), 500):
        part = {row.code for row in rows[start : start + 500]}
        taken = Unit.objects.filter(code__in=part).values_list("code", flat=True).first()
        if taken is not None:
            raise refusals.UnitCodeTaken(field="code", code=taken)


def _is_ready(row: NewUnit, units: dict[str, Unit]) -> bool:
    return all(code in units for code in (row.parent_code, row.department_code) if code and code != row.code)


def _unit(row: NewUnit, book: _Book, at: datetime) -> Unit:
    if row.kind not in {kind.value for kind in UnitKind}:
        raise refusals.UnitKindUnknown(field="kind", kind=row.kind)
    if not row.name.strip():
        raise refusals.UnitNameMissing(field="name", code=row.code)
    fault = credit_code_fault(row.credit_code) if row.credit_code else None
    if fault:
        raise refusals.CreditCodeFaulty(field="credit_code", code=row.credit_code, fault=fault)
    region = book.regions.get(row.region_code)
    if region is None:
        raise refusals.RegionUnknown(field="region_code", code=row.region_code)
    parent = book.units[row.parent_code] if row.parent_code else None
    if parent is not None and not region.path.startswith(parent.region.path):
        raise refusals.UnitOutsideParentRegion(field="region_code", code=row.code)
    path = rules.unit_path(row.code, parent.path if parent else None)
    if len(path) > 255:
        raise refusals.UnitTooDeep(field="parent_code", code=row.code)
    return Unit(
        code=row.code,
        name=row.name.strip(),
        short_name=(row.short_name or row.name).strip()[:32],
        kind=row.kind,
        region=region,
        parent=parent,
        department_id=_department_id(row, parent, book.units),
        credit_code=row.credit_code,
        path=path,
        created_at=at,
    )


def _department_id(row: NewUnit, parent: Unit | None, units: dict[str, Unit]) -> int | None:
    """None stands for "itself" until the row has an id."""
    if row.department_code and row.department_code != row.code:
        department = units[row.department_code]
        if department.department_id != department.pk:
            raise refusals.UnitNeedsDepartment(field="department_code", code=row.code)
        return department.pk
    if row.kind in OWN_DEPARTMENT_KINDS:
        return None
    if parent is None or parent.department_id is None or row.department_code == row.code:
        raise refusals.UnitNeedsDepartment(field="parent_code", code=row.code)
    return parent.department_id


def _insert(units: list[Unit]) -> dict[str, Unit]:
    Unit.objects.bulk_create(units)
    own = [unit for unit in units if unit.department_id is None]
    Unit.objects.filter(pk__in=[unit.pk for unit in own]).update(department_id=F("id"))
    for unit in own:
        unit.department_id = unit.pk
    return {unit.code: unit for unit in units}
