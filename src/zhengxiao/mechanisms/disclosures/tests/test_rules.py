"""What creates a duty, how it stands, how long a penalty is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.mechanisms.disclosures.rules import (
    Grade,
    Verdict,
    creates_duty,
    grade_of,
    months_before,
    shown_since,
    verdict,
)

DAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("task_type", "result", "since", "owed"),
    [
        ("01", "granted", None, True),
        ("01", "denied", None, False),
        ("20", "granted", None, False),
        ("01", "granted", date(2026, 3, 4), True),
        ("01", "granted", date(2026, 3, 5), False),
    ],
)
def test_a_granted_licence_since_the_first_day_creates_a_duty(
    task_type: str, result: str, since: date | None, owed: bool
) -> None:
    assert creates_duty(task_type=task_type, result=result, decided_on=DAY, since=since) is owed


START = datetime(2026, 3, 1, tzinfo=UTC)
moments = st.integers(0, 20).map(lambda n: START + timedelta(days=n))
maybe = st.none() | moments


@given(due_at=moments, reported_at=maybe, ended_at=maybe, at=moments)
def test_a_verdict_is_what_an_inspector_would_say(
    due_at: datetime, reported_at: datetime | None, ended_at: datetime | None, at: datetime
) -> None:
    """The oracle walks through the days and notes what is known on each."""
    told, freed = False, False
    answer = Verdict.NOT_DUE
    day = START
    while day <= at:
        if reported_at == day:
            told = True
            answer = Verdict.LATE if day > due_at else Verdict.ON_TIME
        if ended_at == day and not told and day <= due_at:
            freed = True
        if not told:
            answer = Verdict.EXEMPT if freed else Verdict.MISSING if day > due_at else Verdict.NOT_DUE
        day += timedelta(days=1)
    assert verdict(due_at=due_at, reported_at=reported_at, ended_at=ended_at, at=at) is answer


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 3, 4), 12, date(2025, 3, 4)),
        (date(2026, 1, 15), 36, date(2023, 1, 15)),
    ],
)
def test_months_are_counted_back_to_the_same_day(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def test_light_penalties_are_not_shown_and_serious_ones_for_three_years() -> None:
    assert shown_since(Grade.LIGHT, DAY) is None
    assert shown_since(Grade.ORDINARY, DAY) == date(2025, 3, 4)
    assert shown_since(Grade.SERIOUS, DAY) == date(2023, 3, 4)


@pytest.mark.parametrize(
    ("classes", "fine", "grade"),
    [
        ("警告", 0, Grade.LIGHT),
        ("警告；通报批评", 0, Grade.LIGHT),
        ("罚款", 0.5, Grade.ORDINARY),
        ("警告;罚款", 0.5, Grade.ORDINARY),
        ("罚款", 100, Grade.SERIOUS),
        ("罚款;责令停产停业", 1, Grade.SERIOUS),
        ("暂扣或吊销许可证、执照", 0, Grade.SERIOUS),
    ],
)
def test_a_grade_is_proposed_from_classes_and_fine(classes: str, fine: float, grade: Grade) -> None:
    assert grade_of(classes, fine=fine) is grade
