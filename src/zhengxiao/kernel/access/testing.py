"""A small organisation for the tests of every package: province, city, two districts, one person per role.

Each district has a government office and two departments; each department has a section and a window. The ten
people of `users` hold one role each: those of a department work in the market office of district A.
`neighbours` are the strangers that access tests need: same role, other window, department or district.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from zhengxiao.kernel.access.queries import actor_for
from zhengxiao.kernel.identity.api import NewUser, User, users_bulk_create
from zhengxiao.kernel.orgs.api import (
    NewPost,
    NewRegion,
    NewUnit,
    Region,
    Unit,
    posts_bulk_create,
    regions_bulk_create,
    units_bulk_create,
)
from zhengxiao.lib.actors import SYSTEM, Actor, Role

AT = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""Wednesday morning, an ordinary working day."""
SINCE = date(2025, 1, 1)

_REGIONS = (
    NewRegion("990000000000", "示例省"),
    NewRegion("990100000000", "示例市", "990000000000"),
    NewRegion("990102000000", "示例甲区", "990100000000"),
    NewRegion("990103000000", "示例乙区", "990100000000"),
)
_DISTRICTS = (("A", "甲区", "990102000000"), ("B", "乙区", "990103000000"))
_DEPARTMENTS = (("MARKET", "市场监管局"), ("HOUSING", "住建局"))
_PEOPLE: tuple[tuple[str, str, Role, str], ...] = (
    ("citizen", "王示例", Role.CITIZEN, "CITY"),
    ("clerk", "李示例", Role.WINDOW_CLERK, "A-MARKET-W1"),
    ("approver", "张示例", Role.APPROVER, "A-MARKET-S1"),
    ("head", "刘示例", Role.DEPARTMENT_HEAD, "A-MARKET"),
    ("supervisor", "陈示例", Role.SUPERVISOR, "A-OFFICE"),
    ("leader", "杨示例", Role.LEADER, "CITY"),
    ("auditor", "黄示例", Role.AUDITOR, "CITY"),
    ("sysadmin", "赵示例", Role.SYSTEM_ADMIN, "CITY"),
    ("secadmin", "吴示例", Role.SECURITY_ADMIN, "CITY"),
    ("client", "示例平台", Role.SYSTEM_CLIENT, "CITY"),
)
_NEIGHBOURS: tuple[tuple[str, str, Role, str], ...] = (
    ("citizen-2", "周示例", Role.CITIZEN, "CITY"),
    ("clerk-beside", "徐示例", Role.WINDOW_CLERK, "A-MARKET-W1"),
    ("clerk-housing", "孙示例", Role.WINDOW_CLERK, "A-HOUSING-W1"),
    ("head-housing", "马示例", Role.DEPARTMENT_HEAD, "A-HOUSING"),
    ("clerk-b", "朱示例", Role.WINDOW_CLERK, "B-MARKET-W1"),
    ("supervisor-b", "胡示例", Role.SUPERVISOR, "B-OFFICE"),
)


class Scoped(Protocol):
    """A queryset with `visible_to`."""

    def visible_to(self, actor: Actor, action: str | None = None) -> Any: ...


@dataclass(frozen=True, slots=True)
class SampleOrg:
    """The organisation as made. Units by code (`A-MARKET-W1`), people by role, strangers by username."""

    province: Region
    city: Region
    district_a: Region
    district_b: Region
    units: Mapping[str, Unit]
    users: Mapping[Role, User]
    neighbours: Mapping[str, User]
    at: datetime

    @property
    def office(self) -> Unit:
        """The city's service centre, where leader, auditor and administrators sit."""
        return self.units["CITY"]

    @property
    def market(self) -> Unit:
        return self.units["A-MARKET"]

    @property
    def section(self) -> Unit:
        return self.units["A-MARKET-S1"]

    @property
    def window(self) -> Unit:
        return self.units["A-MARKET-W1"]

    def actor(self, who: Role | str) -> Actor:
        """The actor of a role, or of a neighbour by username."""
        user = self.users[who] if isinstance(who, Role) else self.neighbours[who]
        return actor_for(user, at=self.at)


def sample_org(*, at: datetime = AT, password: str | None = None) -> SampleOrg:
    """Make the organisation in an empty test database. Without `password` sign in by `client.force_login`."""
    regions = regions_bulk_create(_REGIONS, actor=SYSTEM, at=at)
    units = units_bulk_create(_units(), actor=SYSTEM, at=at)
    people = _PEOPLE + _NEIGHBOURS
    made = users_bulk_create(
        [NewUser(username, name) for username, name, _role, _unit in people],
        password=password,
        actor=SYSTEM,
        at=at,
    )
    users = {user.username: user for user in made}
    posts = [
        NewPost(users[username].pk, units[unit].pk, role, SINCE) for username, _name, role, unit in people
    ]
    posts_bulk_create(posts, actor=SYSTEM, at=at)
    return SampleOrg(
        province=regions["990000000000"],
        city=regions["990100000000"],
        district_a=regions["990102000000"],
        district_b=regions["990103000000"],
        units=MappingProxyType(units),
        users=MappingProxyType({role: users[username] for username, _name, role, _unit in _PEOPLE}),
        neighbours=MappingProxyType({username: users[username] for username, *_rest in _NEIGHBOURS}),
        at=at,
    )


def _units() -> list[NewUnit]:
    rows = [NewUnit("CITY", "示例市政务服务中心", "centre", "990100000000", short_name="市政务中心")]
    for letter, district, region in _DISTRICTS:
        rows.append(NewUnit(f"{letter}-OFFICE", f"示例{district}政府办公室", "department", region))
        for stem, name in _DEPARTMENTS:
            code = f"{letter}-{stem}"
            rows.append(
                NewUnit(code, f"示例{district}{name}", "department", region, short_name=f"{district}{name}")
            )
            rows.append(NewUnit(f"{code}-S1", f"{district}{name}审批科", "section", region, code))
            rows.append(NewUnit(f"{code}-W1", f"{district}{name}窗口", "window", region, code))
    return rows


def visible_matrix(queryset: Scoped, org: SampleOrg, action: str | None = None) -> dict[Role, frozenset[int]]:
    """Role → primary keys its sample person sees: the matrix of one queryset, to be held against a table."""
    return {
        role: frozenset(queryset.visible_to(org.actor(role), action).values_list("pk", flat=True))
        for role in Role
    }
