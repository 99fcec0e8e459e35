"""The home page of every role, and search from anywhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.lib.actors import Role

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 18, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # Wednesday
PEOPLE = [role for role in Role if role is not Role.SYSTEM_CLIENT]


@pytest.fixture(autouse=True)
def moment(settings: Any) -> None:
    settings.ZX_MOMENT = NOW


@pytest.fixture
def world() -> CaseWorld:
    return case_world()


def signed_in(world: CaseWorld, who: Role | str) -> Client:
    client = Client()
    client.force_login(world.org.users[who] if isinstance(who, Role) else world.org.neighbours[who])
    return client


def home(world: CaseWorld, who: Role | str, **query: str) -> Any:
    return signed_in(world, who).get(reverse("desk:home"), query)


@pytest.mark.parametrize("role", PEOPLE)
def test_every_person_has_a_home_page(world: CaseWorld, role: Role) -> None:
    world.receive(at=NOW - timedelta(hours=1))
    assert home(world, role).status_code == 200


def test_what_is_late_stands_first_with_its_words(world: CaseWorld) -> None:
    world.accepted(at=NOW - timedelta(days=1))
    late = world.accepted(
        at=NOW - timedelta(days=21)
    )  # due on Tuesday 2026-03-10: Saturday 28 February was worked
    answer = home(world, Role.APPROVER)
    assert answer.context["tasks"][0][0].case.pk == late.pk
    assert "超期 6 个工作日" in answer.content.decode()


def test_the_numbers_of_the_lights_lead_to_their_cases(world: CaseWorld) -> None:
    world.accepted(at=NOW - timedelta(days=21))
    client = signed_in(world, Role.APPROVER)
    tiles = {
        name: (count, url) for name, _words, count, url in client.get(reverse("desk:home")).context["tiles"]
    }
    count, url = tiles["yellow"]
    assert count == 1
    assert len(client.get(url).context["shown"].lines) == 1


def test_mine_are_only_those_i_handle(world: CaseWorld) -> None:
    approver = world.org.users[Role.APPROVER]
    mine = world.receive(at=NOW - timedelta(hours=2), handler_id=approver.pk)
    world.receive(at=NOW - timedelta(hours=1))
    tasks = home(world, Role.APPROVER, mine="1").context["tasks"]
    assert [task.case.pk for task, _applicant in tasks] == [mine.pk]


def test_a_supervisor_sees_departments_instead_of_tasks(world: CaseWorld) -> None:
    world.accepted(at=NOW - timedelta(days=1))
    text = home(world, Role.SUPERVISOR).content.decode()
    assert "各部门在办" in text
    assert "现在要办" not in text


def test_the_calendar_warns_from_december_on(world: CaseWorld, settings: Any) -> None:
    settings.ZX_MOMENT = NOW.replace(month=12, day=2)
    assert "缺少 2027 年" in home(world, Role.APPROVER).content.decode()


def test_the_home_page_takes_the_same_queries_for_one_case_and_for_many(
    world: CaseWorld, django_assert_max_num_queries: Any
) -> None:
    for place in range(25):
        world.accepted(at=NOW - timedelta(days=1, minutes=place))
    client = signed_in(world, Role.APPROVER)
    client.get(reverse("desk:home"))
    with django_assert_max_num_queries(40):
        client.get(reverse("desk:home"))


def search(world: CaseWorld, who: Role | str, text: str) -> Any:
    return signed_in(world, who).get(reverse("desk:search"), {"q": text})


def test_a_whole_number_goes_straight_to_its_case(world: CaseWorld) -> None:
    case = world.receive(at=NOW - timedelta(hours=1))
    answer = search(world, Role.APPROVER, case.number)
    assert (answer.status_code, answer["Location"]) == (302, reverse("cases:case", args=[case.number]))


def test_search_finds_cases_and_items(world: CaseWorld) -> None:
    world.receive(at=NOW - timedelta(hours=1))
    assert len(search(world, Role.APPROVER, "示例建设").context["cases"]) == 1
    assert len(search(world, Role.APPROVER, "施工许可").context["items"]) == 1


@pytest.mark.parametrize("stranger", ["clerk-housing", "head-housing", "supervisor-b", "citizen-2"])
def test_search_finds_no_case_for_strangers(world: CaseWorld, stranger: str) -> None:
    case = world.receive(at=NOW - timedelta(hours=1))
    assert search(world, stranger, "示例建设").context["cases"] == []
    assert search(world, stranger, case.number).status_code == 200


def test_one_sign_is_too_short(world: CaseWorld) -> None:
    assert "请输入至少两个字" in search(world, Role.APPROVER, "示").content.decode()
