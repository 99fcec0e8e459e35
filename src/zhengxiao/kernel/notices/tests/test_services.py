from __future__ import annotations

from datetime import timedelta

import pytest

from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.clock.api import ClockRow
from zhengxiao.kernel.notices import subjects
from zhengxiao.kernel.notices.api import (
    About,
    Notice,
    NoticeNotFound,
    notice_read,
    notice_read_all,
    notices_for,
    register_subject,
    unread_count,
    unread_for,
)
from zhengxiao.kernel.notices.subscribers import clock_told
from zhengxiao.kernel.notices.tests.conftest import NOON, District, Tell
from zhengxiao.kernel.timeline.api import deliver_due
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import NotPermitted
from zhengxiao.lib.registry import Registry

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def told() -> dict[str, str]:
    """Who was told of clocks; a card that follows tells people of its own."""
    mine = Notice.objects.filter(fact__startswith="clock.")
    return dict(mine.values_list("recipient__username", "level"))


def actor(district: District, name: str) -> Actor:
    return actor_for(district.people[name], at=NOON)


def test_a_blue_warning_reaches_the_owner_and_the_window_s_approver(district: District, tell: Tell) -> None:
    tell("clock.warned", district.clock(), level="blue", level_name="蓝灯")
    deliver_due(at=NOON + HOUR, limit=100)
    assert told() == {"clerk": "blue", "chief": "blue"}


def test_a_yellow_warning_reaches_the_head_in_office_and_not_the_former_one(
    district: District, tell: Tell
) -> None:
    tell("clock.breached", district.clock(), level="yellow", level_name="黄灯")
    deliver_due(at=NOON + HOUR, limit=100)
    assert told() == {"clerk": "yellow", "head": "yellow"}


def test_a_red_warning_reaches_the_nearest_supervisors(district: District, tell: Tell) -> None:
    tell("clock.breached", district.clock(), level="red", level_name="红灯")
    deliver_due(at=NOON + HOUR, limit=100)
    assert told() == {"clerk": "red", "head": "red", "supervisor": "red"}


def test_a_clock_that_nobody_owns_is_told_to_the_pool(district: District, tell: Tell) -> None:
    tell("clock.warned", district.clock(owner=None), level="blue", level_name="蓝灯")
    deliver_due(at=NOON + HOUR, limit=100)
    assert set(told()) == {"clerk", "colleague", "chief"}


def test_whoever_is_handed_a_clock_hears_of_it_and_who_hands_it_over_does_not(
    district: District, tell: Tell
) -> None:
    clock = district.clock()
    ClockRow.objects.create(
        clock=clock,
        number=1,
        verb="hand_over",
        at=NOON,
        recorded_at=NOON,
        to_unit=district.units["section"],
        to_user=district.people["section_approver"],
    )
    tell("clock.handed_over", clock, actor=actor(district, "clerk"), to_unit="section")
    deliver_due(at=NOON + HOUR, limit=100)
    assert told() == {"section_approver": "info"}


def test_a_moved_due_day_informs_the_owner(district: District, tell: Tell) -> None:
    tell("clock.due_moved", district.clock(), from_on="2026-03-03", why="示例公告")
    deliver_due(at=NOON + HOUR, limit=100)
    assert told() == {"clerk": "info"}
    assert "示例公告" in Notice.objects.get().title


def test_a_fact_delivered_twice_is_told_once_at_its_own_moment(district: District, tell: Tell) -> None:
    entry = tell("clock.warned", district.clock(), level="blue", level_name="蓝灯")
    clock_told(entry)
    clock_told(entry)
    assert Notice.objects.count() == 2
    assert set(Notice.objects.values_list("created_at", flat=True)) == {NOON}


def test_a_disabled_account_is_not_told(district: District, tell: Tell) -> None:
    clerk = district.people["clerk"]
    clerk.is_active, clerk.disabled_at = False, NOON
    clerk.save(update_fields=["is_active", "disabled_at"])
    clock_told(tell("clock.warned", district.clock(), level="blue", level_name="蓝灯"))
    assert set(told()) == {"chief"}


def test_a_notice_names_its_subject_and_opens_it(
    district: District, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subjects, "_subjects", Registry("notice subject"))
    register_subject("sample", lambda number: About(f"办件{number}", f"/cases/{number}/"))
    clock_told(tell("clock.warned", district.clock(), level="blue", level_name="蓝灯"))
    notice = Notice.objects.get(recipient=district.people["clerk"])
    assert notice.title.startswith("办件7：承诺时限进入蓝灯预警")
    assert notice.url == "/cases/7/"


def test_people_read_only_their_own_notices(district: District, tell: Tell) -> None:
    clock_told(tell("clock.warned", district.clock(), level="blue", level_name="蓝灯"))
    clerk, chief = actor(district, "clerk"), actor(district, "chief")
    mine = unread_for(clerk).get()
    with pytest.raises(NoticeNotFound):
        notice_read(notice_id=mine.pk, actor=chief, at=NOON + HOUR)
    assert notice_read(notice_id=mine.pk, actor=clerk, at=NOON + HOUR).read_at == NOON + HOUR
    assert notice_read(notice_id=mine.pk, actor=clerk, at=NOON + 2 * HOUR).read_at == NOON + HOUR
    assert not unread_for(clerk).exists()
    assert notices_for(clerk).get() == mine
    assert unread_for(chief).count() == 1


def test_reading_all_reads_what_was_told_until_then(district: District, tell: Tell) -> None:
    clock = district.clock()
    clock_told(tell("clock.warned", clock, level="blue", level_name="蓝灯"))
    clock_told(tell("clock.breached", clock, at=NOON + 3 * HOUR, level="red", level_name="红灯"))
    clerk = actor(district, "clerk")
    assert unread_count(clerk, NOON + HOUR) == 1
    assert notice_read_all(actor=clerk, at=NOON + HOUR) == 1
    assert unread_count(clerk, NOON + 4 * HOUR) == 1


def test_a_person_without_a_post_reads_nothing(district: District) -> None:
    district.person("nobody")
    nobody = actor(district, "nobody")
    with pytest.raises(NotPermitted):
        notice_read_all(actor=nobody, at=NOON)
    assert unread_count(nobody, NOON) == 0
