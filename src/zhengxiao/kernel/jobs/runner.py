"""The runner: one round looks at every schedule and at the jobs that wait. `zx work` repeats it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import close_old_connections, connection
from django.db.models import F, Q

from zhengxiao.kernel.jobs.declarations import HOLDS, JOBS, SCHEDULES, JobRun, Schedule, Stopwatch
from zhengxiao.kernel.jobs.models import Job, ScheduleRun
from zhengxiao.kernel.jobs.rules import next_round, wait_after
from zhengxiao.kernel.jobs.services import (
    LeaseLost,
    heartbeat,
    job_claim,
    job_finish,
    job_refuse,
    job_renew,
    job_retry,
)
from zhengxiao.lib.refusals import Refusal

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did; `held`: work was held back, only schedules that run always had their turn."""

    schedules: int = 0
    jobs: int = 0
    failures: int = 0
    held: bool = False

    @property
    def idle(self) -> bool:
        return not (self.jobs or self.schedules)


def run_once(*, at: datetime, runner: str, job_limit: int = 20) -> Round:
    """One round at the moment `at`: pulse, every schedule that is due, then up to `job_limit` jobs.

    Never raises for a handler that breaks: its error is stored with the job or schedule and the round goes
    on. Any number of runners may do this at once; each piece of work is claimed by one of them.
    """
    now = Stopwatch(at)
    heartbeat(runner=runner, at=at)
    schedules = failures = jobs = 0
    held = any(asked() for asked in HOLDS.values())
    for schedule in SCHEDULES.values():
        if held and not schedule.always:
            continue
        ran = _run_schedule(schedule, runner, now, first=at)
        schedules += ran is not None
        failures += ran is False
    while not held and jobs < job_limit and (job := job_claim(at=now(), runner=runner)) is not None:
        jobs += 1
        failures += not _run_job(job, runner, now)
        heartbeat(runner=runner, at=now())
    return Round(schedules=schedules, jobs=jobs, failures=failures, held=held)


def run_forever(
    *,
    now: Callable[[], datetime],
    runner: str,
    pause: Callable[[float], object],
    stopping: Callable[[], bool],
    idle_seconds: float = 1.0,
) -> None:
    """Rounds until `stopping()`; rests `idle_seconds` after an idle one. Survives a database that goes away.

    `now` is read once per round (the caller owns the wall clock), `pause` sleeps (an Event's wait ends it
    early).
    """
    broken = 0
    while not stopping():
        try:
            close_old_connections()
            idle = run_once(at=now(), runner=runner).idle
            broken = 0
        except Exception:
            broken += 1
            logger.exception("a round of the runner broke; it goes on")
            connection.close()
            idle = True
        if idle:
            pause(min(30.0, idle_seconds * 2 ** min(broken, 5)))


def _run_job(job: Job, runner: str, now: Callable[[], datetime]) -> bool:
    kind = JOBS[job.name]

    def renew(done: int | None, total: int | None) -> None:
        moment = now()
        job_renew(job_id=job.pk, attempt=job.attempts, at=moment, lease=kind.lease, done=done, total=total)
        heartbeat(runner=runner, at=moment)

    run = JobRun(
        job_id=job.pk,
        attempt=job.attempts,
        at=now(),
        runner=runner,
        requested_by_id=job.requested_by_id,
        requested_by_name=job.requested_by_name,
        now=now,
        renew=renew,
    )
    try:
        result = kind.handler(job.args, run)
    except LeaseLost:
        logger.warning("job %s (%s) was taken over by another runner", job.pk, job.name)
        return False
    except Refusal as refusal:
        job_refuse(job=job, at=now(), error=f"{refusal.code}: {refusal.text}")
        return False
    except Exception as error:
        logger.exception("job %s (%s) broke in try %s", job.pk, job.name, job.attempts)
        job_retry(job=job, kind=kind, at=now(), error=describe(error))
        return False
    job_finish(job=job, at=now(), result=result)
    return True


def _run_schedule(
    schedule: Schedule, runner: str, now: Callable[[], datetime], *, first: datetime
) -> bool | None:
    """True when it ran, False when it broke, None when it was not due or another runner has it.

    `first` is the beginning of the rhythm of a schedule that never ran.
    """
    at = now()
    state = ScheduleRun.objects.filter(name=schedule.name).first()
    if state is None:
        ScheduleRun.objects.bulk_create(
            [ScheduleRun(name=schedule.name, next_at=first)], ignore_conflicts=True
        )
        state = ScheduleRun.objects.get(name=schedule.name)
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=at)
    claimed = ScheduleRun.objects.filter(free, pk=state.pk, runs=state.runs, next_at__lte=at).update(
        runs=F("runs") + 1, lease_until=at + schedule.lease, runner=runner, started_at=at
    )
    if claimed != 1:
        return None
    # Only the holder of this number may write the end: a runner that slept through its lease is fenced off.
    held = ScheduleRun.objects.filter(pk=state.pk, runs=state.runs + 1)
    try:
        schedule.handler(at)
    except Exception as error:
        logger.exception("schedule %s broke", schedule.name)
        wait = min(wait_after(state.failures + 1), max(schedule.every, timedelta(seconds=1)))
        ended = now()
        held.update(lease_until=None, failures=F("failures") + 1, error=describe(error), next_at=ended + wait)
        return False
    ended = now()
    held.update(
        lease_until=None,
        failures=0,
        error="",
        finished_at=ended,
        next_at=next_round(state.next_at, schedule.every, at),
    )
    return True


def describe(error: BaseException) -> str:
    """Type, message and place of an error, short enough to store; never the data it was handling."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {str(error)[:400]}{place}"
