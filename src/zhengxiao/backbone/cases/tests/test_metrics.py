"""The five figures, each against cases counted by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from zhengxiao.backbone.cases.testing import CaseWorld, case_world, item_in_force
from zhengxiao.kernel.metrics.api import compute
from zhengxiao.lib.actors import SYSTEM

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
GRANT = {"result_no": "示许准 1", "certificate_no": ""}


def at(day: str, hour: int = 10) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=ZONE)


@pytest.fixture
def world() -> CaseWorld:
    """March 2026: one finished in 5 of 10/20 working days, one in 15 (late), one open and late, one open, one with no limit."""
    world = case_world()
    early = world.accepted(at=at("2026-03-02"))  # Monday
    world.move(early, "grant", at=at("2026-03-09"), data=GRANT)
    late = world.accepted(at=at("2026-03-02"))
    world.move(late, "grant", at=at("2026-03-23"), data=GRANT)
    world.accepted(at=at("2026-03-03"))  # due 03-17, never finished
    world.accepted(at=at("2026-03-26"))  # due in April
    item, _ = item_in_force(world.org, code="no-limit", statutory=None, promised=None)
    free = world.accepted(at=at("2026-03-02"), item_id=item.pk)
    world.move(free, "grant", at=at("2026-03-30"), data=GRANT)
    return world


def figure(name: str, world: CaseWorld) -> tuple[Decimal | None, object, object]:
    (one,) = compute(
        name, period_from=date(2026, 3, 1), period_to=date(2026, 4, 1), actor=SYSTEM, as_of=at("2026-04-02")
    )
    return one.value, one.numerator, one.denominator


def test_accepted_counts_acceptances_of_the_month(world: CaseWorld) -> None:
    assert figure("cases.accepted", world)[0] == 5


def test_finished_counts_decisions_of_the_month(world: CaseWorld) -> None:
    assert figure("cases.finished", world)[0] == 3


def test_a_case_without_a_target_is_in_no_on_time_figure(world: CaseWorld) -> None:
    assert figure("cases.on_time_rate", world)[1:] == (1, 2)


def test_overdue_adds_what_is_late_and_still_open(world: CaseWorld) -> None:
    assert figure("cases.overdue_rate", world)[1:] == (2, 3)


def test_speed_up_compares_working_days_used_with_the_statutory_limit(world: CaseWorld) -> None:
    value, saved, whole = figure("cases.statutory_speedup", world)
    assert (float(saved), float(whole)) == pytest.approx((20 - 5 + 20 - 15, 40))
    assert float(value) == pytest.approx(0.5)


def test_a_pause_is_not_time_used(world: CaseWorld) -> None:
    procedure = {"kind": "testing", "reason": "检测", "expected_days": "5", "notice_no": "示特 1"}
    case = world.accepted(at=at("2026-04-07"))
    world.move(case, "suspend", at=at("2026-04-08"), data=procedure)
    world.move(case, "resume", at=at("2026-04-15"), data={"outcome": "合格"})
    case = world.move(case, "grant", at=at("2026-04-15", 15), data=GRANT)
    case.refresh_from_db()
    assert case.statutory_clock.used == 1  # only Wednesday 04-15: 8, 9, 10, 13, 14 were paused
    assert case.finished_at - case.received_at > timedelta(days=8)
