"""The way of a licence: one row per transition, its clocks, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.kernel.clock.api import Clock
from zhengxiao.kernel.orgs.api import unit_by_code
from zhengxiao.kernel.timeline.api import Delivery, Subject, deliver_due, entries_for
from zhengxiao.kernel.workflow.api import MoveNotLawful
from zhengxiao.lib.actors import Role
from zhengxiao.lib.refusals import NotPermitted
from zhengxiao.mechanisms.relay import refusals
from zhengxiao.mechanisms.relay.models import Relayed, SupervisingUnit
from zhengxiao.mechanisms.relay.rules import is_fresh, is_relayed
from zhengxiao.mechanisms.relay.services import relay_move, relay_open
from zhengxiao.mechanisms.relay.testing import GRANT, at, pushed
from zhengxiao.mechanisms.relay.workflow import WORKFLOW

pytestmark = pytest.mark.django_db

ANSWER = {"measure": "routine", "text": "每季度检查一次，由执法一中队负责。"}
RETURN = {"reason": "不属本部门监管"}
REROUTE = {"unit": "A-HOUSING", "from_now_on": "", "reason": "住建领域由住建局监管"}

# transition, moves before it, data, state after, kinds of clocks running after
TRANSITION_ROWS: list[tuple[str, list[tuple[str, dict[str, str]]], dict[str, str], str, set[str]]] = [
    ("claim", [], {}, "claimed", {"answer"}),
    ("answer", [("claim", {})], ANSWER, "answered", set()),
    ("return", [], RETURN, "returned", set()),
    ("return", [("claim", {})], RETURN, "returned", set()),
    ("reroute", [("return", RETURN)], REROUTE, "pushed", {"claim"}),
    ("reroute", [("claim", {})], REROUTE, "pushed", {"claim"}),
]


@pytest.fixture
def world() -> CaseWorld:
    return case_world()


def take(
    world: CaseWorld, row: Relayed, name: str, data: dict[str, Any], *, day: str = "2026-03-03"
) -> Relayed:
    role = Role.SUPERVISOR if name == "reroute" else Role.APPROVER
    return relay_move(relayed_id=row.pk, transition=name, actor=world.org.actor(role), at=at(day), data=data)


@pytest.mark.parametrize(("transition", "before", "data", "state", "clocks"), TRANSITION_ROWS)
def test_every_transition_leads_where_the_table_says(
    world: CaseWorld,
    transition: str,
    before: list[tuple[str, dict[str, str]]],
    data: dict[str, str],
    state: str,
    clocks: set[str],
) -> None:
    row = pushed(world)
    for name, told in before:
        row = take(world, row, name, told)
    row = take(world, row, transition, data)
    row.refresh_from_db()
    assert row.state == state
    running = Clock.objects.running().about("relay", row.pk)
    assert set(running.values_list("kind", flat=True)) == clocks
    facts = [entry.fact for entry in entries_for(Subject("relay", row.pk))]
    assert WORKFLOW.transition(transition).fact in facts


def test_a_granted_licence_is_pushed_with_three_working_days_to_claim_it(world: CaseWorld) -> None:
    row = pushed(world)  # Monday 2 March
    assert row.claim_clock is not None
    assert row.claim_clock.due_on == date(2026, 3, 5)  # Tuesday, Wednesday, Thursday
    assert (row.pushed_at, row.unit_id) == (at("2026-03-02"), world.org.market.pk)


def test_over_a_holiday_the_three_days_are_working_days(world: CaseWorld) -> None:
    row = pushed(world, day="2026-02-13")  # Friday before Spring Festival; 14 February is a make-up Saturday
    assert row.claim_clock is not None
    assert row.claim_clock.due_on == date(2026, 2, 25)  # Saturday 14 counts, then Tuesday 24 and Wednesday 25


def test_the_same_decision_told_twice_is_pushed_once(world: CaseWorld) -> None:
    row = pushed(world)
    Delivery.objects.filter(subscriber="relay.decided").update(state=Delivery.State.WAITING)
    deliver_due(at=at("2026-03-03"), limit=500)
    again = relay_open(case_id=row.case_id, at=at("2026-03-03"))
    assert again is not None
    assert again.pk == row.pk
    assert Relayed.objects.count() == 1
    assert Clock.objects.about("relay", row.pk).count() == 1


def test_what_was_refused_is_not_pushed(world: CaseWorld) -> None:
    case = world.accepted(at=at("2026-03-02", 9))
    denial = {
        "result_no": "示不准〔2026〕1 号",
        "reason": "不符合条件",
        "remedies": "六十日内可申请行政复议。",
    }
    world.move(case, "deny", at=at("2026-03-02"), data=denial)
    deliver_due(at=at("2026-03-02", 11), limit=500)
    assert not Relayed.objects.exists()
    assert not is_relayed(task_type="07", result="granted")


def test_rerouting_from_now_on_sends_later_licences_of_the_item_there(world: CaseWorld) -> None:
    row = take(world, pushed(world), "reroute", {**REROUTE, "from_now_on": "on"})
    housing = unit_by_code("A-HOUSING")
    assert row.department_id == housing.pk
    assert SupervisingUnit.objects.get().unit_id == housing.pk
    later = pushed(world, day="2026-03-04", number=2)
    assert later.unit_id == housing.pk
    with pytest.raises(NotPermitted):  # the market office sees it no more
        take(world, later, "claim", {}, day="2026-03-05")


@pytest.mark.parametrize("code", ["B-MARKET", "NOBODY", "a-market "])
def test_it_is_rerouted_to_another_unit_of_the_region_only(world: CaseWorld, code: str) -> None:
    row = pushed(world)
    with pytest.raises((refusals.UnitUnfit, refusals.SameUnit)):
        take(world, row, "reroute", {**REROUTE, "unit": code})
    row.refresh_from_db()
    assert row.state == "pushed"


def test_the_office_cannot_reroute_and_supervision_cannot_claim(world: CaseWorld) -> None:
    row = pushed(world)
    for role, name, data in ((Role.DEPARTMENT_HEAD, "reroute", REROUTE), (Role.SUPERVISOR, "claim", {})):
        with pytest.raises(NotPermitted):
            relay_move(
                relayed_id=row.pk,
                transition=name,
                actor=world.org.actor(role),
                at=at("2026-03-03"),
                data=data,
            )


def test_history_brought_in_long_afterwards_is_not_pushed() -> None:
    assert is_fresh(decided_at=at("2026-03-02"), recorded_at=at("2026-04-01"))
    assert not is_fresh(decided_at=at("2026-03-02"), recorded_at=at("2026-04-02"))


def test_an_answer_ends_it(world: CaseWorld) -> None:
    row = take(world, take(world, pushed(world), "claim", {}), "answer", ANSWER)
    for name, data in (("claim", {}), ("return", RETURN), ("reroute", REROUTE)):
        with pytest.raises(MoveNotLawful):
            take(world, row, name, data)
    assert GRANT["certificate_no"] not in row.answer
