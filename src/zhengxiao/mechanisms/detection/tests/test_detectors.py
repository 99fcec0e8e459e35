"""Each detector finds what a plain loop over the same invented cases finds."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengxiao.kernel.calendar.gazette import shipped_table
from zhengxiao.kernel.calendar.rules import Unit
from zhengxiao.mechanisms.detection.detectors import DETECTORS
from zhengxiao.mechanisms.detection.histories import Hits
from zhengxiao.mechanisms.detection.rules import cleaned, template_checked
from zhengxiao.mechanisms.detection.tests.making import (
    MINUTES,
    NEAR,
    START,
    ZONE,
    Row,
    found,
    histories,
    rows,
    sometimes,
)

DECIDED = ("granted", "denied")
RESULT = st.sampled_from(["", "granted", "denied", "withdrawn", "lapsed", "refused"])
quick = settings(deadline=None, max_examples=150)


def run(
    code: str, made: list[Row], activity: Any = (), **parameters: int
) -> tuple[list[tuple[int, datetime]], Hits]:
    detector = DETECTORS[code]
    seen = histories(made, activity)
    hits = detector.find(seen, cleaned(detector, parameters))
    assert set(hits.evidence) == set(detector.evidence)
    assert all(len(column) == len(hits) for column in hits.evidence.values())
    return found(hits, seen.cases), hits


def test_every_detector_bears_having_nothing_to_look_at() -> None:
    for code in DETECTORS:
        assert run(code, [])[0] == []


def local(moment: datetime) -> datetime:
    return moment.astimezone(ZONE)


# ---------------------------------------------------------------- 秒办结
@quick
@given(rows(accepted=sometimes(NEAR), decided=sometimes(NEAR), result=RESULT, promised=st.integers(-1, 8)))
def test_swift_is_decided_within_minutes_on_a_long_promise(made: list[Row]) -> None:
    wanted = [
        (row.id, row.decided)
        for row in made
        if row.accepted and row.decided and row.result in DECIDED and row.promised >= 5
        and row.decided - row.accepted <= timedelta(minutes=30)
    ]  # fmt: skip
    assert run("swift", made)[0] == wanted


# ---------------------------------------------------------------- 二次补正
@quick
@given(rows(requests=st.lists(MINUTES, max_size=5, unique=True)), st.integers(1, 3))
def test_supplement_is_the_request_after_those_allowed(made: list[Row], allowed: int) -> None:
    wanted = [(row.id, sorted(row.requests)[allowed]) for row in made if len(row.requests) > allowed]
    told, hits = run("supplement", made, allowed=allowed)
    assert told == wanted
    assert set(hits.evidence["times"].tolist()) <= {allowed + 1}


# ---------------------------------------------------------------- 环节倒序
STEPS = st.lists(
    st.tuples(st.integers(-1, 3), NEAR, st.booleans()), max_size=6, unique_by=lambda step: step[1]
)


@quick
@given(rows(steps=STEPS), st.integers(0, 30))
def test_order_is_a_step_that_follows_one_which_should_come_after_it(made: list[Row], minutes: int) -> None:
    wanted = []
    for row in made:
        named = sorted((ended, rank, back) for rank, ended, back in row.steps if rank >= 0)
        for before, after in pairwise(named):
            if after[1] < before[1] and not before[2] and after[0] - before[0] >= timedelta(minutes=minutes):
                wanted.append((row.id, after[0]))
                break
    assert run("order", made, minutes=minutes)[0] == wanted


# ---------------------------------------------------------------- 先办结后补过程
@quick
@given(
    rows(steps=STEPS, decided=sometimes(NEAR), result=RESULT, promised=st.integers(0, 3)), st.integers(0, 1)
)
def test_process_is_a_decision_before_the_last_step_or_without_any(made: list[Row], without: int) -> None:
    wanted = []
    for row in made:
        if row.decided is None or row.result not in DECIDED:
            continue
        last = max((ended for _rank, ended, _back in row.steps), default=None)
        late = last is not None and last - row.decided > timedelta(minutes=10)
        if late or (without and last is None and row.promised > 0):
            wanted.append((row.id, row.decided))
    assert run("process", made, without=without)[0] == wanted


# ---------------------------------------------------------------- 超期后停表
@quick
@given(
    rows(
        pauses=st.lists(MINUTES, max_size=3, unique=True),
        promised_due=sometimes(MINUTES),
        statutory_due=sometimes(MINUTES),
    ),
    st.integers(0, 1),
)
def test_pause_is_one_that_begins_after_the_limit(made: list[Row], limit: int) -> None:
    wanted = []
    for row in made:
        due = row.statutory_due if limit else row.promised_due
        late = [at for at in sorted(row.pauses) if due is not None and at > due]
        wanted += [(row.id, late[0])] if late else []
    assert run("pause", made, limit=limit)[0] == wanted


# ---------------------------------------------------------------- 撤回重报
@quick
@given(
    rows(
        applicant=st.sampled_from([None, 1, 2]), item=st.integers(1, 2), result=RESULT, received=MINUTES,
    ),
    st.lists(sometimes(st.integers(1, 60 * 24 * 20)), min_size=14, max_size=14), st.integers(1, 20),
)  # fmt: skip
def test_refile_is_a_receipt_soon_after_the_same_was_given_up(
    made: list[Row], lasted: list[int | None], days: int
) -> None:
    for row, minutes in zip(made, lasted, strict=False):  # a case ends after it was received
        row.finished = None if minutes is None else row.received + timedelta(minutes=minutes)
    wanted = []
    for row in made:
        ends = [
            other.finished
            for other in made
            if other is not row and other.applicant is not None and other.applicant == row.applicant
            and other.item == row.item and other.result in ("withdrawn", "terminated", "lapsed")
            and other.finished is not None and timedelta(0) <= row.received - other.finished
        ]  # fmt: skip
        if ends and row.received - max(ends) <= timedelta(days=days):
            wanted.append((row.id, row.received))
    assert run("refile", made, days=days)[0] == wanted


# ---------------------------------------------------------------- 月末突击办结
AT_THE_END = st.integers(23 * 4, 32 * 4).map(lambda part: START + timedelta(hours=6 * part))


@quick
@given(
    rows(
        handler=st.sampled_from([None, 1, 2]), unit=st.integers(1, 2), decided=sometimes(AT_THE_END),
        result=st.sampled_from([*DECIDED, "withdrawn"]),
    ),
    st.integers(1, 6), st.integers(2, 4), st.integers(1, 100), st.integers(0, 1),
)  # fmt: skip
def test_month_end_is_most_of_a_month_on_its_last_days(
    made: list[Row], days: int, count: int, share: int, by: int
) -> None:
    groups: dict[tuple[int, int], list[tuple[datetime, int, bool]]] = defaultdict(list)
    for row in made:
        who = row.unit if by else row.handler
        if row.decided is None or row.result not in DECIDED or who is None:
            continue
        day = local(row.decided).date()
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        groups[who, day.year * 100 + day.month].append((row.decided, row.id, (following - day).days <= days))
    wanted = []
    for told in groups.values():
        late = sorted((decided, key) for decided, key, is_late in told if is_late)
        if len(late) >= count and len(late) * 100 >= share * len(told):
            wanted.append((late[count - 1][1], late[count - 1][0]))
    got, hits = run("month_end", made, days=days, count=count, share=share, by=by)
    assert got == sorted(wanted)
    assert len(set(hits.key.tolist())) == len(hits)
    assert [len(member) for member in hits.members or ()] == hits.evidence["count"].tolist()


# ---------------------------------------------------------------- 短时集中办结
@quick
@given(
    rows(handler=st.sampled_from([None, 1, 2]), decided=sometimes(NEAR), result=RESULT),
    st.integers(1, 60), st.integers(2, 4),
)  # fmt: skip
def test_burst_is_many_decisions_in_a_few_minutes(made: list[Row], minutes: int, count: int) -> None:
    wanted, sizes = [], []
    for who in (1, 2):
        told = sorted(
            (row.decided, row.id)
            for row in made
            if row.handler == who and row.decided and row.result in DECIDED
        )
        bursts: list[list[int]] = []  # places
        for first in range(len(told) - count + 1):
            last = first + count - 1
            if told[last][0] - told[first][0] <= timedelta(minutes=minutes):
                if bursts and first <= bursts[-1][-1]:
                    bursts[-1] = list(range(bursts[-1][0], last + 1))
                else:
                    bursts.append(list(range(first, last + 1)))
        for burst in bursts:
            carrier = told[burst[0] + count - 1]
            wanted.append((carrier[1], carrier[0]))
            sizes.append((carrier[1], len(burst)))
    got, hits = run("burst", made, minutes=minutes, count=count)
    assert got == sorted(wanted)
    seen = histories(made).cases.id[hits.row].tolist()
    assert sorted(zip(seen, hits.evidence["count"].tolist(), strict=True)) == sorted(sizes)
    assert len(set(hits.key.tolist())) == len(hits)


# ---------------------------------------------------------------- 非工作时间决定
WEEK = st.integers(0, 24 * 7).map(lambda hours: START + timedelta(hours=hours, minutes=20))
DAYS = st.integers(0, 7).map(lambda n: (START + timedelta(days=n)).date())


@quick
@given(
    rows(decided=sometimes(WEEK), result=st.sampled_from(DECIDED), decider=st.sampled_from([None, 1, 2])),
    st.lists(st.tuples(st.sampled_from([1, 2]), DAYS, st.integers(1, 20)), max_size=12),
    st.integers(0, 90),
)
def test_off_hours_is_a_decision_outside_hours_without_any_other_trace(
    made: list[Row], activity: list[tuple[int, Any, int]], grace: int
) -> None:
    table, tick = shipped_table(), timedelta(microseconds=1)

    def works(moment: datetime) -> bool:
        return table.used_seconds(moment, moment + tick, Unit.WORKHOUR) > 0

    judged = []
    for row in made:
        if row.decided is None or row.result not in DECIDED or row.decider is None:
            continue
        near = [row.decided, row.decided - timedelta(minutes=grace), row.decided + timedelta(minutes=grace)]
        if not any(works(moment.astimezone(UTC)) for moment in near):
            judged.append(row)
    wanted = []
    for row in judged:
        assert row.decided is not None
        day = local(row.decided).date()
        others = [
            subject for person, on, subject in activity
            if person == row.decider and on == day and subject not in {other.id for other in judged}
        ]  # fmt: skip
        if not others:
            wanted.append((row.id, row.decided))
    assert run("off_hours", made, activity, grace=grace)[0] == wanted


@pytest.mark.parametrize("code", list(DETECTORS))
def test_the_words_of_a_finding_hold_nothing_the_detector_does_not_tell(code: str) -> None:
    assert template_checked(DETECTORS[code], DETECTORS[code].template)
