"""The cockpit, its figures, the calendar console and the due-date calculator in a real browser."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from tests.browser.helpers import axe_violations, overflow, screenshot
from zhengxiao.backbone.cases.testing import case_world
from zhengxiao.kernel.calendar.api import DayMark, calendar_define
from zhengxiao.kernel.clock.api import calendar_propose_recorded
from zhengxiao.lib.actors import Role

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=ZONE)
"""A Monday; terms of some weeks reach into the unpublished year 2027."""
GRANT = {"result_no": "示许准 1", "certificate_no": ""}


@pytest.fixture
def world(transactional_db, settings):
    settings.ZX_MOMENT = NOW
    made = case_world(statutory=22, promised=10)
    for back in (300, 260, 200, 150, 120, 90, 60, 45, 40, 33, 20):
        case = made.accepted(at=NOW - timedelta(days=back))
        made.move(case, "grant", at=NOW - timedelta(days=back - (4 if back % 3 else 18)), data=GRANT)
        made.move(case, "deliver", at=NOW - timedelta(days=back - 19), data={"method": "window"})
    for back in (35, 32, 31, 17, 14, 13, 12, 11, 6, 5, 4, 3, 3, 2):
        made.accepted(at=NOW - timedelta(days=back))
    made.receive(at=NOW - timedelta(days=1))
    return made


@pytest.fixture
def proposed(world):
    marks = [
        DayMark(
            NOW.date() + timedelta(days=n), False, "台风停工", "示例市人民政府通告〔2026〕3 号", local=True
        )
        for n in (3, 4)
    ]
    calendar_define(
        key=world.org.district_a.code, name="示例甲区", actor=world.org.actor(Role.SYSTEM_ADMIN), at=NOW
    )
    return calendar_propose_recorded(
        key=world.org.district_a.code,
        days=marks,
        source_title="示例市人民政府通告〔2026〕3 号",
        actor=world.org.actor(Role.SYSTEM_ADMIN),
        at=NOW - timedelta(hours=2),
    )


def check(page, name: str) -> None:
    screenshot(page, name)
    assert axe_violations(page) == []
    assert overflow(page) == 0


def test_choosing_a_period_changes_the_page_in_place(page, sign_in, world):
    sign_in(page, world.org.users[Role.LEADER].username)
    page.open(reverse("cockpit:board"))
    page.select_option("#period", "last_month")
    page.wait_for_url("**period=last_month**")
    page.get_by_text("再上月").first.wait_for()
    page.select_option("#region", str(world.org.district_b.pk))
    page.get_by_text("没有在办的办件").wait_for()
    assert page.locator("h1").count() == 1


def test_the_cockpit_works_without_scripts(open_window, sign_in, world):
    window = open_window("desk", javascript=False)
    sign_in(window, world.org.users[Role.LEADER].username)
    window.open(reverse("cockpit:board"))
    window.select_option("#period", "year")
    window.get_by_role("button", name="查看").click()
    window.wait_for_url("**period=year**")
    window.get_by_role("link", name="在办 ", exact=False).first.click()
    assert window.locator("table tbody tr").count() > 1


def test_a_version_is_looked_at_and_confirmed(any_size, sign_in, world, proposed):
    sign_in(any_size, world.org.users[Role.SUPERVISOR].username)
    any_size.open(reverse("console:calendar-version", args=[proposed.pk]))
    check(any_size, "calendar-version")
    any_size.get_by_role("button", name="确认生效").click()
    any_size.get_by_text("到期日变动").first.wait_for()
    check(any_size, "calendar-confirmed")


def test_days_are_proposed_by_keyboard_in_two_steps(any_size, sign_in, world):
    sign_in(any_size, "sysadmin")
    any_size.open(reverse("console:calendar-propose") + "?way=days")
    check(any_size, "calendar-propose")
    any_size.fill("[name=first]", "2026-11-30")
    any_size.fill("[name=name]", "台风停工")
    any_size.fill("[name=source_title]", "示例市人民政府通告〔2026〕4 号")
    any_size.keyboard.press("Enter")
    any_size.get_by_role("button", name="提出，等另一人确认").wait_for()
    check(any_size, "calendar-preview")
    any_size.get_by_role("button", name="提出，等另一人确认").press("Enter")
    any_size.get_by_text("已提出，等另一人确认").wait_for()


def test_the_calculator_reads_well(any_size, sign_in, world):
    sign_in(any_size, "clerk")
    any_size.open(reverse("console:due"))
    check(any_size, "due-empty")
    any_size.fill("[name=start]", "2026-09-18T09:30")
    any_size.fill("[name=amount]", "15")
    any_size.fill("[name=pauses]", "2026-09-21:2026-09-24")
    any_size.get_by_role("button", name="计算").click()
    any_size.locator(".zx-strip").wait_for()
    check(any_size, "due")
