"""The hall screen: open only where it is switched on, without names, in turns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.access.world import NOW, World, build
from zhengxiao.surfaces.screen.rules import percent_used, tail_of, turn_of


@pytest.fixture
def world(db: Any) -> World:
    return build()


@pytest.fixture
def address(world: World, settings: Any) -> str:
    code = world.cases["H", "received"].region.code
    settings.ZX_SCREENS = [code]
    return f"/screen/{code}/"


def test_a_region_that_is_not_switched_on_has_no_screen(address: str, settings: Any) -> None:
    settings.ZX_SCREENS = []
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("turn", ["-1", "x", "９", "1" * 12])
def test_a_turn_that_is_no_number_is_not_found(address: str, turn: str) -> None:
    assert Client().get(address, {"turn": turn}).status_code == 404


def test_it_shows_the_cases_of_its_region_and_no_names(world: World, address: str) -> None:
    seen = ""
    with time_machine.travel(NOW, tick=False):
        for turn in range(8):
            seen += Client().get(address, {"turn": turn}).content.decode()
    here = world.cases["H", "received"]
    assert tail_of(here.number) in seen
    names = {case.applicant_name for case in world.cases.values()}
    names |= {user.display_name for user in world.people.values() if user is not None}
    assert [name for name in names if name and name in seen] == []
    foreign = [case for case in world.cases.values() if not case.region.path.startswith(here.region.path)]
    assert foreign
    assert [case.number for case in foreign if case.number in seen] == []


def test_the_inside_alone_comes_for_the_script(address: str) -> None:
    answer = Client().get(address, headers={"X-Screen": "part"})
    text = answer.content.decode()
    assert text.lstrip().startswith('<div class="picture"')
    assert "<html" not in text
    assert "no-store" in answer["Cache-Control"]


def test_a_picture_takes_few_queries(address: str, django_assert_max_num_queries: Any) -> None:
    Client().get(address)
    with django_assert_max_num_queries(24):
        Client().get(address)


@pytest.mark.parametrize(
    ("asked", "cases", "windows", "part", "page", "of"),
    [
        (0, 0, 0, "cases", 0, 1),
        (5, 0, 0, "cases", 0, 1),
        (0, 9, 3, "cases", 0, 3),
        (1, 9, 3, "cases", 1, 3),
        (2, 9, 3, "windows", 0, 3),
        (3, 9, 3, "cases", 0, 3),
        (7, 900, 13, "windows", 1, 8),
    ],
)
def test_the_round_goes_through_cases_then_windows(
    asked: int, cases: int, windows: int, part: str, page: int, of: int
) -> None:
    turn = turn_of(asked, cases, windows)
    assert (turn.part, turn.page, turn.of) == (part, page, of)


def test_the_end_of_a_number_keeps_year_and_place_to_itself() -> None:
    assert tail_of("990102-20261128-00001") == "1128-00001"
    assert tail_of("SOURCE-1") == "SOURCE-1"


def test_a_bar_stops_at_its_ends_and_is_absent_while_the_clock_stands() -> None:
    assert percent_used(NOW, None, NOW) is None
    assert percent_used(NOW, NOW, NOW) == 100
    assert percent_used(NOW, NOW + timedelta(days=4), NOW + timedelta(days=1)) == 25
    assert percent_used(NOW, NOW + timedelta(days=4), NOW + timedelta(days=9)) == 100
