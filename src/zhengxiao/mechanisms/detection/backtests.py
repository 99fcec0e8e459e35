"""Holding rule versions against the past before they come into force: the same detectors over the same columns, kept
with every case behind the numbers."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone

from zhengxiao.backbone.cases.api import Case
from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.calendar.api import local_days
from zhengxiao.kernel.jobs.api import JobRun, bulk_insert, enqueue, row_maker
from zhengxiao.kernel.orgs.api import local_day
from zhengxiao.kernel.timeline.api import FactRow, Subject, changed, record, record_many
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.mechanisms.detection import permissions, refusals
from zhengxiao.mechanisms.detection.facts import BACK_TEST, VERSION
from zhengxiao.mechanisms.detection.histories import Histories, Hits
from zhengxiao.mechanisms.detection.loading import Progress, histories_of
from zhengxiao.mechanisms.detection.models import BackTest, Hit, RuleVersion
from zhengxiao.mechanisms.detection.running import detector_of, looked

JOB = "detection.back_test"
MONTHS = 14
EARLIER = timedelta(days=366)
"""So much before the period is read as well: what a re-filing or a long case rests on."""


def back_test_request(
    *, version_ids: Sequence[int], actor: Actor, at: datetime, months: int = MONTHS
) -> list[BackTest]:
    """Ask for back-tests of these versions over the last months, all in one job. Refuses NotPermitted, PeriodUnknown.

    The cut-off is the moment of asking: what is entered later is not in the result.
    """
    require(actor, permissions.PROPOSE)
    if not 1 <= months <= 60:
        raise refusals.PeriodUnknown(field="months")
    after = local_day(at) + timedelta(days=1)
    with transaction.atomic():
        tests = [
            BackTest.objects.create(
                version=version, against=_in_force(version), parameters=version.parameters,
                first=months_before(after, months), after=after, cut_off=at, asked_by_id=actor.user_id, asked_at=at,
            )
            for version in RuleVersion.objects.filter(pk__in=version_ids).select_related("rule").order_by("pk")
        ]  # fmt: skip
        job = enqueue(name=JOB, args={"tests": [test.pk for test in tests]}, at=at, actor=actor, lane=JOB)
        BackTest.objects.filter(pk__in=[test.pk for test in tests]).update(job_id=job.pk)
        for test in tests:
            test.job_id = job.pk
        _tell("detection.back_test_asked", tests, actor, at)
    return tests


def _tell(fact: str, tests: Sequence[BackTest], actor: Actor, at: datetime, *names: str, **more: int) -> None:
    """A fact of each test under itself, with its row: all of it, or the columns that changed."""
    facts = []
    for test in tests:
        told = {"name": test.version.name, "number": test.version.number, **more}
        told |= {"first": test.first, "last": test.after - timedelta(days=1)}
        row = changed(test, *names) if names else test
        facts.append(FactRow(fact, Subject(BACK_TEST, test.pk), actor, at, told, None, [row]))
    record_many(facts, recorded_at=at)


def back_test_now(
    *, version_ids: Sequence[int], actor: Actor, at: datetime, months: int = MONTHS
) -> list[BackTest]:
    """The same, run here and now instead of as a job: for the command line and the sample city."""
    tests = back_test_request(version_ids=version_ids, actor=actor, at=at, months=months)
    back_test(tests, at=at)
    return list(BackTest.objects.filter(pk__in=[test.pk for test in tests]))


def months_before(day: date, months: int) -> date:
    """The same day of the month `months` earlier, at most the 28th."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, min(day.day, 28))


def _in_force(version: RuleVersion) -> RuleVersion | None:
    return RuleVersion.objects.filter(rule=version.rule, state="active").exclude(pk=version.pk).first()


# ---------------------------------------------------------------- the job
def run_job(args: dict[str, Any], run: JobRun) -> dict[str, Any]:
    """The handler: reads once, holds every version against it, keeps the hits. Idempotent: done tests stay as they are."""
    waiting = BackTest.objects.filter(pk__in=args["tests"]).exclude(state=BackTest.State.DONE)
    tests = list(waiting.select_related("version__rule", "against__rule").order_by("pk"))
    if not tests:
        return {"tests": 0}
    with transaction.atomic():
        BackTest.objects.filter(pk__in=[test.pk for test in tests]).update(state=BackTest.State.RUNNING)
        for test in tests:
            test.state = BackTest.State.RUNNING
        _tell("detection.back_test_begun", tests, SYSTEM, run.now(), "state")
    found = back_test(tests, at=run.now(), progress=run.progress)
    return {"tests": len(tests), "hits": found}


def back_test(tests: Sequence[BackTest], *, at: datetime, progress: Progress | None = None) -> int:
    """Run these tests, which share one period, and keep their hits; returns how many there are in all."""
    began = time.perf_counter()
    versions = [version for test in tests for version in (test.version, test.against) if version is not None]
    needs = frozenset().union(*(detector_of(version).needs for version in versions))
    period = period_of(tests[0])
    steps = 1 + len(needs) + len(tests)
    tell = progress or (lambda done, of: None)
    histories = histories_of(cases_for(tests[0]), needs, lambda done, of: tell(done, steps))
    total = 0
    for number, test in enumerate(tests, start=1):
        changes = compared(test, histories, period)
        total += _keep(test, histories, changes, at, time.perf_counter() - began)
        tell(1 + len(needs) + number, steps)
    return total


def cases_for(test: BackTest) -> QuerySet[Case]:
    """The cases that can matter; all of them when none lies outside, which saves a condition on every stream."""
    first, known = period_of(test)[0] - EARLIER, test.cut_off
    span = Case.objects.aggregate(oldest=Min("received_at"), youngest=Max("received_at"))
    if span["oldest"] is None or (span["oldest"] >= first and span["youngest"] <= known):
        return Case.objects.all()
    return Case.objects.filter(Q(received_at__gte=first) | Q(finished_at__gte=first), received_at__lte=known)


def period_of(test: BackTest) -> tuple[datetime, datetime]:
    """The moments from and before which findings count."""
    zone = timezone.get_default_timezone()
    first, after = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (test.first, test.after))
    return first, min(after, test.cut_off)


@dataclass(frozen=True, slots=True)
class Changes:
    """What the version finds and what the one in force would have found, by change."""

    new: Hits
    same: Hits
    gone: Hits

    def parts(self) -> Mapping[str, Hits]:
        return {Hit.Change.NEW: self.new, Hit.Change.SAME: self.same, Hit.Change.GONE: self.gone}


def compared(test: BackTest, histories: Histories, period: tuple[datetime, datetime]) -> Changes:
    """The version of a test against the one in force, over the same histories and period."""
    mine = within(looked(test.version, histories), period)
    if test.against is None:
        nothing = mine.only(np.zeros(len(mine), dtype=bool))
        return Changes(mine, nothing, nothing)
    theirs = within(looked(test.against, histories), period)
    both = np.isin(mine.key, theirs.key)
    return Changes(mine.only(~both), mine.only(both), theirs.only(~np.isin(theirs.key, mine.key)))


def within(hits: Hits, period: tuple[datetime, datetime]) -> Hits:
    """Findings whose moment lies in the half-open period."""
    first, after = (np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us") for moment in period)
    return hits.only((hits.at >= first) & (hits.at < after))


def _keep(test: BackTest, histories: Histories, changes: Changes, at: datetime, seconds: float) -> int:
    """Write the hits and close the test; both or neither."""
    rows = [row for change, hits in changes.parts().items() for row in _rows(test, histories, change, hits)]
    found = len(changes.new) + len(changes.same)
    with transaction.atomic():
        Hit.objects.filter(back_test=test).delete()  # of a run that broke off
        bulk_insert(Hit, rows)
        test.state, test.read, test.seconds = BackTest.State.DONE, len(histories.cases), round(seconds, 2)
        BackTest.objects.filter(pk=test.pk).update(state=test.state, read=test.read, seconds=test.seconds)
        closed = ("state", "read", "seconds")
        _tell("detection.back_test_done", [test], SYSTEM, at, *closed, hits=found, read=test.read)
        data = {
            "name": test.version.name,
            "number": test.version.number,
            "first": test.first,
            "last": test.after - timedelta(days=1),
            "hits": found,
            "read": len(histories.cases),
        }
        record(
            fact="detection.back_tested",
            subject=Subject(VERSION, test.version_id),
            actor=SYSTEM,
            at=at,
            data=data,
        )
    return found


def _rows(test: BackTest, histories: Histories, change: str, hits: Hits) -> list[Hit]:
    cases, make = histories.cases, row_maker(Hit)
    level = test.version.level if change != Hit.Change.GONE or test.against is None else test.against.level
    months = local_days(hits.at, histories.zone).astype("datetime64[M]").astype(str).tolist()
    place = hits.row
    columns = (cases.id, cases.region, cases.department, cases.unit)
    read = [column[place].tolist() for column in columns]
    return [
        make(
            back_test_id=test.pk, case_id=case, key=key, change=str(change), level=level, at=moment.replace(tzinfo=UTC),
            month=month, region_id=region, department_id=department, unit_id=unit,
        )
        for case, region, department, unit, key, moment, month in zip(
            *read, hits.key.tolist(), hits.at.tolist(), months, strict=True
        )
    ]  # fmt: skip
