"""The figures of supervision against a population counted by hand; a lifted card leaves every one of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from zhengxiao.kernel.metrics.api import compute, ids
from zhengxiao.mechanisms.supervision.record import highest_cards
from zhengxiao.mechanisms.supervision.tests.conftest import MONDAY, Supervised
from zhengxiao.mechanisms.supervision.tests.test_workflow import APPEAL, EXPLANATION, RULING, an_order, step

SPRING = {"period_from": date(2026, 3, 1), "period_to": date(2026, 6, 1)}


def value(world: Supervised, name: str, **more: Any) -> Decimal | None:
    (figure,) = compute(
        f"supervision.{name}", actor=world.supervisor, as_of=MONDAY + timedelta(days=60), **SPRING, **more
    )
    return figure.value


def test_rates_count_the_gravest_standing_card_of_finished_cases_and_forget_lifted_ones(world: Supervised):
    late, in_time, other = (world.case(at=MONDAY + timedelta(minutes=number)) for number in range(3))
    moment = world.promised(late).yellow_at
    assert moment is not None
    grant = {"result_no": "示许准〔2026〕1 号"}
    world.cases.move(in_time, "grant", at=moment - timedelta(days=1), data=grant)
    yellow, at = world.yellow(late)
    for case in (late, other):
        world.cases.move(case, "grant", at=at + timedelta(hours=1), data=grant)
    world.look(at + timedelta(hours=1))
    assert value(world, "yellow_rate") == Decimal(2) / 3
    assert value(world, "red_rate") == 0
    assert value(world, "cards") == 2
    behind = ids(
        "supervision.yellow_rate",
        part="numerator",
        actor=world.supervisor,
        as_of=MONDAY + timedelta(days=60),
        **SPRING,
    )
    assert set(behind.values_list("pk", flat=True)) == {late.pk, other.pk}
    world.move(yellow, "appeal", at=at + timedelta(hours=2), actor=world.head, **APPEAL)
    world.move(yellow, "lift", at=at + timedelta(hours=3), actor=world.supervisor, **RULING)
    assert value(world, "yellow_rate") == Decimal(1) / 3
    assert value(world, "lifted_share") is not None
    by_department = compute(
        "supervision.cards",
        by="department",
        actor=world.supervisor,
        as_of=MONDAY + timedelta(days=60),
        **SPRING,
    )
    assert [(figure.key, int(figure.numerator)) for figure in by_department] == [(world.org.market.pk, 2)]
    assert list(highest_cards(at)) == []


def test_time_to_explanation_is_in_working_days_and_orders_closed_in_time_are_those_that_never_escalated(
    world: Supervised,
):
    card, at = world.yellow()
    world.move(card, "explain", at=at + timedelta(days=2, hours=10), actor=world.approver, **EXPLANATION)
    days = value(world, "explanation_days")
    assert days is not None
    assert 1 <= days <= 3
    assert value(world, "explained_in_time") == 1
    order = step(an_order(world), "sign", world.head, MONDAY)
    order = step(order, "report", world.head, MONDAY, report="办完")
    step(order, "close", world.supervisor, MONDAY, conclusion="属实")
    late = an_order(world)
    world.look(MONDAY + timedelta(days=4))
    late = step(late, "sign", world.head, MONDAY + timedelta(days=4))
    late = step(late, "report", world.head, MONDAY + timedelta(days=4), report="办完")
    step(late, "close", world.supervisor, MONDAY + timedelta(days=4), conclusion="属实")
    assert value(world, "orders_in_time") == Decimal(1) / 2


def test_a_falsified_highest_card_is_found(world: Supervised):
    card, at = world.yellow()
    assert list(highest_cards(at)) == []
    type(card).objects.filter(pk=card.pk).update(highest=False)
    assert [(key, field) for _table, key, field, _why in highest_cards(at)] == [(card.pk, "highest")]
