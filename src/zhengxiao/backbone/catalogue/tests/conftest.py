"""A small district with people of each role, made through the kernel's own verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from zhengxiao.backbone.catalogue.content import VersionContent
from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.identity.api import User, user_create
from zhengxiao.kernel.orgs.api import Region, Unit, post_assign, region_create, unit_create
from zhengxiao.lib.actors import SYSTEM, Actor, Role

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""Monday 2026-03-02 10:00 in the platform's zone."""
TODAY = date(2026, 3, 2)


@dataclass
class District:
    """Region, two departments, and an actor by (role, department)."""

    region: Region
    housing: Unit
    health: Unit
    actors: dict[str, Actor]
    users: dict[str, User]


def _person(name: str, unit: Unit, role: Role) -> tuple[User, Actor]:
    user = user_create(
        username=name,
        display_name=f"王示例{len(name)}",
        password="a long enough phrase 7",
        actor=SYSTEM,
        at=AT,
    )
    post_assign(user_id=user.pk, unit_id=unit.pk, role=role, valid_from=date(2026, 1, 1), actor=SYSTEM, at=AT)
    return user, actor_for(user, at=AT)


@pytest.fixture
def district(db: Any) -> District:
    region = region_create(code="511602000000", name="示例区", actor=SYSTEM, at=AT)
    units = {
        code: unit_create(
            code=code, name=name, kind="department", region_code=region.code, actor=SYSTEM, at=AT
        )
        for code, name in (("H01", "示例区住建局"), ("W01", "示例区卫健局"), ("G01", "示例区政务服务局"))
    }
    made = {
        "clerk": _person("clerk", units["H01"], Role.WINDOW_CLERK),
        "head": _person("head", units["H01"], Role.DEPARTMENT_HEAD),
        "head_two": _person("headtwo", units["H01"], Role.DEPARTMENT_HEAD),
        "other_head": _person("otherhead", units["W01"], Role.DEPARTMENT_HEAD),
        "supervisor": _person("supervisor", units["G01"], Role.SUPERVISOR),
        "auditor": _person("auditor", units["G01"], Role.AUDITOR),
    }
    return District(
        region,
        units["H01"],
        units["W01"],
        {name: actor for name, (_user, actor) in made.items()},
        {name: user for name, (user, _actor) in made.items()},
    )


@pytest.fixture
def content() -> VersionContent:
    return VersionContent(
        name="施工许可核发",
        task_type="01",
        kind="promised",
        legal_basis="《建筑法》第七条",
        statutory_amount=20,
        statutory_unit="wd",
        promised_amount=5,
        promised_unit="wd",
        process_steps=("受理", "审核", "决定"),
    )
