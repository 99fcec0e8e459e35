"""The process of an item, from the timeline, in working time; its cases; its log as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from defusedxml import ElementTree
from django.test import Client

from zhengxiao.backbone.cases.api import Case
from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.kernel.calendar.api import Unit, day_table
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import Role
from zhengxiao.surfaces.process.asked import Asked
from zhengxiao.surfaces.process.loading import log_of
from zhengxiao.surfaces.process.rules import arcs, durations, hand_overs, variants

GRANT = {"result_no": "示许准〔2026〕1 号"}
HOUR = timedelta(hours=1)


def step(name: str, outcome: str = "passed", following: str = "") -> dict[str, str]:
    return {"step": name, "outcome": outcome, "opinion": "同意", "next_step": following}


@pytest.fixture
def world(db: None) -> CaseWorld:
    return case_world()


@pytest.fixture
def at(world: CaseWorld) -> datetime:
    return world.org.at


@pytest.fixture
def ended(world: CaseWorld, at: datetime) -> list[Case]:
    """Two cases of the same way, one that went back a step, one withdrawn; Wednesday 10:00 onwards."""
    made = [_through(world, at, number, back=number == 2) for number in range(3)]
    gone = world.accepted(at=at, applicant_name="示例丁公司")
    return [*made, world.move(gone, "withdraw", at=at + 5 * HOUR, data={"reason": "不办了"})]


def _through(world: CaseWorld, at: datetime, number: int, *, back: bool) -> Case:
    case = world.accepted(at=at, applicant_name=f"示例{number}公司")
    world.move(case, "start_review", at=at + HOUR)
    world.move(case, "finish_step", at=at + 24 * HOUR, data=step("审查", "returned" if back else "passed"))
    if back:
        world.move(case, "finish_step", at=at + 48 * HOUR, data=step("审查"))
    return world.move(case, "grant", at=at + 72 * HOUR, data=GRANT)


@pytest.fixture
def asked(world: CaseWorld, at: datetime) -> Asked:
    return Asked(world.item.pk, (at - timedelta(days=30)).date(), (at + timedelta(days=30)).date())


@pytest.fixture
def clients(world: CaseWorld, settings: Any, at: datetime) -> Iterator[Any]:
    settings.ZX_MOMENT = at + timedelta(days=10)

    def signed_in(who: Role | str) -> Client:
        client = Client()
        client.force_login(world.org.users[who] if isinstance(who, Role) else world.org.neighbours[who])
        return client

    return signed_in


def text(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(body.decode())


def test_the_log_is_what_the_timeline_tells_in_working_time(
    world: CaseWorld, ended: list[Case], asked: Asked, at: datetime
) -> None:
    log = log_of(asked.cases(world.org.actor(Role.SUPERVISOR)))
    assert log.case.tolist() == sorted(case.pk for case in ended)
    ways = {one.steps: len(one.cases) for one in variants(log)}
    straight = ("cases.received", "cases.accepted", "cases.review_started", "step:审查", "cases.decided")
    assert ways == {
        straight: 2,
        (*straight[:4], "step:审查", "cases.decided"): 1,
        ("cases.received", "cases.accepted", "cases.withdrawn"): 1,
    }
    table = day_table()
    told = dict(zip(log.case.tolist(), durations(log).tolist(), strict=True))
    for case in ended:
        case.refresh_from_db()
        assert case.finished_at is not None
        worked = table.used_seconds(case.received_at, case.finished_at, Unit.WORKHOUR)
        assert told[case.pk] == round(worked * 1_000_000)
    first = next(arc for arc in arcs(log) if arc.target == "cases.review_started")
    assert first.wait.median == 55 * 60 * 1_000_000


def test_work_handed_from_the_window_to_the_section_is_told_by_unit(
    world: CaseWorld, ended: list[Case], asked: Asked
) -> None:
    found = hand_overs(log_of(asked.cases(world.org.actor(Role.SUPERVISOR))))
    assert [(over.source, over.target, over.count) for over in found] == [
        (world.org.window.pk, world.org.section.pk, 3)
    ]


def test_the_page_tells_ways_waits_rework_and_the_what_if(
    world: CaseWorld, ended: list[Case], clients: Any
) -> None:
    page = text(clients(Role.SUPERVISOR).get(f"/process/{world.item.pk}/?without=step:审查"))
    for words in ("收件 → 受理 → 开始审查 → 审查 → 作出决定", "50.0%", "不是预测", "<svg", "process-line"):
        assert words in page, words
    assert text(clients(Role.SUPERVISOR).get("/process/")).count(world.version.name) >= 1


def test_every_number_opens_as_many_cases_as_it_says(
    world: CaseWorld, ended: list[Case], clients: Any
) -> None:
    client = clients(Role.SUPERVISOR)
    context = client.get(f"/process/{world.item.pk}/?without=step:审查").context
    rows = [*context["variants"], *context["arcs"], *context["hand_overs"], *context["rework"]]
    assert len(rows) > 8
    told = [(row.url, row.count) for row in rows]
    for url, count in [
        *told,
        (context["all_url"], context["n"]),
        (context["what_if"]["url"], context["what_if"]["cases"]),
    ]:
        assert client.get(url).context["shown"].count == count, url


def test_a_period_or_department_without_cases_says_so(
    world: CaseWorld, ended: list[Case], clients: Any
) -> None:
    client = clients(Role.SUPERVISOR)
    for query in ("from=2025-01-01&to=2025-02-01", f"department={world.org.units['A-HOUSING'].pk}"):
        assert "没有办结的办件" in text(client.get(f"/process/{world.item.pk}/?{query}"))
    for query in ("from=x", "strange=1", "department=a", "from=2026-05-01&to=2026-04-01"):
        assert client.get(f"/process/{world.item.pk}/?{query}").status_code == 400
    for path in (
        "20260101-20261301-0/all/all",
        "x/all/all",
        "20260101-20261201-0/variant/nobody",
        "20260101-20261201-0/what/all",
    ):
        assert client.get(f"/process/{world.item.pk}/{path}/").status_code == 404


def test_others_see_neither_the_process_nor_its_cases_nor_its_log(
    world: CaseWorld, ended: list[Case], clients: Any, asked: Asked
) -> None:
    for who, answer in (
        (Role.DEPARTMENT_HEAD, 200), (Role.AUDITOR, 200), ("head-housing", 404), ("supervisor-b", 404),
        (Role.WINDOW_CLERK, 403), (Role.APPROVER, 403), (Role.SYSTEM_ADMIN, 403),
    ):  # fmt: skip
        client = clients(who)
        for path in ("", f"{asked.scope}/all/all/", f"{asked.scope}/log.xes", f"{asked.scope}/log.ocel.json"):
            assert client.get(f"/process/{world.item.pk}/{path}").status_code == answer, (who, path)
    leader = clients(Role.LEADER)
    assert leader.get(f"/process/{world.item.pk}/").status_code == 200
    assert leader.get(f"/process/{world.item.pk}/{asked.scope}/log.xes").status_code == 403


def test_a_log_beyond_the_rows_of_the_day_needs_a_second_person(
    world: CaseWorld, ended: list[Case], clients: Any, asked: Asked, settings: Any
) -> None:
    settings.ZX_EXPORT_QUOTA = len(ended)
    supervisor, address = clients(Role.SUPERVISOR), f"/process/{world.item.pk}/{asked.scope}/log"
    assert supervisor.get(f"{address}.xes").status_code == 200
    for name in ("xes", "ocel.json"):
        assert supervisor.get(f"{address}.{name}").status_code == 409


def test_the_xes_log_holds_every_event_in_order_and_nobody(
    world: CaseWorld, ended: list[Case], clients: Any, asked: Asked
) -> None:
    content = text(clients(Role.SUPERVISOR).get(f"/process/{world.item.pk}/{asked.scope}/log.xes"))
    space = {"x": "http://www.xes-standard.org/"}
    log = ElementTree.fromstring(content)
    traces = log.findall("x:trace", space)
    numbers = [trace.find("x:string[@key='concept:name']", space) for trace in traces]
    assert sorted(one.get("value") or "" for one in numbers if one is not None) == sorted(
        case.number for case in ended
    )
    events = log.findall("x:trace/x:event", space)
    assert len(events) == 5 + 5 + 6 + 3
    for trace in traces:
        stamps = [one.get("value") or "" for one in trace.findall("x:event/x:date", space)]
        assert [datetime.fromisoformat(stamp) for stamp in stamps] == sorted(
            map(datetime.fromisoformat, stamps)
        )
    _holds_nobody(world, content)


def test_the_ocel_log_relates_every_event_to_its_case_and_holds_nobody(
    world: CaseWorld, ended: list[Case], clients: Any, asked: Asked
) -> None:
    content = text(clients(Role.SUPERVISOR).get(f"/process/{world.item.pk}/{asked.scope}/log.ocel.json"))
    log = json.loads(content)
    assert set(log) == {"objectTypes", "eventTypes", "objects", "events"}
    ids = {each["id"]: each["type"] for each in log["objects"]}
    assert len(ids) == len(log["objects"])
    assert [kind for kind in ids.values() if kind == "case"] == ["case"] * 4
    assert len(log["events"]) == 19 == len({event["id"] for event in log["events"]})
    types = {kind["name"] for kind in log["eventTypes"]}
    for event in log["events"]:
        assert event["type"] in types
        assert {ids[related["objectId"]] for related in event["relationships"]} <= {"case", "unit"}
        assert any(ids[related["objectId"]] == "case" for related in event["relationships"])
    for each in log["objects"]:
        assert all(related["objectId"] in ids for related in each.get("relationships", ()))
    _holds_nobody(world, content)


def _holds_nobody(world: CaseWorld, content: str) -> None:
    names = set(Entry.objects.values_list("actor_name", flat=True)) - {"系统"}
    assert [name for name in {*names, "示例0公司", "不办了", "同意"} if name in content] == []
