"""Pure decisions of the background work: how long to wait after a failure, and what a silent runner means."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from zhengxiao.lib.refusals import gettext_noop

LEASE = timedelta(minutes=5)
SHORT_LEASE = timedelta(minutes=1)
"""For work that comes round every few seconds: another machine takes it over before anybody is told that it is late."""
TRIES = 6
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=1)
SILENCE = timedelta(minutes=2)
QUEUE_AGE = timedelta(minutes=10)

Level = Literal["ok", "warning", "alarm"]


@dataclass(frozen=True, slots=True)
class HealthFinding:
    """One line of the health report: `text` is a Chinese message id that `params` fill."""

    name: str
    level: Level
    text: str
    params: dict[str, Any] = field(default_factory=dict)


def wait_after(attempts: int) -> timedelta:
    """How long a job rests after its `attempts`-th failure: 15 s doubled each time, one hour at most."""
    doublings: int = min(max(attempts, 1) - 1, 16)
    return min(LONGEST_WAIT, FIRST_WAIT * float(2**doublings))


def next_round(planned: datetime, every: timedelta, at: datetime) -> datetime:
    """The first round of a schedule after `at` that keeps its rhythm; rounds missed meanwhile are not made
    up for.
    """
    if planned > at:
        return planned
    return planned + every * ((at - planned) // every + 1)


def judge_heartbeat(last: datetime | None, at: datetime) -> HealthFinding:
    """A runner that has been silent for two minutes, or was never seen, is an alarm."""
    if last is None:
        return HealthFinding("jobs.runner", "alarm", gettext_noop("从未有后台运行者（zx work）工作过。"))
    silent = at - last
    params = {"minutes": int(silent.total_seconds() // 60)}
    if silent > SILENCE:
        return HealthFinding(
            "jobs.runner", "alarm", gettext_noop("后台运行者已 {minutes} 分钟没有心跳。"), params
        )
    return HealthFinding("jobs.runner", "ok", gettext_noop("后台运行者正常。"))


def judge_queue(oldest: datetime | None, at: datetime) -> HealthFinding:
    """`oldest` is the moment from which the longest waiting job could have started."""
    minutes = max(0, int((at - oldest).total_seconds() // 60)) if oldest else 0
    if oldest is not None and at - oldest > QUEUE_AGE:
        return HealthFinding(
            "jobs.queue",
            "warning",
            gettext_noop("最早的后台任务已等待 {minutes} 分钟。"),
            {"minutes": minutes},
        )
    return HealthFinding("jobs.queue", "ok", gettext_noop("后台任务没有积压。"))


def judge_parked(count: int) -> HealthFinding:
    """Parked jobs wait for a person."""
    if count:
        return HealthFinding(
            "jobs.parked",
            "warning",
            gettext_noop("有 {count} 个后台任务多次失败后被搁置，等待人工处理。"),
            {"count": count},
        )
    return HealthFinding("jobs.parked", "ok", gettext_noop("没有被搁置的后台任务。"))


def judge_schedule(name: str, failures: int) -> HealthFinding | None:
    """A schedule that failed three times in a row is an alarm, once or twice a warning."""
    if not failures:
        return None
    return HealthFinding(
        "jobs.schedule",
        "alarm" if failures >= 3 else "warning",
        gettext_noop("定时任务 {name} 连续失败 {failures} 次。"),
        {"name": name, "failures": failures},
    )
