"""Reads: is the background alive, and how far is a job."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, Min

from zhengxiao.kernel.jobs.declarations import SCHEDULES
from zhengxiao.kernel.jobs.models import Heartbeat, Job, JobState, ScheduleRun
from zhengxiao.kernel.jobs.rules import (
    HealthFinding,
    judge_heartbeat,
    judge_parked,
    judge_queue,
    judge_schedule,
)


def health(*, at: datetime) -> list[HealthFinding]:
    """The state of the background at `at`: runner, queue, parked jobs and failing schedules."""
    last = Heartbeat.objects.aggregate(last=Max("at"))["last"]
    oldest = Job.objects.filter(state=JobState.QUEUED, not_before__lte=at).aggregate(oldest=Min("not_before"))
    failing = ScheduleRun.objects.filter(failures__gt=0, name__in=list(SCHEDULES)).order_by("name")
    findings = [
        judge_heartbeat(last, at),
        judge_queue(oldest["oldest"], at),
        judge_parked(Job.objects.filter(state=JobState.PARKED).count()),
    ]
    judged = (judge_schedule(name, failures) for name, failures in failing.values_list("name", "failures"))
    return findings + [finding for finding in judged if finding is not None]


def runner_alive(*, at: datetime) -> bool:
    """True when some runner gave a sign within the last two minutes."""
    return judge_heartbeat(Heartbeat.objects.aggregate(last=Max("at"))["last"], at).level == "ok"


def job_by_id(job_id: int) -> Job | None:
    """The job, or None."""
    return Job.objects.filter(pk=job_id).first()
