"""The board at once: fresh as it is, older with its cut-off while the next is made, and never beyond one's posts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from zhengxiao.kernel.jobs.api import Job, JobState, run_once
from zhengxiao.kernel.orgs.models import Post
from zhengxiao.lib.actors import Role
from zhengxiao.surfaces.cockpit.models import BoardSnapshot
from zhengxiao.surfaces.cockpit.tests.conftest import NOW

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> None:
    settings.ZX_COCKPIT_FRESH = 60


def look(client: Any, settings: Any, after: timedelta, **query: str) -> str:
    settings.ZX_MOMENT = NOW + after
    answer = client.get(reverse("cockpit:board"), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def cut_off(page: str) -> str:
    return page.split("数据截至 ")[1][:14]


def test_a_fresh_board_is_shown_as_it_is_and_says_when_it_was_taken(supervisor: Any, settings: Any) -> None:
    first = look(supervisor, settings, timedelta(0))
    again = look(supervisor, settings, timedelta(seconds=40))
    assert cut_off(first) == cut_off(again) == "03-26 10:30:00"
    assert not Job.objects.filter(name="cockpit.board").exists()


def test_an_older_board_is_shown_while_a_job_makes_the_next(supervisor: Any, settings: Any) -> None:
    look(supervisor, settings, timedelta(0))
    for _ in range(3):
        assert cut_off(look(supervisor, settings, 5 * MINUTE)) == "03-26 10:30:00"
    assert Job.objects.filter(name="cockpit.board", state=JobState.QUEUED).count() == 1
    while run_once(at=NOW + 5 * MINUTE, runner="test").jobs:
        pass
    assert cut_off(look(supervisor, settings, 5 * MINUTE)) == "03-26 10:35:00"


def test_what_is_too_old_is_not_shown_again(supervisor: Any, settings: Any) -> None:
    look(supervisor, settings, timedelta(0))
    assert cut_off(look(supervisor, settings, 16 * MINUTE)) == "03-26 10:46:00"


def test_another_question_or_another_person_gets_another_board(
    client: Any, supervisor: Any, world: Any, settings: Any
) -> None:
    look(supervisor, settings, timedelta(0))
    look(supervisor, settings, timedelta(0), period="year")
    client.force_login(world.org.users[Role.LEADER])
    look(client, settings, timedelta(0))
    assert BoardSnapshot.objects.count() == 3


def test_with_the_post_the_board_is_gone(supervisor: Any, world: Any, settings: Any) -> None:
    look(supervisor, settings, timedelta(0))
    Post.objects.filter(user=world.org.users[Role.SUPERVISOR]).update(valid_to=date(2026, 3, 26))
    settings.ZX_MOMENT = NOW + MINUTE
    assert supervisor.get(reverse("cockpit:board")).status_code == 403
