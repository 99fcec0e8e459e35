"""One office with an item of ten promised days, the shipped rules installed, and a second supervisor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from zhengxiao.backbone.cases.api import Case
from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.lib.actors import Actor, Role
from zhengxiao.mechanisms.detection.backtests import back_test_now
from zhengxiao.mechanisms.detection.models import RuleVersion
from zhengxiao.mechanisms.detection.services import install_rules, version_move

STEPS = [{"name": name} for name in ("受理", "审查", "审核", "决定")]
GRANT = {"result_no": "示许准〔2026〕1 号"}


@pytest.fixture
def world(db: None) -> CaseWorld:
    return case_world(process_steps=STEPS)


@pytest.fixture
def at(world: CaseWorld) -> datetime:
    return world.org.at


@pytest.fixture
def supervisor(world: CaseWorld) -> Actor:
    return world.org.actor(Role.SUPERVISOR)


@pytest.fixture
def leader(world: CaseWorld) -> Actor:
    return world.org.actor(Role.LEADER)


@pytest.fixture
def versions(world: CaseWorld, at: datetime) -> dict[str, RuleVersion]:
    return {version.rule.code: version for version in install_rules(at=at - timedelta(days=30))}


@pytest.fixture
def in_force(
    versions: dict[str, RuleVersion], supervisor: Actor, leader: Actor, at: datetime
) -> Callable[..., RuleVersion]:
    """Bring a shipped rule into force (or, with `trial`, only on trial) long before `at`."""

    def bring(code: str, *, trial: bool = False) -> RuleVersion:
        key, before = versions[code].pk, at - timedelta(days=20)
        version_move(version_id=key, transition="try", actor=supervisor, at=before)
        if not trial:
            back_test_now(version_ids=[key], actor=supervisor, at=before)
            note = {"note": "按上级规则"}
            version_move(
                version_id=key, transition="propose_activation", actor=supervisor, at=before, data=note
            )
            version_move(version_id=key, transition="activate", actor=leader, at=before)
        return RuleVersion.objects.select_related("rule").get(pk=key)

    return bring


@pytest.fixture
def decided(world: CaseWorld, at: datetime) -> Callable[..., Case]:
    """A case accepted at `at` (or later) and decided so many minutes after."""

    def decide(*, minutes: int = 10, later: timedelta = timedelta(0), **changes: Any) -> Case:
        case = world.accepted(at=at + later, **changes)
        done = at + later + timedelta(minutes=5 + minutes)
        return world.move(case, "grant", at=done, data=GRANT)

    return decide
