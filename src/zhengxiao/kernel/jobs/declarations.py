"""What can be run: job handlers and schedules, declared while the apps start."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from zhengxiao.kernel.jobs.rules import LEASE, TRIES
from zhengxiao.lib.registry import Registry


class Stopwatch:
    """The moment `at`, moving on by the monotonic clock: leases survive jumps of the wall clock."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._since = time.monotonic()

    def __call__(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._since)


@dataclass
class JobRun:
    """What a handler is told about its run, and how it reports progress.

    `at` is the moment the run began; `now()` moves on from there. A long handler calls `progress` now and
    then: it stores the numbers, renews the lease, and raises LeaseLost when another runner has taken the
    job over.
    """

    job_id: int
    attempt: int
    at: datetime
    runner: str
    requested_by_id: int | None
    requested_by_name: str
    now: Callable[[], datetime]
    renew: Callable[[int | None, int | None], None] = field(repr=False)

    def progress(self, done: int | None = None, total: int | None = None) -> None:
        self.renew(done, total)


JobHandler = Callable[[dict[str, Any], JobRun], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class JobKind:
    """How jobs of one name are run: handler, tries before parking, and for how long a claim holds without a
    sign.
    """

    name: str
    handler: JobHandler
    label: str
    tries: int
    lease: timedelta


@dataclass(frozen=True, slots=True)
class Schedule:
    """Work that comes round: `handler(at)` at least every `every`, by one runner at a time. Handlers are
    idempotent.
    """

    name: str
    every: timedelta
    handler: Callable[[datetime], object]
    label: str = ""
    lease: timedelta = LEASE
    always: bool = False
    """Also while work is held back (`register_hold`)."""


JOBS: Registry[JobKind] = Registry("job")
SCHEDULES: Registry[Schedule] = Registry("schedule")
HOLDS: Registry[Callable[[], bool]] = Registry("hold")
"""Questions asked at the beginning of each round: shall work be held back?"""


def register_job(
    name: str, handler: JobHandler, *, label: str = "", tries: int = TRIES, lease: timedelta = LEASE
) -> None:
    """Declare the handler of all jobs called `name`. Runs at least once per job: handlers are idempotent.

    A Refusal raised by the handler ends the job as failed at once; any other error is tried again with
    growing waits and parks the job after `tries`.
    """
    JOBS.add(name, JobKind(name=name, handler=handler, label=label or name, tries=tries, lease=lease))


def register_schedule(schedule: Schedule) -> None:
    """Declare work that comes round."""
    if schedule.every <= timedelta(0):
        raise RuntimeError(f"schedule {schedule.name!r} must come round after a positive time")
    SCHEDULES.add(schedule.name, schedule)


def register_hold(name: str, asked: Callable[[], bool]) -> None:
    """Declare a reason to do nothing but schedules that run `always`: nothing is tried, so nothing is parked in vain."""
    HOLDS.add(name, asked)


def close_registries() -> None:
    """No declaration is taken after the start."""
    HOLDS.close()
    JOBS.close()
    SCHEDULES.close()
