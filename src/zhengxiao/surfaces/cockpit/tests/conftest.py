"""One city for all tests of this folder; what a test writes is taken back after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

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


@pytest.fixture(scope="package")
def laid_out(django_db_setup: Any, django_db_blocker: Any) -> Iterator[CaseWorld]:
    with django_db_blocker.unblock(), transaction.atomic():
        made = case_world()
        make_cases(made)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def _django_db_helper(laid_out: CaseWorld, django_db_blocker: Any) -> Iterator[None]:
    """What stands behind pytest-django's `db`: here a part of the city's own transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world(laid_out: CaseWorld, db: None, settings: Any) -> CaseWorld:
    """The city at NOW."""
    settings.ZX_MOMENT = NOW
    return laid_out


@pytest.fixture
def supervisor(client, world):
    client.force_login(world.org.users[Role.SUPERVISOR])
    return client
