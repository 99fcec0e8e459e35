"""What touches the record itself is in one administrator's hands, never in those of who works with it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.access import matrix
from tests.access.test_matrix import undone
from tests.access.world import NOW, PEOPLE, World
from zhengxiao.kernel.proof.api import NothingLost, loss_accept
from zhengxiao.kernel.timeline.api import Entry
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
