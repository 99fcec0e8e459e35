"""The figures a scraper reads: what the installation owes, what this process does."""

from __future__ import annotations

import os
import resource
import sys
import threading
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.db.models import Count, Max, Min

from zhengxiao import __version__
from zhengxiao.kernel.clock.api import Clock, Light
from zhengxiao.kernel.jobs.api import Job, JobState, runner_alive
from zhengxiao.kernel.proof.api import Checkpoint, tree_size, waiting_count
from zhengxiao.kernel.signin.api import sign_in_counts
from zhengxiao.kernel.timeline.api import backlog
from zhengxiao.kernel.webhooks.api import backlog as webhook_backlog
from zhengxiao.surfaces.operation.exposition import Family, Kind, Sample, histogram_samples
from zhengxiao.surfaces.operation.figures import REQUESTS

JOB_STATES = (JobState.QUEUED, JobState.RUNNING, JobState.PARKED)


def families(*, at: datetime) -> list[Family]:
    """Everything at `at`. Queries follow what runs and waits, not what is finished."""
    return [*installation(at=at), *outgoing(at=at), *history(), *process(), sign_ins(), requests()]


def installation(*, at: datetime) -> list[Family]:
    """What the database says; the same whichever process answers."""
    waiting = backlog(at=at)
    jobs = dict(Job.objects.filter(state__in=JOB_STATES).values_list("state").annotate(n=Count("pk")))
    lights = [(light, Clock.objects.with_light(light, at).count()) for light in Light]
    return [
        _gauge(
            "zx_sweep_lag_seconds",
            "Age of the oldest clock that the sweep should have looked at.",
            sweep_lag(at),
        ),
        _gauge("zx_deliveries_waiting", "Facts whose reactions are due and not done.", waiting.waiting),
        _gauge("zx_deliveries_parked", "Facts whose reactions failed and wait for a person.", waiting.parked),
        _gauge(
            "zx_delivery_oldest_seconds", "Age of the oldest reaction that waits.", _age(waiting.oldest, at)
        ),
        _labelled(
            "zx_jobs",
            "Jobs by state.",
            "gauge",
            "state",
            [(str(s.value), jobs.get(s.value, 0)) for s in JOB_STATES],
        ),
        _gauge(
            "zx_runner_alive", "1 when a runner gave a sign within two minutes.", int(runner_alive(at=at))
        ),
        _labelled(
            "zx_clocks_running",
            "Running clocks by the light they show.",
            "gauge",
            "light",
            [(str(light.value), number) for light, number in lights],
        ),
    ]


def outgoing(*, at: datetime) -> list[Family]:
    """What other systems are owed."""
    owed = webhook_backlog()
    return [
        _gauge("zx_webhooks_waiting", "Events that wait to be taken by another system.", owed.waiting),
        _gauge("zx_webhooks_dead", "Events that could not be delivered and wait for a person.", owed.dead),
        _gauge("zx_webhook_oldest_seconds", "Age of the oldest event that waits.", _age(owed.oldest, at)),
    ]


def history() -> list[Family]:
    """How far the sequencer and the signer are behind the timeline."""
    placed, waiting = tree_size(), waiting_count()
    signed = Checkpoint.objects.aggregate(size=Max("size"))["size"] or 0
    return [
        _gauge("zx_proof_entries", "Entries of the timeline that have their place in the tree.", placed),
        _gauge("zx_proof_entries_waiting", "Entries that wait for their place in the tree.", waiting),
        _gauge(
            "zx_proof_entries_unsigned",
            "Entries in the tree beyond the newest signed head.",
            max(0, placed - signed),
        ),
    ]


def sweep_lag(at: datetime) -> float:
    """Seconds since the oldest look that is due; 0 when none is."""
    due = Clock.objects.running().filter(next_look_at__lte=at)
    return _age(due.aggregate(oldest=Min("next_look_at"))["oldest"], at)


def requests() -> Family:
    """Requests this process answered."""
    worker = str(os.getpid())
    samples = [
        sample
        for route, status, durations in REQUESTS.snapshot()
        for sample in histogram_samples({"route": route, "status": status, "worker": worker}, durations)
    ]
    text = "Requests by route name and class of status, of the worker that answered this scrape."
    return Family("zx_http_request_seconds", text, "histogram", tuple(samples))


def sign_ins() -> Family:
    """Sign-ins this process saw, by how they ended."""
    worker = str(os.getpid())
    samples = [
        Sample(number, {"result": result, "worker": worker}) for result, number in sign_in_counts().items()
    ]
    text = "Sign-ins by how they ended, of the worker that answered this scrape."
    return Family("zx_sign_ins", text, "counter", tuple(samples))


def process() -> list[Family]:
    """What this process is and needs."""
    info = {
        "version": __version__,
        "database": connection.vendor,
        "python": ".".join(str(part) for part in sys.version_info[:3]),
    }
    worker = {"worker": str(os.getpid())}
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return [
        Family("zx_build_info", "Version of the product.", "gauge", (Sample(1, info),)),
        _of(
            "process_cpu_seconds_total", "Processor time.", "counter", usage.ru_utime + usage.ru_stime, worker
        ),
        _of("process_resident_memory_bytes", "Memory.", "gauge", _resident(usage.ru_maxrss), worker),
        _of("process_open_fds", "Open file descriptors.", "gauge", _descriptors(), worker),
        _of("process_threads", "Threads of Python.", "gauge", threading.active_count(), worker),
    ]


def _gauge(name: str, text: str, value: float) -> Family:
    return Family(name, text, "gauge", (Sample(value),))


def _of(name: str, text: str, kind: Kind, value: float, labels: dict[str, str]) -> Family:
    return Family(name, text, kind, (Sample(value, labels),))


def _labelled(name: str, text: str, kind: Kind, label: str, values: list[tuple[str, int]]) -> Family:
    return Family(name, text, kind, tuple(Sample(value, {label: key}) for key, value in values))


def _age(since: datetime | None, at: datetime) -> float:
    return max(0.0, (at - since).total_seconds()) if since is not None else 0.0


def _resident(highest_kilobytes: int) -> int:
    """Bytes in memory now where the system tells, else the most there ever were."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    return highest_kilobytes * 1024


def _descriptors() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0
