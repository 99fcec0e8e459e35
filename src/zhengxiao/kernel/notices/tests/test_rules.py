from __future__ import annotations

import pytest

from zhengxiao.kernel.notices.rules import LADDER, Holder, Level, Reach, Seat, level_of, recipients
from zhengxiao.lib.actors import Role

SEATS = {
    (Role.APPROVER, Reach.UNIT): (Holder(2, 0),),
    (Role.WINDOW_CLERK, Reach.UNIT): (Holder(1, 0), Holder(9, 0)),
    (Role.DEPARTMENT_HEAD, Reach.ABOVE): (Holder(3, 2), Holder(4, 3)),
    (Role.SUPERVISOR, Reach.REGION): (Holder(5, 1), Holder(6, 1), Holder(7, 2)),
}


@pytest.mark.parametrize(
    ("level", "owner", "told"),
    [
        (Level.INFO, 1, {1}),
        (Level.BLUE, 1, {1, 2}),
        (Level.YELLOW, 1, {1, 3}),
        (Level.RED, 1, {1, 3, 5, 6}),  # the nearest supervisors, not the province's
        (Level.INFO, None, {1, 9, 2}),  # nobody owns it: the pool hears in the owner's place
        (Level.RED, None, {1, 9, 2, 3, 5, 6}),
    ],
)
def test_each_level_reaches_one_step_further_up(level: Level, owner: int | None, told: set[int]) -> None:
    assert recipients(level, owner, SEATS) == told


def test_empty_seats_leave_the_owner_alone() -> None:
    assert recipients(Level.RED, 1, {}) == {1}
    assert recipients(Level.RED, None, {}) == set()


def test_every_level_has_a_rung_and_red_includes_who_hears_of_yellow() -> None:
    assert set(LADDER) == set(Level)
    assert set(LADDER[Level.YELLOW]) < set(LADDER[Level.RED])
    assert Seat(Role.SUPERVISOR, Reach.REGION) in LADDER[Level.RED]


@pytest.mark.parametrize(
    ("fact", "light", "level"),
    [
        ("clock.warned", "blue", Level.BLUE),
        ("clock.breached", "yellow", Level.YELLOW),
        ("clock.breached", "red", Level.RED),
        ("clock.due_moved", "red", Level.INFO),
        ("clock.handed_over", "", Level.INFO),
        ("clock.warned", "", Level.INFO),
    ],
)
def test_warnings_carry_the_colour_of_their_light(fact: str, light: str, level: Level) -> None:
    assert level_of(fact, light) == level
