"""Every person at every place in the relay, held against the tables of relay.py."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.access import relay as matrix
from tests.access.matrix import cells
from tests.access.test_matrix import body, held, sign
from tests.access.world import NOW, PEOPLE, PLACES, SEATS, World
from zhengxiao.mechanisms.relay.models import Relayed

pytestmark = pytest.mark.django_db
DISTINCT = [place for place in PLACES if place != "W"]
"""The other window belongs to the same office."""


@pytest.fixture
def rows(world: World) -> dict[str, Relayed]:
    """One licence pushed to each office."""
    found: dict[str, Relayed] = {}
    for place in DISTINCT:
        department = world.department(place)
        found[place] = Relayed.objects.create(
            state="pushed",
            case=world.cases[place, "granted"],
            region_id=department.region_id,
            department=department,
            unit=world.units[SEATS[place][1]],
            decided_by=department,
            calendar_key="CN",
            title="示例许可",
            result_no=f"示例{place}〔2026〕1 号",
            subject_name=f"示例{place}处建设有限公司",
            pushed_at=NOW,
        )
    return {**found, "W": found["H"]}


def test_one_row_is_seen_by_those_it_concerns(
    world: World, rows: dict[str, Relayed], tally: list[int]
) -> None:
    def ask(person: str, place: str) -> str:
        return sign(world.clients[person].get(reverse("relay:relayed", args=[rows[place].pk])))

    held(cells(matrix.SEE_RELAYED), ask, tally)


def test_the_form_of_a_claim_opens_for_those_who_may_claim(
    world: World, rows: dict[str, Relayed], tally: list[int]
) -> None:
    def ask(person: str, place: str) -> str:
        return sign(world.clients[person].get(reverse("relay:move", args=[rows[place].pk, "claim"])))

    held(cells(matrix.CLAIM), ask, tally)


@pytest.mark.parametrize("page", matrix.PAGES)
def test_a_page_opens_for_those_it_is_for(world: World, tally: list[int], page: str) -> None:
    for person in PEOPLE:
        assert (
            sign(world.clients[person].get(reverse(page), {"view": "all"})) == matrix.PAGES[page][person]
        ), person
        tally[0] += 1


@pytest.mark.parametrize("query", [{"size": 100}, {"print": 1}, {"export": "csv"}])
def test_a_list_holds_the_rows_of_ones_reach(
    world: World, rows: dict[str, Relayed], tally: list[int], query: dict[str, Any]
) -> None:
    answers = {person: world.clients[person].get("/relay/", query) for person in PEOPLE}
    texts = {person: body(answer) for person, answer in answers.items()}

    def ask(person: str, place: str) -> str:
        told = sign(answers[person])
        return ("+" if rows[place].result_no in texts[person] else "0") if told == "+" else told

    table = matrix.EXPORT_RELAYED if "export" in query else matrix.SEE_RELAYED
    held(cells(table), ask, tally)
