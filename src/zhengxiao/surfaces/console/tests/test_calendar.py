from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zhengxiao.backbone.cases.testing import case_world
from zhengxiao.kernel.calendar.api import CalendarVersion, day_table
from zhengxiao.kernel.orgs.api import NewPost, posts_bulk_create
from zhengxiao.lib.actors import SYSTEM, Role

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 26, 10, 30, tzinfo=ZONE)
OFFICE_CLOSED = {
    "way": "days",
    "first": "2026-03-30",
    "last": "2026-03-31",
    "works": "closed",
    "name": "台风停工",
    "source_title": "示例市人民政府通告",
}
NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假，共3天。"""


@pytest.fixture
def world(db, settings):
    settings.ZX_MOMENT = NOW
    return case_world()


@pytest.fixture
def sign_in(client, world):
    def enter(role: Role):
        client.force_login(world.org.users[role])
        return client

    return enter


def proposed(client, key: str, **changes) -> CalendarVersion:
    data = {**OFFICE_CLOSED, "key": key, "step": "propose", **changes}
    answer = client.post(reverse("console:calendar-propose"), data)
    assert answer.status_code == 302, answer.content.decode()
    return CalendarVersion.objects.order_by("-pk").first()


def page(client, version: CalendarVersion, query: str = "") -> str:
    return client.get(reverse("console:calendar-version", args=[version.pk]) + query).content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads_the_calendar_and_only_the_system_admin_proposes(sign_in, role):
    client = sign_in(role)
    assert client.get(reverse("console:calendar")).status_code == 200
    assert client.get(reverse("console:calendar-year", args=["CN"])).status_code == 200
    expected = 200 if role is Role.SYSTEM_ADMIN else 403
    assert client.get(reverse("console:calendar-propose")).status_code == expected


def test_a_year_shows_holidays_makeup_days_and_their_source(sign_in):
    content = sign_in(Role.AUDITOR).get(reverse("console:calendar-year", args=["CN"])).content.decode()
    assert "国务院办公厅关于2026年部分节假日安排的通知" in content
    assert "2月14日 星期六，调休上班，春节" in content
    assert "10月1日 星期四，放假，国庆节" in content
    assert re.search(r'class="is-rest[^"]*"[^>]*>7<', content)


def test_an_unpublished_year_says_so(sign_in):
    url = reverse("console:calendar-year", args=["CN"]) + "?year=2027"
    content = sign_in(Role.AUDITOR).get(url).content.decode()
    assert "放假安排未公布" in content
    assert 'class="is-work"' not in content
    assert content.count('class="is-unknown"') == 365


@pytest.mark.parametrize("query", ["?year=abc", "?year=1800", "?year=99999999"])
def test_a_year_that_makes_no_sense_is_refused(sign_in, query):
    url = reverse("console:calendar-year", args=["CN"]) + query
    assert sign_in(Role.AUDITOR).get(url).status_code == 400


def test_a_calendar_nobody_knows_is_not_found(sign_in):
    assert sign_in(Role.AUDITOR).get(reverse("console:calendar-year", args=["MOON"])).status_code == 404


def test_a_region_without_versions_follows_the_nation(sign_in, world):
    url = reverse("console:calendar-year", args=[world.org.district_a.code])
    assert "国庆节" in sign_in(Role.AUDITOR).get(url).content.decode()


def test_a_closure_is_proposed_previewed_confirmed_by_another_and_moves_the_deadline(sign_in, world):
    case = world.accepted(at=datetime(2026, 3, 18, 9, tzinfo=ZONE))
    case.refresh_from_db()
    before = case.promised_clock.due_on
    assert before == date(2026, 4, 1)  # ten working days from Wednesday 18 March
    client = sign_in(Role.SYSTEM_ADMIN)
    version = proposed(client, world.org.district_a.code)
    content = page(client, version)
    assert "须由另一人确认" in content
    client = sign_in(Role.SUPERVISOR)
    content = page(client, version)
    assert re.search(r"到期推后</dt><dd>2<", content)  # promised and statutory
    assert case.number in content
    assert "2026-04-01" in content
    assert "2026-04-03" in content
    assert day_table(world.org.district_a.code).is_workday(date(2026, 3, 30))
    answer = client.post(reverse("console:calendar-confirm", args=[version.pk]), follow=True)
    assert "已确认生效，2 个在办时限的到期日变动。" in answer.content.decode()
    case.refresh_from_db()
    assert case.promised_clock.due_on == before + timedelta(days=2)
    assert day_table("CN").is_workday(date(2026, 3, 30))


def test_nobody_confirms_what_they_proposed(sign_in, world):
    user = world.org.users[Role.SYSTEM_ADMIN]
    version = proposed(sign_in(Role.SYSTEM_ADMIN), "CN")
    post = NewPost(user.pk, world.org.office.pk, Role.SUPERVISOR, date(2025, 1, 1))
    posts_bulk_create([post], actor=SYSTEM, at=NOW)
    client = sign_in(Role.SYSTEM_ADMIN)
    answer = client.post(reverse("console:calendar-confirm", args=[version.pk]), follow=True)
    assert "日历版本须由另一人确认" in answer.content.decode()
    version.refresh_from_db()
    assert version.state == "proposed"


def test_who_may_not_confirm_is_refused(sign_in):
    version = proposed(sign_in(Role.SYSTEM_ADMIN), "CN")
    for role in (Role.SYSTEM_ADMIN, Role.LEADER, Role.WINDOW_CLERK):
        client = sign_in(role)
        assert client.post(reverse("console:calendar-confirm", args=[version.pk])).status_code == 403
        assert client.post(reverse("console:calendar-reject", args=[version.pk])).status_code == 403


def test_a_version_is_sent_back_with_a_reason(sign_in):
    version = proposed(sign_in(Role.SYSTEM_ADMIN), "CN")
    client = sign_in(Role.SECURITY_ADMIN)
    url = reverse("console:calendar-reject", args=[version.pk])
    assert "请写明退回的理由" in client.post(url, follow=True).content.decode()
    assert "文号不符" in client.post(url, {"reason": "文号不符"}, follow=True).content.decode()
    version.refresh_from_db()
    assert version.state == "rejected"
    confirm = reverse("console:calendar-confirm", args=[version.pk])
    assert "不能再次处理" in client.post(confirm, follow=True).content.decode()


def test_a_pasted_notice_is_read_before_it_is_proposed(sign_in):
    client = sign_in(Role.SYSTEM_ADMIN)
    data = {"way": "notice", "key": "CN", "text": NOTICE, "step": "preview"}
    before = CalendarVersion.objects.count()
    content = client.post(reverse("console:calendar-propose"), data).content.decode()
    assert "2027-01-01" in content
    assert "国务院办公厅关于2027年部分节假日安排的通知" in content
    assert CalendarVersion.objects.count() == before
    client.post(reverse("console:calendar-propose"), {**data, "step": "propose"})
    assert CalendarVersion.objects.count() == before + 1


def test_a_notice_with_a_wrong_weekday_is_refused_at_the_field(sign_in):
    data = {"way": "notice", "key": "CN", "text": NOTICE.replace("周五", "周四"), "step": "propose"}
    answer = sign_in(Role.SYSTEM_ADMIN).post(reverse("console:calendar-propose"), data)
    assert answer.status_code == 422
    assert "不是星期四" in answer.content.decode()


def test_a_yearly_file_goes_through_the_preview_unchanged(sign_in):
    text = json.dumps(
        {"year": 2027, "papers": [], "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}]}
    )
    client = sign_in(Role.SYSTEM_ADMIN)
    data = {
        "way": "file",
        "key": "CN",
        "step": "preview",
        "file": SimpleUploadedFile("2027.json", text.encode()),
    }
    content = client.post(reverse("console:calendar-propose"), data).content.decode()
    assert "2027-01-01" in content
    version = proposed(client, "CN", way="file", text=text)
    assert [day.date for day in version.days.all()] == [date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"way": "file"}, "请选择年度文件"),
        ({"last": "2026-03-01"}, "截止日早于开始日"),
        ({"last": "2027-03-01"}, "一次至多标记"),
        ({"source_title": ""}, "请填写依据文件"),
        ({"key": "MOON"}, "MOON"),
    ],
)
def test_a_proposal_with_a_fault_says_which(sign_in, changes, words):
    data = {**OFFICE_CLOSED, "key": "CN", "step": "propose", **changes}
    answer = sign_in(Role.SYSTEM_ADMIN).post(reverse("console:calendar-propose"), data)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_the_way_of_proposing_is_one_of_three(sign_in):
    client = sign_in(Role.SYSTEM_ADMIN)
    assert client.get(reverse("console:calendar-propose") + "?way=guess").status_code == 400
