"""Region codes, unit paths and periods: pure decisions.

Region codes follow GB/T 2260 and GB/T 10114: two digits province, two city, two county, three town, three
village.
"""

from __future__ import annotations

import re
from datetime import date
from enum import IntEnum, StrEnum

from zhengxiao.lib.actors import Role


class Level(IntEnum):
    """Levels of government as the service catalogue counts them (行使层级): nation 1 … village 6."""

    NATION = 1
    PROVINCE = 2
    CITY = 3
    COUNTY = 4
    TOWN = 5
    VILLAGE = 6


class UnitKind(StrEnum):
    DEPARTMENT = "department"
    SECTION = "section"
    WINDOW = "window"
    CENTRE = "centre"


OWN_DEPARTMENT_KINDS = frozenset({UnitKind.DEPARTMENT, UnitKind.CENTRE})
"""Kinds that are a department of their own unless told otherwise."""

NATION_CODE = "0" * 12
_ENDS = {Level.NATION: 0, Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWN: 9, Level.VILLAGE: 12}

# Written out digit by digit so that the databases' regular expressions read them alike.
CODE_SHAPES = {
    Level.NATION: "^000000000000$",
    Level.PROVINCE: "^[1-9][0-9]0000000000$",
    Level.CITY: "^[1-9][0-9](0[1-9]|[1-9][0-9])00000000$",
    Level.COUNTY: "^[1-9][0-9][0-9][0-9](0[1-9]|[1-9][0-9])000000$",
    Level.TOWN: "^[1-9][0-9][0-9][0-9][0-9][0-9](00[1-9]|0[1-9][0-9]|[1-9][0-9][0-9])000$",
    Level.VILLAGE: "^[1-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9](00[1-9]|0[1-9][0-9]|[1-9][0-9][0-9])$",
}
UNIT_CODE_PATTERN = "^[0-9A-Za-z][0-9A-Za-z._-]*$"


def region_level(code: str) -> Level | None:
    """The level a 12-digit code stands for by its shape, or None when it has none of the six shapes."""
    for level, shape in CODE_SHAPES.items():
        # `$` alone would let a trailing line break through.
        if re.match(shape, code) and len(code) == 12:
            return level
    return None


def significant_digits(code: str, level: Level) -> str:
    """The digits of the code down to its level: 440103000000 at county level is 440103."""
    return code[: _ENDS[level]]


def region_path(code: str, level: Level, parent_path: str | None) -> str:
    """`/44/4401/440103/`; the nation is `/`."""
    if level is Level.NATION:
        return "/"
    return f"{parent_path or '/'}{significant_digits(code, level)}/"


def is_below(code: str, level: Level, parent_code: str, parent_level: Level) -> bool:
    """Whether a region may hang below another: a lower level, and its code begins with the parent's digits.

    Levels may be skipped: towns hang directly below a city without counties, counties directly below a
    province.
    """
    return level > parent_level and code.startswith(significant_digits(parent_code, parent_level))


def unit_path(code: str, parent_path: str | None) -> str:
    return f"{parent_path or '/'}{code}/"


def unit_code_is_well_formed(code: str) -> bool:
    return len(code) <= 32 and re.fullmatch(UNIT_CODE_PATTERN[1:-1], code) is not None


def periods_overlap(
    first_from: date, first_to: date | None, second_from: date, second_to: date | None
) -> bool:
    """Whether two half-open periods [from, to) share a day; `to` None is open, an empty one shares none."""
    if (first_to is not None and first_to <= first_from) or (
        second_to is not None and second_to <= second_from
    ):
        return False
    return (second_to is None or first_from < second_to) and (first_to is None or second_from < first_to)


def covers(outer_from: date, outer_to: date | None, inner_from: date, inner_to: date) -> bool:
    """Whether the half-open period [outer_from, outer_to) contains all of [inner_from, inner_to)."""
    return outer_from <= inner_from and (outer_to is None or inner_to <= outer_to)


DELEGABLE_ROLES = frozenset(
    {Role.WINDOW_CLERK, Role.APPROVER, Role.DEPARTMENT_HEAD, Role.SUPERVISOR, Role.LEADER}
)
"""Roles somebody may exercise for another. Administrators and auditors are named persons; so are citizens."""

ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
"""The three that keep each other in check (三员分立, GB/T 22239 on separate administration)."""


def must_stay_apart(first: Role, second: Role) -> bool:
    """Whether one person may not hold both roles at the same time."""
    return first != second and first in ADMIN_ROLES and second in ADMIN_ROLES
