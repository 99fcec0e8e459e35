"""The window of appeal ends by itself, at its last moment, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from zhengxiao.kernel.clock.api import Clock
from zhengxiao.kernel.jobs.declarations import SCHEDULES
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.mechanisms.supervision.models import Card
from zhengxiao.mechanisms.supervision.refusals import AppealTooLate
from zhengxiao.mechanisms.supervision.tests.conftest import Supervised
from zhengxiao.mechanisms.supervision.windows import appeal_windows_close

MINUTE = timedelta(minutes=1)


def window(card) -> Clock:
    return Clock.objects.get(subject_kind="card", subject_id=card.pk, kind="card_appeal")


def test_the_window_ends_at_its_last_moment_however_late_the_runner_comes(world: Supervised):
    card, _at = world.yellow()
    end = window(card).due_at
    assert appeal_windows_close(end) == 0, "an appeal on the last moment is in time"
    assert appeal_windows_close(end + timedelta(days=3)) == 1
    closed = window(card)
    assert closed.stopped_at == end
    told = Entry.objects.filter(fact="clock.stopped", subject_kind="card", subject_id=card.pk)
    assert [entry.at for entry in told] == [end]
    assert appeal_windows_close(end + timedelta(days=4)) == 0
    with pytest.raises(AppealTooLate):
        world.move(card, "appeal", at=end + MINUTE, actor=world.head, appeal="过期")


def test_an_appeal_in_time_has_ended_the_window_and_the_other_clocks_go_on(world: Supervised):
    second = world.case()
    card, at = world.yellow()
    other = Card.objects.get(subject_kind="case", subject_id=second.pk, level="yellow")
    world.move(card, "appeal", at=at, actor=world.head, appeal="理由")
    end = max(window(card).due_at, window(other).due_at)
    assert appeal_windows_close(end + MINUTE) == 1
    assert window(card).stopped_at == at
    explanation = Clock.objects.get(subject_kind="card", subject_id=other.pk, kind="card_explanation")
    assert explanation.stopped_at is None, "an explanation that is missing stays due"


def test_a_window_whose_end_may_still_move_stays_open(world: Supervised):
    card, _at = world.yellow()
    end = window(card).due_at
    Clock.objects.filter(pk=window(card).pk).update(provisional=True)
    assert appeal_windows_close(end + timedelta(days=3)) == 0
    assert window(card).stopped_at is None


def test_the_runner_does_it():
    assert SCHEDULES["supervision.appeal_windows"].handler is appeal_windows_close
