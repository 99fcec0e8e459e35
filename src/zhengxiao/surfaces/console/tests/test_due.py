from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from zhengxiao.backbone.cases.testing import case_world
from zhengxiao.kernel.calendar.api import Term, day_table, read_pause
from zhengxiao.lib.actors import Role

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 2, 9, 30, tzinfo=ZONE)


@pytest.fixture
def clerk(client, db, settings):
    settings.ZX_MOMENT = datetime(2026, 3, 26, 10, 30, tzinfo=ZONE)
    client.force_login(case_world().org.users[Role.WINDOW_CLERK])
    return client


def ask(client, **changes):
    given = {
        "start": "2026-03-02T09:30",
        "amount": "20",
        "unit": "wd",
        "region": "CN",
        "pauses": "",
        **changes,
    }
    return client.get(reverse("console:due"), given)


def test_the_calculator_opens_with_today_and_no_answer(clerk):
    answer = clerk.get(reverse("console:due"))
    assert answer.status_code == 200
    assert "2026-03-26T10:30" in answer.content.decode()


@pytest.mark.parametrize("term", ["20wd", "15d", "3m", "1y", "0wd"])
def test_the_due_day_is_that_of_the_calendar(clerk, term):
    wanted = day_table("CN").due(START, Term.parse(term))
    content = ask(clerk, amount=term.rstrip("wdmy"), unit=term.lstrip("0123456789")).content.decode()
    assert f"<b>{wanted.on:%Y-%m-%d}</b>" in content
    assert content.count("is-due-day") == 1


@pytest.mark.parametrize("term", ["2wh", "48h"])
def test_an_hour_term_is_due_at_a_minute(clerk, term):
    wanted = day_table("CN").due(START, Term.parse(term))
    content = ask(clerk, amount=term.rstrip("wh"), unit=term.lstrip("0123456789")).content.decode()
    assert f"<b>{wanted.at.astimezone(ZONE):%Y-%m-%d %H:%M}</b>" in content


def test_pauses_do_not_count(clerk):
    pauses = [read_pause("2026-03-04:2026-03-11", ZONE)]
    wanted = day_table("CN").due(START, Term.parse("20wd"), pauses)
    content = ask(clerk, pauses="2026-03-04:2026-03-11\r\n").content.decode()
    assert f"<b>{wanted.on:%Y-%m-%d}</b>" in content
    assert "暂停计时" in content


def test_an_open_pause_has_no_due_day_yet(clerk):
    assert "仍在暂停，到期日未定" in ask(clerk, pauses="2026-03-04:").content.decode()


def test_a_term_into_an_unpublished_year_is_provisional(clerk):
    assert "公布后可能变动" in ask(clerk, amount="300").content.decode()


def test_a_very_long_term_is_given_without_its_days(clerk):
    content = ask(clerk, amount="20", unit="y").content.decode()
    assert "期限太长，不逐日列出" in content


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pauses": "next week"}, "无法识别暂停"),
        ({"pauses": "2026-03-11:2026-03-04"}, "暂停的结束时间早于开始时间"),
        ({"amount": "200", "unit": "y"}, "超出可计算的范围"),
        ({"start": "soon"}, "is-invalid"),
        ({"unit": "wk"}, "is-invalid"),
        ({"region": "MOON"}, "is-invalid"),
        ({"start": "2298-03-02T09:30", "amount": "20000"}, "is-invalid"),
    ],
)
def test_what_cannot_be_worked_out_is_told_at_its_field(clerk, changes, words):
    answer = ask(clerk, **changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_an_unknown_parameter_is_refused(clerk):
    assert clerk.get(reverse("console:due") + "?nonsense=1").status_code == 400


@pytest.mark.parametrize("role", list(Role))
def test_staff_use_the_calculator(client, db, role):
    client.force_login(case_world().org.users[role])
    expected = 403 if role in {Role.CITIZEN, Role.SYSTEM_CLIENT} else 200
    assert client.get(reverse("console:due")).status_code == expected
