"""The rules against a reckoning by walking the days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengxiao.kernel.calendar.rules import DayMark, Term, Unit, build_table
from zhengxiao.kernel.clock.policies import POLICIES, Base, Light, Rung, policy_of
from zhengxiao.kernel.clock.projecting import projection_columns
from zhengxiao.kernel.clock.rules import (
    FIRED_BIT,
    Row,
    Verb,
    cap_moment,
    gravest,
    held_pauses,
    level_moments,
    light_at,
    next_look,
    open_pause,
    project,
)
from zhengxiao.kernel.clock.tests import oracle

BEGIN = datetime(2026, 1, 1, tzinfo=oracle.CHINA)
days_off = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 4, 30)), max_size=12)
moments = st.integers(0, 90 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))


def table_of(days: oracle.Days):
    marks = {day: DayMark(day, False) for day in days.rest} | {day: DayMark(day, True) for day in days.work}
    span = (date(2025, 1, 1), date(2028, 12, 31))
    return build_table(region="CN", version=1, marks=marks, confirmed=[span])


@st.composite
def histories(draw):
    """A start, rows after it in order, and the pauses the rows tell of, worked out here."""
    days = oracle.Days(rest=draw(days_off), work=draw(days_off))
    events = sorted(draw(st.lists(moments, min_size=1, max_size=6)))
    start, rows, pauses, extra = events[0], [], [], 0
    opened: tuple[datetime, datetime | None] | None = None
    for at in events[1:]:
        if opened is not None:
            begins, until = opened
            rows.append(Row(Verb.RESUME, at))
            pauses.append((begins, at if until is None else min(at, until)))
            opened = None
        elif draw(st.booleans()):
            until = None
            if draw(st.booleans()):
                cap, day = draw(st.integers(1, 6)), at.astimezone(oracle.CHINA).date()
                until = oracle.opening(days.walk(day, cap if days.works(day) else cap + 1))
            rows.append(Row(Verb.PAUSE, at, until=until))
            opened = (at, until)
        else:
            amount = draw(st.integers(1, 5))
            rows.append(Row(Verb.EXTEND, at, amount=amount))
            extra += amount
    if opened is not None:
        pauses.append(opened)
    return days, start, rows, pauses, opened, extra


@settings(max_examples=400, deadline=None)
@given(histories(), st.integers(1, 25), st.sampled_from(sorted(POLICIES)), st.lists(moments, max_size=5))
def test_due_day_warnings_and_lights_are_those_of_a_walk_over_the_days(history, amount, policy, looks):
    days, start, rows, pauses, opened, extra = history
    table = table_of(days)
    projection = project(
        table, term=Term(amount, Unit.WORKDAY), started_at=start, rows=rows, policy=POLICIES[policy]
    )
    due = oracle.due_day(days, start, amount + extra, pauses)
    assert projection.due_on == due
    assert projection.due_at == (None if due is None else oracle.closing(due))
    expected = oracle.rungs(days, policy, start, amount + extra, pauses)
    assert sorted(level_moments(projection)) == sorted((Light(level), at) for level, at in expected)
    edges = [at + shift for _, at in expected for shift in (-oracle.TICK, timedelta(0), oracle.TICK)]
    for at in looks + edges:
        stands = opened is not None and opened[0] is not None and (opened[1] is None or at < opened[1])
        assert light_at(projection, at) == oracle.light(expected, stands, at)


@settings(max_examples=200, deadline=None)
@given(histories(), st.integers(1, 25), st.sampled_from(sorted(POLICIES)))
def test_looking_at_every_next_look_meets_every_rung_once_at_its_own_moment(history, amount, policy):
    days, start, rows, pauses, _, extra = history
    projection = project(
        table_of(days), term=Term(amount, Unit.WORKDAY), started_at=start, rows=rows, policy=POLICIES[policy]
    )
    met, fired, cap = [], 0, projection.paused_until
    for _ in range(10):
        columns = projection_columns(projection, fired)
        at = columns["next_look_at"]
        if at is None or (at == cap and len(met) == len(level_moments(projection))):
            break
        for level, moment in level_moments(projection):
            if moment <= at and not fired & FIRED_BIT[level]:
                met.append((level.value, moment, at))
                fired |= FIRED_BIT[level]
        if at == cap:
            rows = [*rows, Row(Verb.RESUME, at)]
            projection = project(
                table_of(days),
                term=Term(amount, Unit.WORKDAY),
                started_at=start,
                rows=rows,
                policy=POLICIES[policy],
            )
    assert all(moment == at for _, moment, at in met)
    assert [(level, at) for level, at, _ in met] == oracle.rungs(days, policy, start, amount + extra, pauses)


def monday(hour: int = 10) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=oracle.CHINA)


def test_a_one_day_promise_is_blue_on_its_own_day_and_not_from_birth():
    projection = project(
        table_of(oracle.Days()),
        term=Term(1, Unit.WORKDAY),
        started_at=monday(),
        rows=[],
        policy=POLICIES["two-limit.promised"],
    )
    assert light_at(projection, monday(23)) is Light.GREEN
    assert light_at(projection, oracle.opening(date(2026, 3, 3))) is Light.BLUE  # Tuesday
    assert light_at(projection, oracle.closing(date(2026, 3, 3))) is Light.BLUE
    assert light_at(projection, oracle.opening(date(2026, 3, 4))) is Light.YELLOW


@pytest.mark.parametrize("text", ["1h", "2h", "48h", "2wh", "16wh"])
def test_an_hour_term_warns_a_quarter_before_and_breaks_just_after_its_moment(text):
    term = Term.parse(text)
    projection = project(
        table_of(oracle.Days()),
        term=term,
        started_at=monday(),
        rows=[],
        policy=POLICIES["two-limit.promised"],
    )
    due = projection.due_at
    assert projection.blue_at == max(monday(), due - timedelta(hours=term.amount) / 4)
    assert projection.yellow_at == due + oracle.TICK
    assert light_at(projection, due) is Light.BLUE
    if term.unit is Unit.HOUR:
        assert due == monday() + timedelta(hours=term.amount)


def test_a_clock_that_broke_its_promise_stays_red_when_it_is_paused_afterwards():
    late = datetime(2026, 3, 20, 9, tzinfo=oracle.CHINA)
    projection = project(
        table_of(oracle.Days()),
        term=Term(2, Unit.WORKDAY),
        started_at=monday(),
        rows=[Row(Verb.PAUSE, late)],
        policy=POLICIES["green-yellow-red"],
    )
    assert projection.due_on == date(2026, 3, 4)
    assert light_at(projection, late + timedelta(days=30)) is Light.RED


def test_a_reminder_that_would_fall_into_a_pause_comes_when_the_clock_runs_again():
    pause = Row(Verb.PAUSE, monday(12), until=oracle.opening(date(2026, 3, 12)))
    projection = project(
        table_of(oracle.Days()),
        term=Term(2, Unit.WORKDAY),
        started_at=monday(),
        rows=[pause],
        policy=POLICIES["two-limit.promised"],
    )
    assert projection.blue_at == oracle.opening(date(2026, 3, 12))  # due Friday 13; the day before
    projection = project(
        table_of(oracle.Days()),
        term=Term(5, Unit.WORKDAY),
        started_at=monday(),
        rows=[
            Row(Verb.PAUSE, datetime(2026, 3, 6, 9, tzinfo=oracle.CHINA)),
            Row(Verb.RESUME, datetime(2026, 3, 12, 15, tzinfo=oracle.CHINA)),
        ],
        policy=(Rung(Light.BLUE, Base.BEFORE_DUE, 4, breach=False),),
    )
    assert projection.due_on == date(2026, 3, 13)  # Friday; four working days before is in the pause
    assert projection.blue_at == datetime(2026, 3, 12, 15, tzinfo=oracle.CHINA)


@pytest.mark.parametrize(
    ("paused", "cap", "runs"),
    [
        (datetime(2026, 3, 2, 9, tzinfo=oracle.CHINA), 1, date(2026, 3, 3)),  # Monday: Monday itself stands
        (datetime(2026, 3, 6, 9, tzinfo=oracle.CHINA), 1, date(2026, 3, 9)),  # Friday: runs again on Monday
        (datetime(2026, 3, 7, 9, tzinfo=oracle.CHINA), 1, date(2026, 3, 10)),  # Saturday: Monday stands
        (
            datetime(2026, 3, 8, 9, tzinfo=oracle.CHINA),
            3,
            date(2026, 3, 12),
        ),  # Sunday: Monday to Wednesday stand
    ],
)
def test_a_cap_of_n_working_days_takes_n_working_days_whatever_day_it_begins(paused, cap, runs):
    assert cap_moment(table_of(oracle.Days()), paused, cap) == oracle.opening(runs)


def test_a_pause_ends_at_its_cap_even_when_it_is_resumed_later_or_never():
    cap = monday() + timedelta(days=3)
    opened = Row(Verb.PAUSE, monday(), until=cap)
    assert held_pauses([opened])[0].end == cap
    assert held_pauses([opened, Row(Verb.RESUME, cap + timedelta(days=9))])[0].end == cap
    early = monday() + timedelta(days=1)
    assert held_pauses([opened, Row(Verb.RESUME, early)])[0].end == early
    assert open_pause([opened, Row(Verb.HAND_OVER, early)]) == opened
    assert open_pause([opened, Row(Verb.STOP, early)]) is None


def test_an_open_uncapped_pause_leaves_nothing_due_and_nothing_to_look_at():
    projection = project(
        table_of(oracle.Days()),
        term=Term(5, Unit.WORKDAY),
        started_at=monday(),
        rows=[Row(Verb.PAUSE, monday(12))],
        policy=POLICIES["procedure"],
    )
    assert projection.due_at is None
    assert next_look(projection, 0) is None
    assert light_at(projection, datetime(2030, 1, 1, tzinfo=UTC)) is Light.GREY


def test_the_gravest_light_speaks_for_a_subject_and_presets_fall_back():
    assert gravest([Light.GREEN, Light.YELLOW, Light.GREY]) is Light.YELLOW
    assert gravest([]) is Light.GREEN
    assert policy_of("two-limit", "statutory") == "two-limit.statutory"
    assert policy_of("two-limit", "stage") == "green-yellow-red"
