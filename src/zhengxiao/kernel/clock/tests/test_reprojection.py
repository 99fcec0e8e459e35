"""A calendar change and the running deadlines. The 2027 table here is made up."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from zhengxiao.kernel.calendar.api import DayMark, day_table, install_shipped
from zhengxiao.kernel.clock import reprojection
from zhengxiao.kernel.clock.api import (
    Clock,
    calendar_confirm,
    calendar_effect,
    calendar_propose_recorded,
    clock_extend,
    clock_pause,
    clock_resume,
    clock_stop,
    explain,
    reproject,
)
from zhengxiao.kernel.clock.tests.oracle import CHINA, Days, due_day, opening, rungs
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import SYSTEM, Role

DECEMBER = datetime(2026, 12, 21, 10, tzinfo=CHINA)  # Monday
REST = [date(2027, 1, 1), date(2027, 1, 4), date(2027, 1, 5)]
WORK = [date(2027, 1, 2), date(2027, 1, 9), date(2027, 1, 10), date(2027, 1, 16)]
MADE_UP = Days(frozenset(REST), frozenset(WORK))


@pytest.fixture(autouse=True)
def shipped(db) -> None:
    install_shipped(at=DECEMBER)


def proposed(org, rest=REST, work=WORK, key="CN", through=date(2027, 12, 31), title="2027 年安排（示例）"):
    marks = [DayMark(day, False, "示例") for day in rest] + [DayMark(day, True, "示例") for day in work]
    return calendar_propose_recorded(
        key=key, days=marks, source_title=title, confirmed_through=through,
        actor=org.actor(Role.SUPERVISOR), at=DECEMBER,
    )  # fmt: skip


def confirmed(org, version) -> int:
    return calendar_confirm(version_id=version.pk, actor=org.actor(Role.LEADER), at=DECEMBER)


def state() -> dict[int, tuple]:
    names = ("due_at", "due_on", "provisional", "blue_at", "yellow_at", "red_at", "next_look_at")
    return {row[0]: row[1:] for row in Clock.objects.values_list("pk", *names)}


def many(begin) -> list[Clock]:
    made = [begin(f"{amount}wd", at=DECEMBER, subject=amount) for amount in range(1, 21)]
    paused = begin("8wd", at=DECEMBER, subject=50)
    clock_pause(clock_id=paused.pk, ground="experts", expected_days=2, document="", actor=SYSTEM, at=DECEMBER)
    clock_resume(clock_id=paused.pk, actor=SYSTEM, at=DECEMBER + timedelta(days=2))
    longer = begin("3wd", at=DECEMBER, subject=51)
    clock_extend(clock_id=longer.pk, amount=7, document="", actor=SYSTEM, at=DECEMBER)
    return [*made, paused, longer]


def test_publishing_a_year_settles_and_moves_exactly_what_a_recomputation_says(begin, org):
    clocks = many(begin)
    hours = begin("400h", at=DECEMBER, subject=60)
    before = state()
    assert {pk for pk, row in before.items() if row[2]} == {
        clock.pk for clock in Clock.objects.exclude(pk=hours.pk) if clock.due_on.year == 2027
    }
    version = proposed(org)
    effect = calendar_effect(version.pk)
    assert state() == before
    moved = confirmed(org, version)
    after = state()
    assert before[hours.pk][:2] == after[hours.pk][:2]
    wanted = {}
    for clock in clocks[:20]:
        wanted[clock.pk] = due_day(MADE_UP, DECEMBER, clock.term_amount, [])
        expected = rungs(MADE_UP, "remind-warn-alarm", DECEMBER, clock.term_amount, [])
        assert [at for _, at in expected] == list(after[clock.pk][3:6])
    wanted[clocks[20].pk] = due_day(MADE_UP, DECEMBER, 8, [(DECEMBER, DECEMBER + timedelta(days=2))])
    wanted[clocks[21].pk] = due_day(MADE_UP, DECEMBER, 10, [])
    assert {pk: after[pk][1] for pk in wanted} == wanted
    assert not any(row[2] for row in after.values())
    facts = {entry.data["clock_id"]: entry.data for entry in Entry.objects.filter(fact="clock.due_moved")}
    assert set(facts) == {pk for pk in wanted if before[pk][1] != wanted[pk]}
    for pk, data in facts.items():
        assert (data["from_on"], data["due_on"]) == (before[pk][1].isoformat(), wanted[pk].isoformat())
        assert data["why"] == "2027 年安排（示例）"
    assert effect.later == sum(1 for pk in wanted if wanted[pk] > before[pk][1]) > 0
    assert effect.earlier == sum(1 for pk in wanted if wanted[pk] < before[pk][1]) > 0
    assert effect.settled == sum(1 for pk in wanted if wanted[pk] == before[pk][1] and before[pk][2])
    assert moved == effect.moved == len(facts)
    assert reproject(why="nochmals", at=DECEMBER) == 0
    assert state() == after


def test_warnings_move_even_when_the_due_day_does_not(begin, org):
    clock = begin("5wd", at=DECEMBER)  # due Monday 28 December; yellow on the 29th
    title = "停办（示例）"
    version = proposed(org, rest=[date(2026, 12, 29)], work=[], through=None, title=title)
    effect = calendar_effect(version.pk)
    assert (effect.moved, effect.settled) == (0, 0)
    assert confirmed(org, version) == 0
    clock.refresh_from_db()
    assert clock.due_on == date(2026, 12, 28)
    assert clock.yellow_at == opening(date(2026, 12, 30))
    assert clock.red_at == opening(date(2026, 12, 31))


def test_a_closure_in_one_district_touches_only_that_district(begin, org):
    here = begin("5wd", at=DECEMBER, region=org.district_a.code)
    there = begin("5wd", at=DECEMBER, region=org.district_b.code, subject=2)
    version = proposed(org, rest=[date(2026, 12, 23)], work=[], key=org.district_a.code, through=None)
    assert confirmed(org, version) == 1
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.due_on, there.due_on) == (date(2026, 12, 29), date(2026, 12, 28))
    assert there.calendar_version != here.calendar_version


def test_a_run_killed_between_chunks_is_continued_by_the_next(begin, org, monkeypatch):
    clocks = many(begin)
    version = proposed(org)
    effect = calendar_effect(version.pk)
    monkeypatch.setattr(reprojection, "CHUNK", 5)
    real, done = reprojection._reproject_span, []

    def twice(*args):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(1)
        return real(*args)

    monkeypatch.setattr(reprojection, "_reproject_span", twice)
    with pytest.raises(KeyboardInterrupt):
        confirmed(org, version)
    part = Entry.objects.filter(fact="clock.due_moved").count()
    monkeypatch.setattr(reprojection, "_reproject_span", real)
    left = reproject(why="2027", at=DECEMBER)
    assert left > 0
    assert part + left == effect.moved
    assert not Clock.objects.filter(pk__in=[clock.pk for clock in clocks], provisional=True).exists()


def test_a_clock_not_yet_reprojected_is_moved_by_the_run_and_not_silently_by_a_verb(begin, org, monkeypatch):
    clock = begin("10wd", at=DECEMBER)
    version = proposed(org)
    monkeypatch.setattr("zhengxiao.kernel.clock.versions.reproject", lambda **_: 0)
    confirmed(org, version)
    before = clock.due_on
    clock = clock_extend(clock_id=clock.pk, amount=1, document="", actor=SYSTEM, at=DECEMBER)
    assert clock.provisional
    assert clock.calendar_version != str(day_table("CN").version)
    assert reproject(why="2027", at=DECEMBER) == 1
    clock.refresh_from_db()
    assert clock.due_on == due_day(MADE_UP, DECEMBER, 11, []) != before
    assert Entry.objects.filter(fact="clock.due_moved").count() == 1


def test_a_stopped_clock_keeps_the_calendar_it_was_judged_by(begin, org):
    stop_at = datetime(2027, 1, 6, 9, tzinfo=CHINA)
    clock = clock_stop(clock_id=begin("10wd", at=DECEMBER).pk, actor=SYSTEM, at=stop_at)
    confirmed(org, proposed(org))
    clock = Clock.objects.select_related("rule").get(pk=clock.pk)
    assert explain(clock, at=stop_at).used == clock.used
