"""Who acts: a value that every verb takes. Built once per request or run from the posts in force at that moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The ten roles; what each may do is stated in every app's permissions.py."""

    CITIZEN = "citizen"
    WINDOW_CLERK = "window_clerk"
    APPROVER = "approver"
    DEPARTMENT_HEAD = "department_head"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    AUDITOR = "auditor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    SYSTEM_CLIENT = "system_client"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held at one unit, with the units and regions below it already resolved.

    `unit_ids`: the unit and everything under it. `department_ids`: the department the unit belongs to and everything
    under that. `region_ids`: the unit's region and all regions below it.
    """

    role: Role
    unit_id: int
    unit_ids: frozenset[int]
    department_ids: frozenset[int]
    region_ids: frozenset[int]
    delegated_by: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a machine client, or the system itself (`user_id` None)."""

    user_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    is_system: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)


SYSTEM = Actor(user_id=None, name="系统", is_system=True)
"""The platform acting by rule (sweep, deliveries, seeding); it may do what the rules themselves order."""
