from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.lib.actors import Role

ZONE = ZoneInfo("Asia/Shanghai")
DELIVERED = {"method": "window"}
NOW = datetime(2026, 3, 26, 10, 30, tzinfo=ZONE)
"""Thursday. Ten working days after 2 March: 16 March; twenty: 30 March."""
GRANT = {"result_no": "示许准 1", "certificate_no": ""}


def at(day: str, hour: int = 9) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=ZONE)


def make_cases(world: CaseWorld) -> None:
    """February: one in time. March: one in time, one late, one past both limits, one past the promise, two running."""
    early = world.accepted(at=at("2026-02-02"))
    world.move(early, "grant", at=at("2026-02-05"), data=GRANT)
    world.move(early, "deliver", at=at("2026-02-06"), data=DELIVERED)
    for start, end in (("2026-03-02", "2026-03-09"), ("2026-03-02", "2026-03-23")):
        case = world.accepted(at=at(start))
        world.move(case, "grant", at=at(end), data=GRANT)
        world.move(case, "deliver", at=at("2026-03-24"), data=DELIVERED)
    world.accepted(at=at("2026-02-09"))  # past both: twenty working days are over
    world.accepted(at=at("2026-03-02"))  # past the promise, red on 31 March
    world.accepted(at=at("2026-03-11"))  # due on 25 March: yellow since last midnight
    world.accepted(at=at("2026-03-24"))
    world.receive(at=at("2026-03-25"))


@pytest.fixture
def world(db, settings) -> CaseWorld:
    settings.ZX_MOMENT = NOW
    made = case_world()
    make_cases(made)
    return made


@pytest.fixture
def supervisor(client, world):
    client.force_login(world.org.users[Role.SUPERVISOR])
    return client
