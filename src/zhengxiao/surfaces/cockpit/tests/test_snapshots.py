"""The board at once: fresh as it is, older with its cut-off while the next is made, and never beyond one's posts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from zhengxiao.kernel.jobs.api import Job, JobState, run_once
from zhengxiao.kernel.orgs.models import Post
from zhengxiao.lib.actors import Role
from zhengxiao.surfaces.cockpit.models import BoardSnapshot
from zhengxiao.surfaces.cockpit.snapshots import make_ahead
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


def work(at: Any) -> None:
    while run_once(at=at, runner="test").jobs:
        pass


def test_on_a_working_day_a_board_looked_at_lately_is_made_anew_before_it_is_too_old(
    supervisor: Any, settings: Any
) -> None:
    look(supervisor, settings, timedelta(0))  # Thursday 26 March 2026, 10:30
    for minutes in range(1, 41):
        work(NOW + minutes * MINUTE)
    made = BoardSnapshot.objects.get()
    assert NOW + 25 * MINUTE < made.at <= NOW + 40 * MINUTE
    assert made.seen_at == NOW
    shown = cut_off(look(supervisor, settings, 40 * MINUTE))
    assert shown == timezone.localtime(made.at).strftime("%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (timedelta(hours=20), "06:30 on Friday"),
        (timedelta(hours=11), "21:30 on Thursday"),
        (timedelta(days=2), "10:30 on Saturday"),
        (timedelta(days=5, minutes=1), "Tuesday, but nobody looked for five days"),
    ],
)
def test_nothing_is_made_ahead_at_night_on_days_of_rest_and_for_those_who_stay_away(
    supervisor: Any, settings: Any, after: timedelta, why: str
) -> None:
    look(supervisor, settings, timedelta(0))
    assert make_ahead(NOW + after) == 0, why
    assert not Job.objects.filter(name="cockpit.board").exists()


def test_the_morning_after_begins_with_a_board_that_is_there(supervisor: Any, settings: Any) -> None:
    look(supervisor, settings, timedelta(0))
    morning = NOW + timedelta(hours=20, minutes=45)  # 07:15 on Friday
    assert make_ahead(morning) == 1
    work(morning)
    assert morning <= BoardSnapshot.objects.get().at < morning + MINUTE


def test_where_every_look_computes_nothing_is_made_ahead(supervisor: Any, settings: Any) -> None:
    look(supervisor, settings, timedelta(0))
    settings.ZX_COCKPIT_FRESH = 0
    assert make_ahead(NOW + 10 * MINUTE) == 0
