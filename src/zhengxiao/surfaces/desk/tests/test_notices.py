from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengxiao.kernel.notices.api import Level, Notice, notices_tell
from zhengxiao.kernel.orgs.api import Post, Region, Unit
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.lib.actors import SYSTEM, Role

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def clerks() -> list[Any]:
    region = Region.objects.create(
        code="440000000000", name="示例省", level=2, path="/44/", created_at=LONG_AGO
    )
    unit = Unit.objects.create(
        code="HALL",
        name="示例中心",
        short_name="中心",
        kind="centre",
        region=region,
        path="/HALL/",
        created_at=LONG_AGO,
    )
    people = []
    for number in range(2):
        person = get_user_model().objects.create(
            username=f"sample{number}", display_name="王示例", joined_at=LONG_AGO
        )
        Post.objects.create(
            user=person,
            unit=unit,
            role=Role.WINDOW_CLERK.value,
            valid_from=date(2020, 1, 1),
            assigned_at=LONG_AGO,
        )
        people.append(person)
    return people


def tell(person: Any, level: Level = Level.BLUE, url: str = "") -> Notice:
    at = timezone.now() - timedelta(hours=1)
    with transaction.atomic():
        entry = record(
            fact="clock.warned",
            subject=Subject("sample", 7),
            actor=SYSTEM,
            at=at,
            data={"clock": "承诺时限", "level_name": "蓝灯", "due_on": "2026-03-04"},
        )
        notices_tell(entry=entry, level=level, recipient_ids=[person.pk], at=at)
    notice = Notice.objects.get(entry=entry)
    Notice.objects.filter(pk=notice.pk).update(url=url)
    return notice


def test_the_list_shows_unread_first_and_all_on_request(client: Client, clerks: list[Any]) -> None:
    first, second = tell(clerks[0]), tell(clerks[0], Level.RED)
    client.force_login(clerks[0])
    client.post(reverse("desk:notice-open", args=[first.pk]))
    page = client.get(reverse("desk:notices"))
    assert [notice.pk for notice in page.context["shown"].object_list] == [second.pk]
    page = client.get(reverse("desk:notices"), {"show": "all"})
    assert len(page.context["shown"].object_list) == 2
    assert "红色预警" in page.content.decode()


def test_opening_a_notice_reads_it_and_goes_to_its_subject(client: Client, clerks: list[Any]) -> None:
    notice = tell(clerks[0], url="/items/")
    client.force_login(clerks[0])
    answer = client.post(reverse("desk:notice-open", args=[notice.pk]))
    assert (answer.status_code, answer["Location"]) == (302, "/items/")
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_an_address_outside_the_platform_is_not_followed(client: Client, clerks: list[Any]) -> None:
    notice = tell(clerks[0], url="//example.org/")
    client.force_login(clerks[0])
    answer = client.post(reverse("desk:notice-open", args=[notice.pk]))
    assert answer["Location"] == reverse("desk:notices")


def test_another_person_s_notice_does_not_exist(client: Client, clerks: list[Any]) -> None:
    notice = tell(clerks[0])
    client.force_login(clerks[1])
    assert client.post(reverse("desk:notice-open", args=[notice.pk])).status_code == 404
    assert "承诺时限" not in client.get(reverse("desk:notices"), {"show": "all"}).content.decode()
    notice.refresh_from_db()
    assert notice.read_at is None


def test_reading_is_a_post(client: Client, clerks: list[Any]) -> None:
    notice = tell(clerks[0])
    client.force_login(clerks[0])
    assert client.get(reverse("desk:notice-open", args=[notice.pk])).status_code == 405
    assert client.get(reverse("desk:notices-read-all")).status_code == 405


def test_all_are_read_at_once(client: Client, clerks: list[Any]) -> None:
    tell(clerks[0])
    tell(clerks[0])
    client.force_login(clerks[0])
    page = client.post(reverse("desk:notices-read-all"), follow=True)
    assert "已将 2 条通知标为已读" in page.content.decode()
    assert "没有未读通知" in page.content.decode()


def test_htmx_gets_the_list_without_the_frame(client: Client, clerks: list[Any]) -> None:
    tell(clerks[0])
    client.force_login(clerks[0])
    fragment = client.get(reverse("desk:notices"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert 'id="notices"' in fragment


def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(client: Client) -> None:
    answer = client.get(reverse("desk:notices"))
    assert answer.status_code == 302
    assert reverse("portal:sign-in") in answer["Location"]
