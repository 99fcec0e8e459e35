"""Every transition of cards, orders and rule versions: from where, by whom, what it leaves, and what refuses it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from zhengxiao.kernel.clock.api import Clock
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.kernel.workflow.api import MoveNotLawful, lawful_moves
from zhengxiao.lib.actors import Actor, Role
from zhengxiao.lib.refusals import NotPermitted
from zhengxiao.mechanisms.supervision import refusals
from zhengxiao.mechanisms.supervision.models import Card, CardPolicy, Order
from zhengxiao.mechanisms.supervision.rules import MODEL_A, MODEL_B, CardRules
from zhengxiao.mechanisms.supervision.services import (
    NOBODY,
    ByHand,
    card_issue,
    order_issue,
    order_move,
    rules_decide,
    rules_propose,
)
from zhengxiao.mechanisms.supervision.tests.conftest import MONDAY, Supervised

EXPLANATION = {"explanation": "经办人请假未交接，已补办"}
APPEAL = {"appeal": "系统故障期间不应计时"}
RULING = {"ruling": "经核实，情况属实"}
REASON = {"reason": "示例理由"}


@dataclass(frozen=True)
class Row:
    """One transition of a card: how it gets there, who takes it, with what, and where it ends."""

    name: str
    before: tuple[str, ...]
    who: str
    after: str
    data: dict[str, str] = field(default_factory=dict)


TRANSITION_ROWS = (
    Row("confirm", ("pending",), "supervisor", "issued"),
    Row("drop", ("pending",), "supervisor", "withdrawn", REASON),
    Row("explain", (), "approver", "explained", EXPLANATION),
    Row("appeal", (), "head", "appealed", APPEAL),
    Row("lift", ("appeal",), "supervisor", "lifted", RULING),
    Row("uphold", ("appeal",), "supervisor", "upheld", RULING),
    Row("lift_unasked", ("explain",), "supervisor", "lifted", RULING),
    # by the platform: tests of their own below
    "supersede",
    "restore",
    "sign",
    "report",
    "close",
    "send_back",
    "escalate",
    "escalate_overdue",
    "cancel",
    "reject",
    "replace",
)
CARD_ROWS = [row for row in TRANSITION_ROWS if isinstance(row, Row)]


def confirmed_rules(world: Supervised, rules: CardRules, at: datetime) -> CardPolicy:
    policy = rules_propose(rules=rules, reason="示例", actor=world.supervisor, at=at)
    return rules_decide(policy_id=policy.pk, transition="confirm", actor=world.leader, at=at)


def confirming(department: str = "A-MARKET") -> CardRules:
    return CardRules(MODEL_A.rules, MODEL_A.windows, frozenset({department}))


def actor_named(world: Supervised, name: str) -> Actor:
    return {
        "supervisor": world.supervisor,
        "approver": world.approver,
        "head": world.head,
        "leader": world.leader,
    }[name]


@pytest.mark.parametrize("row", CARD_ROWS, ids=lambda row: row.name)
def test_a_card_moves_as_the_table_says(world: Supervised, row: Row):
    if "pending" in row.before:
        confirmed_rules(world, confirming(), MONDAY)
    card, at = world.yellow()
    steps = {"appeal": ("head", APPEAL), "explain": ("approver", EXPLANATION)}
    for number, step in enumerate(row.before):
        if step in steps:
            who, data = steps[step]
            card = world.move(
                card, step, at=at + timedelta(minutes=number), actor=actor_named(world, who), **data
            )
    moved = world.move(
        card, row.name, at=at + timedelta(hours=1), actor=actor_named(world, row.who), **row.data
    )
    assert moved.state == row.after
    assert Card.objects.get(pk=card.pk).state == row.after
    for other in (
        world.org.actor(Role.WINDOW_CLERK),
        world.org.actor("supervisor-b"),
        world.org.actor("head-housing"),
    ):
        fresh = Card.objects.get(pk=card.pk)
        with pytest.raises((NotPermitted, MoveNotLawful)):
            world.move(fresh, row.name, at=at + timedelta(hours=2), actor=other, **row.data)


def test_a_card_of_a_department_that_waits_is_told_to_nobody_and_counts_nowhere_until_confirmed(
    world: Supervised,
):
    confirmed_rules(world, confirming(), MONDAY)
    card, at = world.yellow()
    assert (card.state, card.highest) == ("pending", False)
    assert not Clock.objects.filter(subject_kind="card", subject_id=card.pk).exists()
    world.move(card, "confirm", at=at, actor=world.supervisor)
    card.refresh_from_db()
    assert (card.state, card.highest, card.confirmed_by_id) == ("issued", True, world.supervisor.user_id)
    assert card.explanation_clock is not None
    assert card.explanation_clock.started_at == at
    with pytest.raises(refusals.IssuerMayNotRule):
        world.move(card, "lift_unasked", at=at, actor=world.supervisor, **RULING)


def test_supersede_and_restore_when_the_red_card_is_lifted_the_yellow_one_stands_again(world: Supervised):
    case = world.case()
    yellow, _ = world.yellow(case)
    moment = world.statutory(case).red_at
    assert moment is not None
    world.look(moment)
    red = Card.objects.get(level="red")
    yellow.refresh_from_db()
    assert (yellow.state, yellow.highest, yellow.superseded_by, red.highest) == (
        "superseded",
        False,
        red,
        True,
    )
    assert not Clock.objects.running().filter(subject_kind="card", subject_id=yellow.pk).exists()
    at = moment + timedelta(hours=1)
    world.move(red, "appeal", at=at, actor=world.head, **APPEAL)
    world.move(red, "lift", at=at + timedelta(hours=1), actor=world.supervisor, **RULING)
    yellow.refresh_from_db()
    red.refresh_from_db()
    assert (red.state, red.highest) == ("lifted", False)
    assert (yellow.state, yellow.highest, yellow.superseded_by) == ("issued", True, None)
    assert Clock.objects.running().filter(subject_kind="card", subject_id=yellow.pk).count() == 2
    facts = list(
        Entry.objects.filter(fact__startswith="supervision.card_")
        .order_by("pk")
        .values_list("fact", flat=True)
    )
    assert facts[-2:] == ["supervision.card_restored", "supervision.card_lifted"]


def test_a_yellow_card_under_appeal_keeps_its_appeal_when_the_red_one_comes(world: Supervised):
    case = world.case()
    yellow, at = world.yellow(case)
    world.move(yellow, "appeal", at=at, actor=world.head, **APPEAL)
    moment = world.statutory(case).red_at
    assert moment is not None
    world.look(moment)
    yellow.refresh_from_db()
    assert (yellow.state, yellow.highest) == ("appealed", False)
    world.move(yellow, "uphold", at=moment, actor=world.supervisor, **RULING)


def test_the_windows_run_five_working_days_from_the_card_and_the_ruling_five_from_the_appeal(
    world: Supervised,
):
    card, at = world.yellow()
    window = Clock.objects.get(subject_kind="card", subject_id=card.pk, kind="card_appeal")
    assert str(window.due_on) == "2026-03-24"  # issued on Tuesday 17 March
    assert world.move(card, "appeal", at=at, actor=world.head, **APPEAL).state == "appealed"
    ruling = Clock.objects.running().get(subject_kind="card", subject_id=card.pk)
    assert (ruling.kind, str(ruling.due_on)) == ("card_ruling", "2026-03-24")


def test_an_appeal_after_the_window_is_refused_and_says_what_else_can_be_done(world: Supervised):
    card, at = world.yellow()
    with pytest.raises(refusals.AppealTooLate, match="说明"):
        world.move(card, "appeal", at=at + timedelta(days=9), actor=world.head, **APPEAL)
    world.move(card, "explain", at=at + timedelta(days=9), actor=world.approver, **EXPLANATION)


def test_nobody_rules_on_a_card_of_the_own_unit_or_on_one_they_issued(world: Supervised):
    at = MONDAY + timedelta(hours=1)
    matter = ByHand(world.org.market.pk, NOBODY, world.org.market.pk, "违规收费")
    card = card_issue(card=matter, level="red", evidence_text="票据 3 张", actor=world.supervisor, at=at)
    world.move(card, "appeal", at=at, actor=world.head, **APPEAL)
    with pytest.raises(refusals.IssuerMayNotRule):
        world.move(card, "lift", at=at, actor=world.supervisor, **RULING)
    own = actor_with(world.leader, world.head)
    with pytest.raises(refusals.OwnUnit):
        world.move(card, "lift", at=at, actor=own, **RULING)
    assert world.move(card, "lift", at=at, actor=world.leader, **RULING).state == "lifted"


def actor_with(one: Actor, other: Actor) -> Actor:
    """A person who holds the posts of both."""
    return Actor(one.user_id, one.name, (*one.grants, *other.grants))


def test_nobody_issues_a_card_to_the_own_unit_or_outside_the_own_region(world: Supervised):
    office = world.org.units["A-OFFICE"]
    elsewhere = world.org.units["B-MARKET"]
    for unit, refusal in ((office, refusals.OwnUnit), (elsewhere, refusals.UnitOutsideRegion)):
        with pytest.raises(refusal):
            card_issue(
                card=ByHand(unit.pk, NOBODY, unit.pk, "示例"),
                level="blue",
                evidence_text="",
                actor=world.supervisor,
                at=MONDAY,
            )
    with pytest.raises(NotPermitted):
        card_issue(
            card=ByHand(office.pk, NOBODY, office.pk, "示例"),
            level="blue",
            evidence_text="",
            actor=world.head,
            at=MONDAY,
        )


# ------------------------------------------------------------------ orders
def an_order(world: Supervised, at: datetime = MONDAY, workdays: int = 5) -> Order:
    market = world.org.market.pk
    matter = ByHand(market, NOBODY, market, "限期整改窗口排队问题")
    return order_issue(order=matter, title="窗口排队", workdays=workdays, actor=world.supervisor, at=at)


def step(order: Order, name: str, actor: Actor, at: datetime, **data: str) -> Order:
    return order_move(order_id=order.pk, transition=name, actor=actor, at=at, data=data)


def test_an_order_is_signed_reported_sent_back_and_closed_on_clocks(world: Supervised):
    order = an_order(world)
    hour = timedelta(hours=1)
    assert [clock.kind for clock in Clock.objects.running().about("supervision_order", order.pk)] == [
        "order_sign"
    ]
    order = step(order, "sign", world.head, MONDAY + hour)
    handling = Clock.objects.running().get(subject_kind="supervision_order", subject_id=order.pk)
    assert (handling.kind, str(handling.due_on)) == ("order_handling", "2026-03-09")
    order = step(order, "report", world.approver, MONDAY + 2 * hour, report="已增开窗口")
    order = step(order, "send_back", world.supervisor, MONDAY + 3 * hour, reason="缺少前后对比")
    assert order.state == "handling"
    order = step(order, "report", world.approver, MONDAY + 4 * hour, report="已附对比")
    order = step(order, "close", world.supervisor, MONDAY + 5 * hour, conclusion="属实")
    assert (order.state, order.overdue_steps) == ("closed", 0)
    assert not Clock.objects.running().about("supervision_order", order.pk).exists()


def test_escalate_and_escalate_overdue_an_order_nobody_signs_goes_up_letter_by_letter_and_no_further(
    world: Supervised,
):
    order = an_order(world)
    seen = []
    at = MONDAY
    for _ in range(6):
        clock = Clock.objects.running().filter(subject_kind="supervision_order", subject_id=order.pk).first()
        assert clock is not None
        at = (clock.yellow_at or at) + timedelta(minutes=1)
        world.look(at)
        order.refresh_from_db()
        seen.append(order.step)
        if order.step == "accountability":
            break
    assert seen == ["order", "interview", "accountability"]
    letters = list(order.letters.order_by("at").values_list("step", "by_rule"))
    assert letters == [("reminder", False), ("order", True), ("interview", True), ("accountability", True)]
    assert order.overdue_steps == 3
    world.look(at + timedelta(days=30))
    assert order.letters.count() == 4
    assert len(set(order.letters.values_list("number", flat=True))) == 4


def test_a_supervisor_escalates_by_hand_with_a_reason_but_not_beyond_the_last_step(world: Supervised):
    order = an_order(world)
    for name in ("order", "interview", "accountability"):
        order = step(order, "escalate", world.supervisor, MONDAY + timedelta(hours=1), reason="群众反映强烈")
        assert order.step == name
    with pytest.raises(refusals.LastStep):
        step(order, "escalate", world.supervisor, MONDAY + timedelta(hours=2), reason="再升级")
    assert order.overdue_steps == 0


def test_cancel_ends_every_clock_of_an_order(world: Supervised):
    order = step(an_order(world), "cancel", world.supervisor, MONDAY + timedelta(hours=1), reason="重复督办")
    assert order.state == "cancelled"
    assert not Clock.objects.running().about("supervision_order", order.pk).exists()


def test_the_unit_does_not_close_its_own_order(world: Supervised):
    order = step(an_order(world), "sign", world.head, MONDAY)
    order = step(order, "report", world.head, MONDAY, report="办完")
    with pytest.raises(NotPermitted):
        step(order, "close", world.head, MONDAY, conclusion="好")
    with pytest.raises(refusals.OwnUnit):
        step(order, "close", actor_with(world.supervisor, world.head), MONDAY, conclusion="好")


# ------------------------------------------------------------------ rule versions
def test_reject_and_replace_rules_come_into_force_by_two_people_and_never_reach_back(world: Supervised):
    first = rules_propose(rules=MODEL_B, reason="换模型", actor=world.supervisor, at=MONDAY)
    with pytest.raises(refusals.PolicyBySamePerson):
        rules_decide(policy_id=first.pk, transition="confirm", actor=world.supervisor, at=MONDAY)
    with pytest.raises(refusals.PolicyPending):
        rules_propose(rules=MODEL_A, reason="又一版", actor=world.supervisor, at=MONDAY)
    assert (
        rules_decide(
            policy_id=first.pk, transition="reject", actor=world.leader, at=MONDAY, data=REASON
        ).state
        == "rejected"
    )
    card, at = world.yellow()
    assert card.rule_version == 0
    silent = CardRules(rules=())
    second = confirmed_rules(world, silent, at)
    assert second.number == 2
    other = world.case(at=MONDAY + timedelta(days=1))
    moment = world.promised(other).yellow_at
    assert moment is not None
    world.look(moment)
    assert not Card.objects.filter(subject_id=other.pk, level="yellow").exists()
    third = confirmed_rules(world, MODEL_A, moment)
    second.refresh_from_db()
    assert (second.state, second.valid_to, third.state) == ("replaced", moment, "in_force")


def test_moves_that_are_not_lawful_now_say_why(world: Supervised):
    card, at = world.yellow()
    late = at + timedelta(days=20)
    moves = {
        move.transition.name: move
        for move in lawful_moves(workflow="card", obj=card, actor=world.head, at=late)
    }
    assert moves["explain"].allowed
    assert not moves["appeal"].allowed
    assert isinstance(moves["appeal"].why_not, refusals.AppealTooLate)
