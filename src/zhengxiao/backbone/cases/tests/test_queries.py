"""What an actor has to do, which light a case shows, and how many there are of each: now and then."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from zhengxiao.backbone.cases.lights import light_then
from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.queries import cases_shown, lights, people_for, todo, todo_count
from zhengxiao.backbone.cases.remaining import remaining_short, remaining_words, speaking_clock
from zhengxiao.backbone.cases.sheets import case_clocks, shown_clock
from zhengxiao.backbone.cases.tables import tables_for
from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.kernel.calendar.api import NATION, day_table
from zhengxiao.kernel.clock.api import GRAVITY, Clock, explain, gravest
from zhengxiao.lib.actors import SYSTEM, Actor, Role

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
PROCEDURE = {
    "kind": "expert_review",
    "reason": "需专家评审",
    "expected_days": "5",
    "notice_no": "示特〔2026〕1 号",
}
GRANT = {"result_no": "示许准〔2026〕1 号", "certificate_no": ""}
SUPPLEMENT = {"items": "缺少施工合同", "document_no": "示补〔2026〕1 号"}


def at(day: str, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=ZONE)


@pytest.fixture
def world() -> CaseWorld:
    return case_world()


def accepted_on(world: CaseWorld, day: str) -> Case:
    return world.accepted(at=at(day))


# Accepted on Tuesday 2026-03-03 with 10 working days: due on Tuesday 2026-03-17; statutory 20: Tuesday 2026-03-31.
WORDS = [
    ("2026-03-03", 11, "还剩 10 个工作日"),
    ("2026-03-04", 9, "还剩 10 个工作日（含今日）"),
    ("2026-03-14", 9, "还剩 2 个工作日"),  # Saturday: today does not count
    ("2026-03-16", 9, "还剩 2 个工作日（含今日）"),
    ("2026-03-17", 23, "今日到期"),
    ("2026-03-18", 0, "超期 1 个工作日"),
    ("2026-03-20", 9, "超期 3 个工作日"),
]


@pytest.mark.parametrize(("day", "hour", "words"), WORDS)
def test_the_promised_clock_says_what_is_left(world: CaseWorld, day: str, hour: int, words: str) -> None:
    case = accepted_on(world, "2026-03-03")
    assert case.promised_clock is not None
    assert remaining_words(case.promised_clock, at(day, hour)) == words


def test_a_clock_that_ran_out_on_friday_is_late_on_saturday_without_a_number(world: CaseWorld) -> None:
    case = accepted_on(world, "2026-03-06")  # Friday; ten working days end on Friday the 20th
    assert case.promised_clock is not None
    assert remaining_words(case.promised_clock, at("2026-03-21")) == "已超期"
    assert remaining_short(case.promised_clock, at("2026-03-23")) == "超 1 工作日"


def test_a_due_day_beyond_the_published_calendar_is_called_provisional(world: CaseWorld) -> None:
    case = accepted_on(world, "2026-12-28")
    assert case.statutory_clock is not None
    assert remaining_words(case.statutory_clock, at("2026-12-29")).endswith("，暂定")


def test_a_suspended_case_stands_still_and_its_procedure_speaks_when_it_is_graver(world: CaseWorld) -> None:
    case = accepted_on(world, "2026-03-03")
    world.move(case, "suspend", at=at("2026-03-05"), data=PROCEDURE)
    clocks = list(Clock.objects.filter(subject_id=case.pk))
    speaking = speaking_clock(clocks, at("2026-03-05", 12))
    assert speaking is not None
    assert remaining_words(speaking, at("2026-03-05", 12)) == "暂停中"
    later = speaking_clock(clocks, at("2026-03-12"))
    assert later is not None
    assert later.kind == "procedure"


def test_the_running_day_is_not_used_up_yet(world: CaseWorld) -> None:
    case = accepted_on(world, "2026-03-03")
    assert case.promised_clock is not None
    shown = shown_clock(case.promised_clock, at("2026-03-05"))  # Wednesday the 4th has counted
    assert (shown.used, shown.left) == ("1 个工作日", "9 个工作日")


def test_time_is_told_by_holder(world: CaseWorld) -> None:
    case = world.receive(at=at("2026-03-02"))
    world.move(case, "ask_supplement", at=at("2026-03-03"), data=SUPPLEMENT)
    world.move(case, "file_supplement", at=at("2026-03-05"))
    world.move(case, "accept", at=at("2026-03-05", 11))
    world.move(case, "suspend", at=at("2026-03-09"), data=PROCEDURE)
    world.move(case, "resume", at=at("2026-03-12"), data={"outcome": "通过"})
    case = Case.objects.get(pk=case.pk)
    held = dict(case_clocks(case, at("2026-03-16")).held)
    # Counted: Friday 6, Thursday 12, Friday 13; with the applicant 3 to 5; in the procedure 9 to 11.
    assert held == {"部门": 3, "申请人": 2, "特别程序": 3}


TODO = [
    # state reached by, who, what to do
    ([], Role.WINDOW_CLERK, "审查受理"),
    ([], Role.APPROVER, "审查受理"),
    (["accept"], Role.APPROVER, "开始审查"),
    (["accept"], Role.WINDOW_CLERK, None),
    (["accept", "start_review"], Role.APPROVER, "审查"),
    (["accept", "start_review"], Role.DEPARTMENT_HEAD, "作出决定"),
    (
        ["accept", ("request_extension", {"amount": "5", "reason": "复杂"})],
        Role.DEPARTMENT_HEAD,
        "批准或不批准延期",
    ),
    (["accept", ("grant", GRANT)], Role.WINDOW_CLERK, "送达"),
    (["accept", ("suspend", PROCEDURE)], Role.APPROVER, None),
    ([("ask_supplement", SUPPLEMENT)], Role.WINDOW_CLERK, None),
    ([], Role.SUPERVISOR, None),
    ([], Role.LEADER, None),
]


@pytest.mark.parametrize(("moves", "role", "words"), TODO)
def test_the_list_names_what_to_do(world: CaseWorld, moves: list[Any], role: Role, words: str | None) -> None:
    case = world.receive(at=at("2026-03-02"))
    for place, step in enumerate(moves):
        name, data = step if isinstance(step, tuple) else (step, {})
        world.move(case, name, at=at("2026-03-02", 11, place), data=data)
    tasks = todo(world.org.actor(role), at("2026-03-03"))
    assert [task.words for task in tasks] == ([words] if words else [])
    assert todo_count(world.org.actor(role), at("2026-03-03")) == len(tasks)


def test_what_lies_with_others_is_watched_apart(world: CaseWorld) -> None:
    case = world.receive(at=at("2026-03-02"))
    world.move(case, "ask_supplement", at=at("2026-03-02", 11), data=SUPPLEMENT)
    assert [task.words for task in todo(world.clerk, at("2026-03-03"), waiting=True)] == ["等申请人补正"]


def test_the_list_goes_by_what_is_due_next_and_the_late_come_first(world: CaseWorld) -> None:
    days = ["2026-03-10", "2026-03-02", "2026-03-05"]
    cases = [accepted_on(world, day) for day in days]
    tasks = todo(world.approver, at("2026-03-20"))
    assert [task.case.pk for task in tasks] == [cases[1].pk, cases[2].pk, cases[0].pk]
    assert [task.light for task in tasks] == ["yellow", "yellow", "blue"]


@pytest.mark.parametrize("stranger", ["clerk-housing", "clerk-b", "head-housing", "supervisor-b"])
def test_strangers_have_nothing_to_do_with_it(world: CaseWorld, stranger: str) -> None:
    world.receive(at=at("2026-03-02"))
    actor = world.org.actor(stranger)
    assert todo(actor, at("2026-03-03")) == []
    assert list(cases_shown(actor, at("2026-03-03"))) == []
    assert lights(at("2026-03-03"), actor)["total"] == 0


def by_hand(moment: datetime) -> Counter[str]:
    """Lights by the calculation of each clock from its rows, without the columns."""
    found: Counter[str] = Counter()
    for case in Case.objects.all():
        running = [
            clock
            for clock in Clock.objects.filter(subject_id=case.pk, subject_kind="case", started_at__lte=moment)
            if clock.stopped_at is None or clock.stopped_at > moment
        ]
        if running:
            tables = tables_for(clock.region for clock in running)
            found[gravest(light_then(clock, moment, tables[clock.region]) for clock in running)] += 1
    return found


def mixed(world: CaseWorld) -> None:
    """Cases in every situation: fresh, near, late, paused and resumed, extended, supplementing, decided."""
    for day in ("2026-02-24", "2026-03-02", "2026-03-09", "2026-03-18"):
        plain, paused, resumed, longer, done, asked = (
            world.receive(at=at(day, 9, place)) for place in range(6)
        )
        for case in (plain, paused, resumed, longer, done):
            world.move(case, "accept", at=at(day, 11))
        begin = at(day, 12)
        world.move(paused, "suspend", at=begin + timedelta(days=1), data=PROCEDURE)
        world.move(resumed, "suspend", at=begin + timedelta(days=1), data=PROCEDURE)
        world.move(resumed, "resume", at=begin + timedelta(days=5), data={"outcome": "通过"})
        world.move(longer, "request_extension", at=begin, data={"amount": "8", "reason": "复杂"})
        world.move(
            longer,
            "approve_extension",
            at=begin + timedelta(days=3),
            actor=world.head,
            data={"document_no": "示延 1 号"},
        )
        world.move(done, "grant", at=begin + timedelta(days=2), data={**GRANT, "result_no": day})
        world.move(asked, "ask_supplement", at=begin, data=SUPPLEMENT)


MOMENTS = [
    "2026-02-24",
    "2026-02-26",
    "2026-03-03",
    "2026-03-06",
    "2026-03-12",
    "2026-03-20",
    "2026-04-03",
    "2026-05-01",
]


def test_lights_are_exact_now_and_at_every_past_moment(world: CaseWorld) -> None:
    mixed(world)
    for day in MOMENTS:
        moment = at(day, 15)
        counts = lights(moment, SYSTEM)
        found = Counter({light: n for light, n in counts["lights"].items() if n})
        assert found == by_hand(moment), day
        assert counts["total"] == sum(found.values())
        assert [row["code"] for row in counts["by_department"]] in ([], ["A-MARKET"])


def test_the_count_of_a_light_is_the_number_of_rows_behind_it(world: CaseWorld) -> None:
    mixed(world)
    moment = at("2026-04-03")
    counts = lights(moment, world.approver)
    for light in GRAVITY:
        rows = Case.objects.visible_to(world.approver).with_light(light, moment).count()
        assert counts["lights"][light.value] == rows, light


def test_the_light_filter_agrees_with_the_rule_case_by_case(world: CaseWorld) -> None:
    mixed(world)
    for day in ("2026-03-20", "2026-04-03"):
        moment = at(day)
        by_rule: dict[str, set[int]] = {light.value: set() for light in GRAVITY}
        for case in Case.objects.all():
            running = [clock.light(moment) for clock in Clock.objects.filter(subject_id=case.pk)]
            if shown := [light for light in running if light is not None]:
                by_rule[gravest(shown)].add(case.pk)
        for light in GRAVITY:
            found = Case.objects.with_light(light, moment).values_list("pk", flat=True)
            assert set(found) == by_rule[light.value], (day, light)


def test_who_may_see_no_case_counts_no_light(world: CaseWorld) -> None:
    accepted_on(world, "2026-03-03")
    assert lights(at("2026-03-03"), Actor(user_id=1, name="无岗位"))["total"] == 0


def test_the_light_of_a_row_is_the_gravest_of_its_clocks(world: CaseWorld) -> None:
    mixed(world)
    moment = at("2026-04-03")
    shown: Counter[str] = Counter(str(case.shown_light) for case in cases_shown(world.approver, moment))
    counts = lights(moment, world.approver)["lights"]
    shown.pop("none", None)
    assert shown == Counter({light: n for light, n in counts.items() if n})


def test_reading_lights_takes_two_queries_for_all_rows_of_a_region(
    world: CaseWorld, django_assert_num_queries: Any
) -> None:
    for _ in range(12):
        accepted_on(world, "2026-03-02")
    actor = world.approver
    day_table(NATION)  # a table is read once per version and process
    with django_assert_num_queries(3):
        assert len(list(cases_shown(actor, at("2026-03-03"))[:100])) == 12
    with django_assert_num_queries(3):
        assert len(list(cases_shown(actor, at("2026-03-03")).iterator(chunk_size=2000))) == 12


def test_the_limits_of_cases_that_are_over_are_read_together(
    world: CaseWorld, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        accepted_on(world, "2026-03-02")
    for _ in range(3):
        over = accepted_on(world, "2026-03-02")
        world.move(over, "start_review", at=at("2026-03-03"))
        world.move(over, "grant", at=at("2026-03-04"), data=GRANT)
    actor = world.approver
    day_table(NATION)
    with django_assert_num_queries(3):
        rows = list(cases_shown(actor, at("2026-03-05")))
        limits = [(case.promised_clock, case.statutory_clock) for case in rows]
    fresh = {case.pk: case for case in Case.objects.all()}
    assert limits == [(fresh[case.pk].promised_clock, fresh[case.pk].statutory_clock) for case in rows]
    assert {clock.stopped_at is None for pair in limits for clock in pair if clock} == {True, False}


def test_a_to_do_list_takes_five_queries_for_any_number_of_rows(
    world: CaseWorld, django_assert_num_queries: Any
) -> None:
    for _ in range(12):
        accepted_on(world, "2026-03-02")
    actor = world.approver
    day_table(NATION)
    with django_assert_num_queries(5):
        assert len(todo(actor, at("2026-03-03"))) == 12


def test_lights_take_few_queries(world: CaseWorld, django_assert_max_num_queries: Any) -> None:
    mixed(world)
    day_table(NATION)
    with django_assert_max_num_queries(8):
        lights(at("2026-03-12"), SYSTEM)


def test_only_people_of_the_department_may_be_named(world: CaseWorld) -> None:
    case = world.receive(at=at("2026-03-02"))
    people = people_for(case, at("2026-03-03"))
    assert set(people) == {
        world.org.users[Role.APPROVER].pk,
        world.org.users[Role.DEPARTMENT_HEAD].pk,
    }


def test_every_day_of_a_sheet_has_its_words(world: CaseWorld) -> None:
    case = accepted_on(world, "2026-03-03")
    assert case.promised_clock is not None
    sheet = explain(case.promised_clock, at=at("2026-03-05"))
    assert sum(line.counted for line in sheet.lines) == 10
    assert all(line.reason.label for line in sheet.lines)
