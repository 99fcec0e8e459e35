from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from zhengxiao.kernel.jobs.api import bulk_insert
from zhengxiao.kernel.jobs.models import Heartbeat, Job, JobState

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def job(number: int, **more: object) -> Job:
    return Job(
        name=f"work.{number}", args={"n": number, "词": "行"}, not_before=NOON, created_at=NOON, **more
    )


@pytest.mark.django_db
def test_bulk_rows_get_keys_and_come_back_with_every_value():
    with transaction.atomic():
        rows = bulk_insert(
            Job, [job(n, state=JobState.QUEUED, error='tab\t"quote"\\N\n') for n in range(1200)]
        )
    assert len({row.pk for row in rows}) == 1200
    stored = Job.objects.get(pk=rows[7].pk)
    assert (stored.name, stored.args, stored.not_before) == ("work.7", {"n": 7, "词": "行"}, NOON)
    assert (stored.error, stored.result, stored.state) == ('tab\t"quote"\\N\n', None, "queued")


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 20, 21])
def test_a_few_rows_and_many_are_stored_alike_and_keep_keys_they_carry(count: int) -> None:
    with transaction.atomic():
        fresh = bulk_insert(Job, [job(n, error='tab\t"quote"\\N\n') for n in range(count)])
        bulk_insert(Job, [job(100 + n, id=10_000 + n, state=JobState.QUEUED) for n in range(count)])
    assert [row.name for row in Job.objects.filter(pk__lt=10_000).order_by("pk")] == [
        row.name for row in fresh
    ]
    for row in fresh:
        stored = Job.objects.get(pk=row.pk)
        assert (stored.name, stored.args, stored.not_before, stored.error) == (
            row.name,
            row.args,
            NOON,
            row.error,
        )
    carried = Job.objects.filter(pk__gte=10_000).order_by("pk")
    assert [(row.pk, row.name, row.state) for row in carried] == [
        (10_000 + n, f"work.{100 + n}", "queued") for n in range(count)
    ]


@pytest.mark.django_db
def test_a_few_rows_with_and_without_keys_go_in_together() -> None:
    with transaction.atomic():
        rows = bulk_insert(Job, [job(1), job(2, id=10_000)])
    assert Job.objects.count() == 2
    assert rows[1].pk == 10_000


@pytest.mark.django_db
def test_keys_of_bulk_rows_never_meet_those_of_single_rows():
    first = Heartbeat.objects.create(runner="a", at=NOON)
    with transaction.atomic():
        (second,) = bulk_insert(Heartbeat, [Heartbeat(runner="b", at=NOON)])
    third = Heartbeat.objects.create(runner="c", at=NOON)
    third_key = third.pk
    third.delete()
    with transaction.atomic():
        (fourth,) = bulk_insert(Heartbeat, [Heartbeat(runner="d", at=NOON)])
    assert len({first.pk, second.pk, third_key, fourth.pk}) == 4


@pytest.mark.django_db
def test_a_violated_constraint_surfaces_as_integrity_error():
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_insert(Heartbeat, [Heartbeat(runner="same", at=NOON), Heartbeat(runner="same", at=NOON)])
    assert not Heartbeat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_bulk_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="atomic"):
        bulk_insert(Heartbeat, [Heartbeat(runner="a", at=NOON)])
