"""The face of the background work; other packages import only this."""

from __future__ import annotations

from zhengxiao.kernel.jobs.bulk import bulk_insert, bulk_update, reserve_keys, row_maker
from zhengxiao.kernel.jobs.columns import MISSING, Columns, column_chunks, read_columns, text_keys
from zhengxiao.kernel.jobs.declarations import (
    JobRun,
    Schedule,
    close_registries,
    register_hold,
    register_job,
    register_schedule,
)
from zhengxiao.kernel.jobs.models import Job, JobState
from zhengxiao.kernel.jobs.queries import health, job_by_id, runner_alive
from zhengxiao.kernel.jobs.rules import SHORT_LEASE, HealthFinding
from zhengxiao.kernel.jobs.runner import Round, run_forever, run_once
from zhengxiao.kernel.jobs.services import (
    JobNotReplayable,
    LeaseLost,
    UnknownJob,
    enqueue,
    heartbeat,
    job_replay,
    leases_of_the_gone,
)

__all__ = [
    "MISSING",
    "SHORT_LEASE",
    "Columns",
    "HealthFinding",
    "Job",
    "JobNotReplayable",
    "JobRun",
    "JobState",
    "LeaseLost",
    "Round",
    "Schedule",
    "UnknownJob",
    "bulk_insert",
    "bulk_update",
    "close_registries",
    "column_chunks",
    "enqueue",
    "health",
    "heartbeat",
    "job_by_id",
    "job_replay",
    "leases_of_the_gone",
    "read_columns",
    "register_hold",
    "register_job",
    "register_schedule",
    "reserve_keys",
    "row_maker",
    "run_forever",
    "run_once",
    "runner_alive",
    "text_keys",
]
