"""Every person at every place in supervision, held against the tables of supervision.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.access import supervision as matrix
from tests.access.matrix import cells
from tests.access.test_matrix import body, held, sign
from tests.access.world import NOW, PEOPLE, PLACES, SEATS, World
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.mechanisms.supervision.models import Card, Order
from zhengxiao.mechanisms.supervision.rules import MODEL_A
from zhengxiao.mechanisms.supervision.services import NOBODY, ByHand, card_move, order_issue, order_move
from zhengxiao.mechanisms.supervision.writing import write_cards

pytestmark = pytest.mark.django_db
BEFORE = NOW - timedelta(hours=1)


def a_card(world: World, place: str, state: str, label: str = "") -> Card:
    """A card against the section of a place, issued by the platform."""
    section = world.units[SEATS[place][1]]
    card = Card(
        level="yellow", source="hand", subject_kind=NOBODY, subject_id=section.pk,
        subject_label=label or f"示例{place}处事项",
        rule="hand", rule_name="示例规则", region_id=section.region_id, department_id=section.department_id,
        unit_id=section.pk, calendar_key="CN", at=BEFORE, issuer_name="系统",
        chain=f"access:{place}:{state}:{Card.objects.count()}", windows=MODEL_A.as_json()["windows"],
    )  # fmt: skip
    (written,) = write_cards([(card, state == "pending")], recorded_at=BEFORE)
    if state == "appealed":
        card_move(
            card_id=written.pk, transition="appeal", actor=SYSTEM, at=BEFORE, data={"appeal": "示例申诉"}
        )
    return written


def an_order(world: World, place: str, state: str) -> Order:
    section = world.units[SEATS[place][1]]
    matter = ByHand(section.pk, NOBODY, section.pk, "示例要求")
    order = order_issue(order=matter, title=f"示例{place}处督办", workdays=5, actor=SYSTEM, at=BEFORE)
    for step, data in (("sign", {}), ("report", {"report": "示例"})):
        if state == "reported" or (state == "handling" and step == "sign"):
            order_move(order_id=order.pk, transition=step, actor=SYSTEM, at=BEFORE, data=data)
    return order


@pytest.fixture
def cards(world: World) -> dict[str, Card]:
    return {place: a_card(world, place, "issued") for place in PLACES}


@pytest.fixture
def orders(world: World) -> dict[str, Order]:
    return {place: an_order(world, place, "issued") for place in PLACES}


@pytest.mark.parametrize("page", ["supervision:card", "supervision:card-letter"])
def test_one_card_is_seen_by_those_it_concerns(
    world: World, cards: dict[str, Card], tally: list[int], page: str
) -> None:
    def ask(person: str, place: str) -> str:
        return sign(world.clients[person].get(reverse(page, args=[cards[place].number])))

    held(cells(matrix.SEE_CARDS), ask, tally)


def test_one_order_and_its_letters_are_seen_by_those_it_concerns(
    world: World, orders: dict[str, Order], tally: list[int]
) -> None:
    def ask(person: str, place: str) -> str:
        order = orders[place]
        letter = reverse("supervision:order-letter", args=[order.number, order.letters.get().pk])
        told = {
            sign(world.clients[person].get(reverse("supervision:order", args=[order.number]))),
            sign(world.clients[person].get(letter)),
        }
        assert len(told) == 1
        return told.pop()

    held(cells(matrix.SEE_CARDS), ask, tally)


@pytest.mark.parametrize("step", matrix.CARD_STEPS, ids=lambda step: step.name)
def test_a_move_of_a_card_is_taken_by_those_who_may(world: World, tally: list[int], step: Any) -> None:
    def ask(person: str, place: str) -> str:
        card = a_card(world, place, step.state)
        address = reverse("supervision:card-move", args=[card.number, step.name])
        answer = world.clients[person].post(address, step.data)
        moved = Card.objects.get(pk=card.pk).state != step.state
        told = "+" if answer.status_code == 302 and moved else sign(answer)
        assert moved == (told == "+"), (person, place)
        return told

    held(cells(step.who), ask, tally)


@pytest.mark.parametrize("step", matrix.ORDER_STEPS, ids=lambda step: step.name)
def test_a_move_of_an_order_is_taken_by_those_who_may(world: World, tally: list[int], step: Any) -> None:
    def ask(person: str, place: str) -> str:
        order = an_order(world, place, step.state)
        before = Order.objects.get(pk=order.pk)
        address = reverse("supervision:order-move", args=[order.number, step.name])
        answer = world.clients[person].post(address, step.data)
        after = Order.objects.get(pk=order.pk)
        moved = (before.state, before.step) != (after.state, after.step)
        told = "+" if answer.status_code == 302 and moved else sign(answer)
        assert moved == (told == "+"), (person, place)
        return told

    held(cells(step.who), ask, tally)


@pytest.mark.parametrize("page", matrix.PAGES)
def test_a_page_opens_for_those_it_is_for(world: World, tally: list[int], page: str) -> None:
    for person in PEOPLE:
        query = {"view": "all"} if page in ("supervision:cards", "supervision:orders") else {}
        assert sign(world.clients[person].get(reverse(page), query)) == matrix.PAGES[page][person], person
        tally[0] += 1


@pytest.mark.parametrize("query", [{"size": 100}, {"print": 1}, {"export": "csv"}])
def test_a_list_holds_the_cards_of_ones_reach(
    world: World, cards: dict[str, Card], tally: list[int], query: dict[str, Any]
) -> None:
    answers = {person: world.clients[person].get("/supervision/cards/", query) for person in PEOPLE}
    texts = {person: body(answer) for person, answer in answers.items()}

    def ask(person: str, place: str) -> str:
        told = sign(answers[person])
        return ("+" if cards[place].number in texts[person] else "0") if told == "+" else told

    table = matrix.EXPORT_CARDS if "export" in query else matrix.SEE_CARDS
    held(cells(table), ask, tally)


def test_the_desk_and_the_search_box_tell_of_no_card_out_of_reach(
    world: World, cards: dict[str, Card], tally: list[int]
) -> None:
    for person in PEOPLE:
        for address in (reverse("desk:home"), f"{reverse('desk:search')}?q=K99"):
            text = body(world.clients[person].get(address))
            for place in PLACES:
                if matrix.SEE_CARDS[person, place] != "+":
                    assert cards[place].number not in text, (person, place, address)
                tally[0] += 1
