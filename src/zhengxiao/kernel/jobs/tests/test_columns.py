"""Columns read in bulk are what the ORM gives row by row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.db.models import Case, IntegerField, Q, Value, When

from zhengxiao.kernel.jobs.columns import MISSING, column_chunks, read_columns, text_keys
from zhengxiao.kernel.jobs.models import Job

AT = datetime(2026, 3, 4, 2, 0, 0, 123456, tzinfo=UTC)
COLUMNS = {"id": "pk", "name": "name", "who": "requested_by_id", "at": "created_at", "end": "finished_at"}
pytestmark = pytest.mark.django_db


def jobs(count: int) -> list[Job]:
    return [
        Job.objects.create(
            name=f"任务{number % 3}",
            created_at=AT + timedelta(hours=number),
            not_before=AT,
            requested_by_id=None if number % 2 else number * 2**40,
            state="done" if number % 4 else "queued",
            finished_at=AT if number % 4 else None,
        )
        for number in range(count)
    ]


def test_every_kind_of_value_and_its_absence_comes_through() -> None:
    made = jobs(9)
    found = read_columns(Job.objects.order_by("pk"), COLUMNS)
    assert found["id"].tolist() == [job.pk for job in made]
    assert found["who"].tolist() == [
        MISSING if job.requested_by_id is None else job.requested_by_id for job in made
    ]
    assert found["at"].tolist() == [job.created_at.replace(tzinfo=None) for job in made]
    assert np.isnat(found["end"]).tolist() == [job.finished_at is None for job in made]
    assert found["name"].tolist() == text_keys([job.name for job in made])
    assert len(set(text_keys(["任务0", "任务1", "任务2", ""]))) == 4


def test_expressions_conditions_and_pieces() -> None:
    jobs(10)
    done = Case(When(state="done", then=Value(7)), default=Value(0), output_field=IntegerField())
    chunks = list(
        column_chunks(Job.objects.filter(~Q(name="任务1")).order_by("pk"), {"id": "pk", "done": done}, size=3)
    )
    assert [len(chunk["id"]) for chunk in chunks] == [3, 3, 1][: len(chunks)]
    together = np.concatenate([chunk["done"] for chunk in chunks]).tolist()
    wanted = [7 if job.state == "done" else 0 for job in Job.objects.exclude(name="任务1").order_by("pk")]
    assert together == wanted


def test_nothing_comes_as_empty_columns_of_their_kind() -> None:
    for rows in (Job.objects.all(), Job.objects.filter(pk__in=[])):
        found = read_columns(rows, COLUMNS)
        assert (found["at"].dtype, found["id"].dtype, len(found["id"])) == (
            np.dtype("datetime64[us]"),
            np.int64,
            0,
        )
