"""Processes and their logs hold the cases of one's reach, on the page, behind each number and in files."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.access import matrix
from tests.access.test_matrix import body, held, sign
from tests.access.world import NOW, PLACES, World

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=30)
SCOPE = f"{NOW - DAYS:%Y%m%d}-{NOW + DAYS:%Y%m%d}-0"
ITEMS = [place for place in PLACES if place != "W"]
"""Two windows of one office serve one item; its reader sees both."""


@pytest.mark.parametrize("name", ["item", "cases", "xes", "ocel"])
def test_a_process_is_seen_by_those_its_cases_concern(world: World, tally: list[int], name: str) -> None:
    table = matrix.EXPORT_PROCESSES if name in ("xes", "ocel") else matrix.SEE_PROCESSES
    expected = [(person, place, wanted) for (person, place), wanted in table.items() if place in ITEMS]

    def ask(person: str, place: str) -> str:
        item = world.versions[place, "published"].item_id
        args = {"item": [item], "cases": [item, SCOPE, "all", "all"]}.get(name, [item, SCOPE])
        query = {"from": f"{NOW - DAYS:%Y-%m-%d}", "to": f"{NOW + DAYS:%Y-%m-%d}"} if name == "item" else {}
        answer = world.clients[person].get(reverse(f"process:{name}", args=args), query)
        told = sign(answer)
        if told == "+":
            text = body(answer)
            foreign = [
                other for other in ITEMS if other != place and world.cases[other, "granted"].number in text
            ]
            assert foreign == [], (person, place)
            if name != "item":
                assert world.cases[place, "granted"].number in text
        return told

    held(expected, ask, tally)
