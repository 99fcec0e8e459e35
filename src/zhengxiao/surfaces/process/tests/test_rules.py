"""Mining against plain loops over the same invented cases."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengxiao.surfaces.process.rules import (
    Log,
    arcs,
    durations,
    hand_overs,
    rework,
    spread,
    variant_key,
    variants,
    without,
)

NAMES = ("收件", "受理", "审查", "决定", "送达")
END = NAMES.index("决定")
EVENT = st.tuples(st.integers(0, 4), st.sampled_from([10, 20, 30]), st.integers(0, 500))
"""(activity, unit, working time since the event before)"""
CASES = st.lists(st.lists(EVENT, min_size=1, max_size=7), min_size=1, max_size=12)
quick = settings(deadline=None, max_examples=120)
Told = list[list[tuple[int, int, int]]]


def log_of(told: Told) -> Log:
    flat = [event for case in told for event in case]
    first = np.cumsum([0, *(len(case) for case in told[:-1])]).astype(np.int64)
    wait = np.array([wait for _a, _u, wait in flat], dtype=np.int64)
    wait[first] = 0
    return Log(
        case=np.arange(100, 100 + len(told)), first=first, activity=np.array([a for a, _u, _w in flat], dtype=np.int64),
        unit=np.array([u for _a, u, _w in flat], dtype=np.int64), wait=wait, names=NAMES, ends=frozenset({END}),
    )  # fmt: skip


def lasted(case: list[tuple[int, int, int]]) -> int:
    """Working time to the last decision, or to the end where there is none."""
    ends = [place for place, (activity, _u, _w) in enumerate(case) if activity == END]
    last = ends[-1] if ends else len(case) - 1
    return sum(wait for _a, _u, wait in case[1 : last + 1])


@quick
@given(CASES)
def test_a_case_lasts_from_its_first_event_to_its_decision(told: Told) -> None:
    assert durations(log_of(told)).tolist() == [lasted(case) for case in told]


@quick
@given(CASES)
def test_variants_are_the_sequences_counted_one_by_one(told: Told) -> None:
    sequences = [tuple(NAMES[activity] for activity, _u, _w in case) for case in told]
    counted = Counter(sequences)
    found = variants(log_of(told))
    assert {one.steps: len(one.cases) for one in found} == counted
    assert [len(one.cases) for one in found] == sorted(counted.values(), reverse=True)
    assert sum(one.share for one in found) == 1 or abs(sum(one.share for one in found) - 1) < 1e-9
    for one in found:
        mine = [number for number, steps in enumerate(sequences) if steps == one.steps]
        assert one.cases.tolist() == [100 + number for number in mine]
        assert one.duration.median == statistics.median(lasted(told[number]) for number in mine)
        assert one.key == variant_key(one.steps)


@quick
@given(CASES)
def test_arcs_are_the_neighbours_counted_one_by_one(told: Told) -> None:
    waits: dict[tuple[str, str], list[int]] = defaultdict(list)
    where: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number, case in enumerate(told):
        for before, after in pairwise(case):
            pair = (NAMES[before[0]], NAMES[after[0]])
            waits[pair].append(after[2])
            where[pair].add(100 + number)
    found = arcs(log_of(told))
    assert {(arc.source, arc.target): arc.count for arc in found} == {
        pair: len(all_) for pair, all_ in waits.items()
    }
    for arc in found:
        pair = (arc.source, arc.target)
        assert arc.cases.tolist() == sorted(where[pair])
        assert (arc.wait.median, arc.wait.total) == (statistics.median(waits[pair]), sum(waits[pair]))
    assert [arc.wait.total for arc in found] == sorted((arc.wait.total for arc in found), reverse=True)


@quick
@given(CASES)
def test_hand_overs_are_neighbours_of_different_units(told: Told) -> None:
    waits: dict[tuple[int, int], list[int]] = defaultdict(list)
    for case in told:
        for before, after in pairwise(case):
            if before[1] != after[1]:
                waits[before[1], after[1]].append(after[2])
    found = hand_overs(log_of(told))
    assert {(over.source, over.target): over.wait.median for over in found} == {
        pair: statistics.median(all_) for pair, all_ in waits.items()
    }
    assert [over.wait.median for over in found] == sorted((over.wait.median for over in found), reverse=True)


@quick
@given(CASES)
def test_rework_is_what_a_case_does_again(told: Told) -> None:
    wanted: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for number, case in enumerate(told):
        for activity in range(5):
            places = [place for place, event in enumerate(case) if event[0] == activity]
            if len(places) > 1:
                between = sum(event[2] for event in case[places[0] + 1 : places[-1] + 1])
                wanted[NAMES[activity]].append((100 + number, len(places) - 1, between))
    found = {loop.activity: loop for loop in rework(log_of(told))}
    assert set(found) == set(wanted)
    for activity, rows in wanted.items():
        loop = found[activity]
        assert sorted(loop.cases.tolist()) == [case for case, _extra, _wait in rows]
        assert loop.extra == sum(extra for _case, extra, _wait in rows)
        assert loop.wait.total == sum(wait for _case, _extra, wait in rows)


@quick
@given(CASES, st.integers(0, 4))
def test_dropping_a_step_saves_the_wait_before_it_and_nothing_after_the_end(told: Told, dropped: int) -> None:
    after, touched = [], []
    for number, case in enumerate(told):
        ends = [place for place, event in enumerate(case) if event[0] == END]
        last = ends[-1] if ends else len(case) - 1
        clock, kept = 0, 0
        for place, (activity, _unit, wait) in enumerate(case):
            if place:
                clock += wait
            if place and clock <= lasted(case) and activity == dropped:
                kept += wait
        after.append(lasted(case) - kept)
        assert last >= 0
        if any(event[0] == dropped for event in case):
            touched.append(100 + number)
    found = without(log_of(told), NAMES[dropped])
    assert found.cases.tolist() == touched
    assert found.after.median == statistics.median(after)
    assert found.before.median == statistics.median(lasted(case) for case in told)
    assert found.after.total == sum(after)
    assert min(after) >= 0


def test_a_spread_is_by_nearest_rank() -> None:
    values = np.array(range(1, 12), dtype=np.int64)
    assert (spread(values).median, spread(values).p90, spread(values).n) == (6, 10, 11)
    assert spread(values[:1]).p90 == 1
    assert spread(values[:0]).n == 0


def test_an_empty_log_answers_nothing() -> None:
    none: Any = np.zeros(0, dtype=np.int64)
    log = Log(none, none, none, none, none, ())
    assert variants(log) == arcs(log) == hand_overs(log) == rework(log) == []
    assert without(log, "审查").before.n == 0
