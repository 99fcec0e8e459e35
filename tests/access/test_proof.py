"""What touches the record itself is in one administrator's hands, never in those of who works with it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.access import matrix
from tests.access.test_matrix import undone
from tests.access.world import NOW, PEOPLE, World
from zhengxiao.kernel.proof.api import NothingLost, StillNeeded, loss_accept, personal_erase
from zhengxiao.kernel.timeline.api import Entry, Subject
from zhengxiao.lib.refusals import NotPermitted

pytestmark = pytest.mark.django_db


def test_a_loss_is_accepted_by_the_system_administrator_alone(
    world: World, tally: list[int], settings: Any, tmp_path: Any
) -> None:
    """Nothing is lost in this world: whoever may is told so, whoever may not does not even learn that."""
    settings.CHECKPOINT_DIR = str(tmp_path)

    def act(person: str) -> str:
        before = Entry.objects.count()
        try:
            loss_accept(ground="示例", actor=world.actor(person), at=NOW)
        except NothingLost:
            return "+" if Entry.objects.count() == before else "wrote"
        except NotPermitted:
            return "x" if Entry.objects.count() == before else "wrote"
        return "accepted"

    for person in PEOPLE:
        assert undone(world, lambda p=person: act(p)) == matrix.ACCEPT_LOSSES[person], person  # type: ignore[misc]
        tally[0] += 1


def test_personal_data_are_erased_by_the_security_administrator_alone(world: World, tally: list[int]) -> None:
    """And by nobody while the case runs."""
    done, running = world.cases["H", "granted"], world.cases["H", "received"]

    def act(person: str, case_id: int) -> str:
        before = Entry.objects.count()
        try:
            personal_erase(subject=Subject("case", case_id), ground="示例", actor=world.actor(person), at=NOW)
        except NotPermitted:
            return "x" if Entry.objects.count() == before else "wrote"
        except StillNeeded:
            return "needed" if Entry.objects.count() == before else "wrote"
        return "+"

    for person in PEOPLE:
        wanted = matrix.ERASE_PERSONS[person]
        assert undone(world, lambda p=person: act(p, done.pk)) == wanted, person  # type: ignore[misc]
        told = undone(world, lambda p=person: act(p, running.pk))  # type: ignore[misc]
        assert told == ("needed" if wanted == "+" else "x"), person
        tally[0] += 2
