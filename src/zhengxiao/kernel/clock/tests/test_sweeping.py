"""The sweep: every rung once, in order, with the moment the rule was broken."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengxiao.kernel.access.testing import sample_org
from zhengxiao.kernel.clock import sweeping
from zhengxiao.kernel.clock.api import Clock, ClockRung, Light, clock_pause, light_at, lights_of, sweep
from zhengxiao.kernel.clock.rules import Row, Verb
from zhengxiao.kernel.clock.tests.conftest import MONDAY, rule_made, starter
from zhengxiao.kernel.clock.tests.oracle import CHINA, opening
from zhengxiao.kernel.clock.writing import append, load
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.lib.refusals import StaleState

APRIL = datetime(2026, 4, 15, 9, tzinfo=CHINA)


def rungs() -> list[tuple[int, str, datetime]]:
    return list(ClockRung.objects.order_by("at", "clock").values_list("clock", "level", "at"))


def test_after_a_month_without_a_runner_all_rungs_come_in_order_with_their_legal_moments(begin):
    clock = begin("5wd")  # due Monday 9 March
    result = sweep(at=APRIL)
    assert (result.looked, result.warned, result.breached, result.failed) == (1, 1, 2, 0)
    expected = [
        ("blue", opening(date(2026, 3, 9))),
        ("yellow", opening(date(2026, 3, 10))),
        ("red", opening(date(2026, 3, 11))),
    ]
    assert [(level, at) for _, level, at in rungs()] == expected
    told = Entry.objects.filter(fact__in=["clock.warned", "clock.breached"]).order_by("id")
    assert [(entry.data["level"], entry.at) for entry in told] == expected
    assert {entry.recorded_at for entry in told} == {APRIL}
    assert sweep(at=APRIL).looked == 0
    clock.refresh_from_db()
    assert clock.next_look_at is None


def test_a_rung_is_claimed_at_its_very_moment_and_not_before(begin):
    clock = begin("5wd")
    assert sweep(at=clock.blue_at - timedelta(microseconds=1)).looked == 0
    assert sweep(at=clock.blue_at).warned == 1
    assert sweep(at=clock.yellow_at).breached == 1


def test_a_verb_that_read_before_a_sweep_told_a_rung_looks_where_the_next_one_falls(begin):
    clock = begin("5wd")
    read, stored = load(clock.pk, Verb.HAND_OVER, clock.blue_at)
    assert sweep(at=clock.blue_at).warned == 1
    append(read, stored, Row(Verb.HAND_OVER, clock.blue_at), actor=SYSTEM, columns={})
    clock.refresh_from_db()
    assert (clock.revision, clock.next_look_at, read.next_look_at) == (2, clock.yellow_at, clock.yellow_at)


def test_a_verb_that_read_before_another_verb_is_refused(begin):
    clock = begin("5wd")
    read, stored = load(clock.pk, Verb.HAND_OVER, MONDAY)
    again = load(clock.pk, Verb.HAND_OVER, MONDAY)
    append(*again, Row(Verb.HAND_OVER, MONDAY), actor=SYSTEM, columns={})
    with pytest.raises(StaleState):
        append(read, stored, Row(Verb.HAND_OVER, MONDAY), actor=SYSTEM, columns={})


def test_a_pause_ends_at_its_cap_and_says_so(begin):
    clock = begin("5wd")
    clock_pause(
        clock_id=clock.pk, ground="experts", expected_days=5, document="", actor=SYSTEM,
        at=MONDAY + timedelta(days=1),
    )  # fmt: skip
    cap = opening(date(2026, 3, 10))
    assert sweep(at=cap - timedelta(microseconds=1)).looked == 0
    assert sweep(at=cap).capped == 1
    clock.refresh_from_db()
    assert (clock.paused_since, clock.paused_until, clock.due_on) == (None, None, date(2026, 3, 16))
    assert clock.revision == clock.rows.count() == 3
    assert Entry.objects.get(fact="clock.cap_reached").at == cap
    assert sweep(at=APRIL).breached == 2


def test_one_clock_that_cannot_be_computed_or_written_does_not_stop_the_others(begin, caplog):
    bad, doubled, good = begin("5wd"), begin("5wd", subject=2), begin("5wd", subject=3)
    Clock.objects.filter(pk=bad.pk).update(rule=rule_made("test.broken", "nobody knows"))
    ClockRung.objects.create(clock=doubled, level="blue", at=MONDAY, claimed_at=MONDAY, breach=False)
    result = sweep(at=APRIL)
    assert (result.looked, result.failed, result.breached) == (3, 2, 2)
    assert {clock for clock, level, _ in rungs() if level == "red"} == {good.pk}
    for clock in (bad, doubled):
        clock.refresh_from_db()
        assert clock.next_look_at == APRIL + sweeping.BAD_ROW_DELAY
        assert clock.fired == 0


def test_the_cost_of_a_sweep_does_not_follow_the_clocks_that_run(begin, django_assert_num_queries):
    for subject in range(12):
        begin(subject=subject)
    with django_assert_num_queries(1):
        assert sweep(at=MONDAY).looked == 0


def test_a_second_sweep_that_read_the_same_clocks_claims_none(begin, monkeypatch):
    begin("5wd")
    seen = list(Clock.objects.select_related("rule"))
    assert sweep(at=APRIL).breached == 2
    result = sweeping._sweep_some(APRIL, seen)
    assert (result.looked, result.breached) == (0, 0)
    assert len(rungs()) == 3


@pytest.mark.django_db(transaction=True)
def test_sweepers_in_threads_claim_each_rung_once():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; real concurrency is tried on PostgreSQL")
    rule_made("test.remind-warn-alarm", "remind-warn-alarm")
    start = starter(sample_org())
    for subject in range(60):
        start("5wd", subject=subject)
    barrier, results, errors = threading.Barrier(4), [], []

    def run() -> None:
        try:
            barrier.wait()
            results.append(sweep(at=APRIL))
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(rungs()) == 180
    assert sum(result.warned + result.breached for result in results) == 180
    assert Entry.objects.filter(fact="clock.breached").count() == 120


offsets = st.none() | st.integers(-3, 3)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(offsets, offsets, offsets, offsets, offsets), min_size=1, max_size=6))
def test_the_query_for_a_light_is_the_rule_for_a_light(begin, spread):
    base = Clock.objects.first() or begin()
    made = []
    for number, values in enumerate(spread):
        moments = [None if value is None else MONDAY + timedelta(hours=value) for value in values]
        columns = dict(
            zip(("blue_at", "yellow_at", "red_at", "paused_since", "paused_until"), moments, strict=True)
        )
        copy = Clock.objects.get(pk=base.pk)
        copy.pk, copy.subject_id, copy.subject_kind = None, number % 2, "light"
        for name, value in columns.items():
            setattr(copy, name, value)
        copy.save(force_insert=True)
        made.append(copy)
    mine = Clock.objects.filter(pk__in=[clock.pk for clock in made])
    for light in Light:
        assert {clock.pk for clock in mine.with_light(light, MONDAY)} == {
            clock.pk for clock in made if light_at(clock.projection, MONDAY) is light
        }
    order = list(Light)
    gravest: dict[int, Light] = {}
    for clock in made:
        here = light_at(clock.projection, MONDAY)
        gravest[clock.subject_id] = max(gravest.get(clock.subject_id, here), here, key=order.index)
    assert lights_of("light", [0, 1], MONDAY) == gravest
    mine.delete()
