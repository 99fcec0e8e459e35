"""Random histories of one clock, written by the verbs and the sweep, against a reckoning from what was done."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengxiao.kernel.clock import api
from zhengxiao.kernel.clock.api import Clock, ClockRung
from zhengxiao.kernel.clock.tests import oracle
from zhengxiao.kernel.clock.tests.conftest import MONDAY
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.lib.refusals import Refusal

DAYS = oracle.Days()
steps = st.tuples(
    st.sampled_from(["experts", "supplement", "resume", "extend", "sweep", "wait"]),
    st.integers(0, 60 * 24 * 8).map(lambda minutes: timedelta(minutes=minutes)),
)


def act(clock: Clock, verb: str, at: datetime) -> None:
    common = {"clock_id": clock.pk, "actor": SYSTEM, "at": at}
    if verb in ("experts", "supplement"):
        api.clock_pause(ground=verb, expected_days=None, document="", **common)
    elif verb == "resume":
        api.clock_resume(**common)
    elif verb == "extend":
        api.clock_extend(amount=3, document="", **common)
    elif verb == "sweep":
        api.sweep(at=at)


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 12), st.lists(steps, max_size=8))
def test_due_day_light_use_and_facts_follow_from_what_was_done(begin_once, amount, history):
    clock = begin_once(f"{amount}wd")
    at, extra, opened, pauses, told = MONDAY, 0, None, [], ["clock.started"]
    for verb, later in history:
        at += later
        lapsed = opened is not None and opened[1] is not None and opened[1] <= at
        try:
            act(clock, verb, at)
        except Refusal:
            continue
        if lapsed and verb != "wait":
            pauses.append(opened)
            opened = None
            told.append("clock.cap_reached")
        if verb in ("experts", "supplement"):
            day = at.astimezone(oracle.CHINA).date()
            cap = oracle.opening(DAYS.walk(day, 5 if DAYS.works(day) else 6)) if verb == "experts" else None
            opened = (at, cap)
            told.append("clock.paused")
        elif verb == "resume" and opened is not None:
            pauses.append((opened[0], at))
            opened = None
            told.append("clock.resumed")
        elif verb == "extend":
            extra += 3
            told.append("clock.extended")
        standing = [*pauses, *([opened] if opened else [])]
        clock.refresh_from_db()
        assert clock.due_on == oracle.due_day(DAYS, MONDAY, amount + extra, standing)
        paused = opened is not None and (opened[1] is None or at < opened[1])
        reached = oracle.rungs(DAYS, "remind-warn-alarm", MONDAY, amount + extra, standing)
        assert clock.light(at) == oracle.light(reached, paused, at)
        assert clock.revision == clock.rows.count()
        today = at.astimezone(oracle.CHINA).date()
        walked = [MONDAY.date() + timedelta(days=n) for n in range(1, (today - MONDAY.date()).days + 1)]
        assert api.explain(clock, at=at).used == sum(
            DAYS.works(day) and not oracle.stands(standing, min(oracle.closing(day), at)) for day in walked
        )
        if verb == "sweep":
            claimed = set(ClockRung.objects.filter(clock=clock).values_list("level", flat=True))
            assert {level for level, moment in reached if moment <= at} <= claimed
    mine = Entry.objects.filter(data__clock_id=clock.pk).exclude(fact__in=["clock.warned", "clock.breached"])
    assert list(mine.order_by("id").values_list("fact", flat=True)) == told


@pytest.fixture
def begin_once(begin):
    return begin
