"""Verbs on single jobs: ask for one, claim it, keep it, end it, replay it. Every claim is a conditional
update.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from zhengxiao.kernel.jobs.declarations import JOBS, JobKind
from zhengxiao.kernel.jobs.models import Heartbeat, Job, JobState, ScheduleRun
from zhengxiao.kernel.jobs.rules import wait_after
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop

ACTIVE = (JobState.QUEUED, JobState.RUNNING)


class UnknownJob(Refusal):
    template = gettext_noop("没有名为“{name}”的后台任务。")


class JobNotReplayable(Refusal):
    template = gettext_noop("任务当前为“{state}”，只有已搁置或被拒绝的任务可以重新运行。")


class LeaseLost(Refusal):
    template = gettext_noop("任务已由其他运行者接手，本次运行停止。")


def enqueue(
    *,
    name: str,
    args: Mapping[str, Any],
    at: datetime,
    actor: Actor,
    not_before: datetime | None = None,
    lane: str = "",
) -> Job:
    """Ask for a job, in the caller's transaction: it exists exactly if the caller commits.

    Jobs of one non-empty `lane` run one at a time, in the order they were asked for. Raises UnknownJob.
    """
    if name not in JOBS:
        raise UnknownJob(name=name)
    return Job.objects.create(
        name=name,
        args=dict(args),
        lane=lane,
        not_before=not_before or at,
        requested_by_id=actor.user_id,
        requested_by_name=actor.name,
        created_at=at,
    )


def job_replay(*, job_id: int, actor: Actor, at: datetime) -> Job:
    """Put a parked or refused job back into the queue with its tries renewed. Raises JobNotReplayable."""
    with transaction.atomic():
        changed = Job.objects.filter(pk=job_id, state__in=[JobState.PARKED, JobState.FAILED]).update(
            state=JobState.QUEUED,
            attempts=0,
            not_before=at,
            finished_at=None,
            error="",
            requested_by_id=actor.user_id,
            requested_by_name=actor.name,
        )
        job = Job.objects.get(pk=job_id)
        if changed != 1:
            raise JobNotReplayable(state=job.get_state_display())
        return job


def claimable(at: datetime) -> QuerySet[Job]:
    """Jobs a runner may take at `at`, the longest waiting first: queued ones whose time has come and running ones
    whose lease has run out; of a lane only the earliest unfinished job."""
    ready = Q(state=JobState.QUEUED, not_before__lte=at) | Q(state=JobState.RUNNING, lease_until__lt=at)
    earlier = Job.objects.filter(lane=OuterRef("lane"), state__in=ACTIVE, pk__lt=OuterRef("pk"))
    return Job.objects.filter(ready).filter(Q(lane="") | ~Exists(earlier)).order_by("not_before", "pk")


def job_claim(*, at: datetime, runner: str) -> Job | None:
    """Take one job for `runner`, or None when there is nothing to do. Unknown jobs are parked, not lost.

    The claim is one conditional update on the number of attempts: whoever is second matches no row and
    looks again.
    """
    while (job := claimable(at).first()) is not None:
        kind = JOBS[job.name] if job.name in JOBS else None  # noqa: SIM401
        if kind is None or job.attempts >= kind.tries:
            error = job.error or (
                "no handler of this name" if kind is None else "the runner vanished in every try"
            )
            _end(job, JobState.PARKED, at=at, error=error)
            continue
        taken = Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts).update(
            state=JobState.RUNNING,
            attempts=job.attempts + 1,
            lease_until=at + kind.lease,
            runner=runner,
            progress_done=0,
            progress_total=None,
        )
        if taken == 1:
            job.refresh_from_db()
            return job
    return None


def job_renew(
    *,
    job_id: int,
    attempt: int,
    at: datetime,
    lease: timedelta,
    done: int | None = None,
    total: int | None = None,
) -> None:
    """Keep a claim and store how far it got. Raises LeaseLost when the claim is no longer ours."""
    values: dict[str, Any] = {"lease_until": at + lease}
    if done is not None:
        values["progress_done"] = done
    if total is not None:
        values["progress_total"] = total
    if Job.objects.filter(pk=job_id, state=JobState.RUNNING, attempts=attempt).update(**values) != 1:
        raise LeaseLost


def job_finish(*, job: Job, at: datetime, result: dict[str, Any] | None) -> bool:
    """End a claimed job as done. False when the claim was lost meanwhile; then nothing is written."""
    return _end(job, JobState.DONE, at=at, result=result)


def job_refuse(*, job: Job, at: datetime, error: str) -> bool:
    """End a claimed job as refused: trying again would not help."""
    return _end(job, JobState.FAILED, at=at, error=error)


def job_retry(*, job: Job, kind: JobKind, at: datetime, error: str) -> bool:
    """Put a job that broke back into the queue after a wait, or park it when its tries are used up."""
    if job.attempts >= kind.tries:
        return _end(job, JobState.PARKED, at=at, error=error)
    held = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
    waiting = held.update(
        state=JobState.QUEUED,
        not_before=at + wait_after(job.attempts),
        lease_until=None,
        runner="",
        error=error,
    )
    return waiting == 1


def heartbeat(*, runner: str, at: datetime) -> None:
    """Note that `runner` is alive at `at`."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(runner=runner, at=at)],
        update_conflicts=True,
        unique_fields=["runner"],
        update_fields=["at"],
    )


def leases_of_the_gone(*, gone: Callable[[str], bool], at: datetime) -> int:
    """Free what runners hold that are known to be dead, so that it is taken up now and not when the lease runs out.

    `gone` judges a runner by its name. A holder that lives after all is fenced off like one that slept; the number freed.
    """
    freed = 0
    for held in ScheduleRun.objects.filter(lease_until__gt=at):
        if gone(held.runner):
            mine = ScheduleRun.objects.filter(pk=held.pk, runs=held.runs, lease_until=held.lease_until)
            freed += mine.update(lease_until=None)
    for job in Job.objects.filter(state=JobState.RUNNING, lease_until__gt=at):
        if gone(job.runner):
            same = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
            freed += same.filter(lease_until=job.lease_until).update(lease_until=at - timedelta(seconds=1))
    return freed


def jobs_tidy(at: datetime) -> int:
    """Forget jobs done more than 30 days ago and runners silent for a week. Parked and refused jobs stay."""
    Heartbeat.objects.filter(at__lt=at - timedelta(days=7)).delete()
    old = Job.objects.filter(state=JobState.DONE, finished_at__lt=at - timedelta(days=30))
    deleted, _ = old.delete()
    return deleted


def _end(
    job: Job, state: JobState, *, at: datetime, error: str = "", result: dict[str, Any] | None = None
) -> bool:
    held = Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts)
    ended = held.update(state=state, finished_at=at, lease_until=None, error=error, result=result)
    return ended == 1
