"""Wrong zones, clocks put back and a runner that slept a day: what the law says comes out, once."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from zhengxiao.backbone.cases.testing import case_world
from zhengxiao.kernel.clock.api import Clock, ClockRung, sweep
from zhengxiao.kernel.jobs.api import heartbeat, run_once
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.surfaces.operation.readiness import is_ready, readiness

AT = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
"""A Thursday, half past ten in China."""


def test_deadlines_do_not_follow_the_zone_of_the_machine(tmp_path: Path) -> None:
    terms = ("20wd", "5wd", "48h", "2wh", "15d", "3m")
    starts = [AT + timedelta(hours=7 * n) for n in range(400)]
    rows = [f"{start.isoformat()},{terms[n % len(terms)]}" for n, start in enumerate(starts)]
    (tmp_path / "in.csv").write_text("\n".join(["start,term", *rows, ""]), encoding="utf-8")
    said = set()
    for zone in ("Asia/Shanghai", "UTC", "America/New_York", None):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZX_", "DJANGO_")) and k != "TZ"}
        environment = {**kept, "ZX_HOME": str(tmp_path / "home"), **({"TZ": zone} if zone else {})}
        start = "from zhengxiao.config.cli import main; main()"
        command = [sys.executable, "-c", start, "due", "--csv", "in.csv", "--out", "out.csv"]
        subprocess.run(command, env=environment, cwd=tmp_path, check=True, capture_output=True)
        said.add((tmp_path / "out.csv").read_bytes())
    assert len(said) == 1


@pytest.mark.django_db
def test_a_wall_clock_that_was_put_back_tells_nothing_twice() -> None:
    world = case_world()
    world.receive(at=AT)
    late = AT + timedelta(days=20)
    first = sweep(at=late)
    assert (first.warned, first.breached) == (1, 1)
    told = Entry.objects.count()
    for back in (timedelta(hours=1), timedelta(days=1), timedelta(days=31)):
        assert sweep(at=late - back).looked == 0
    assert sweep(at=late).looked == 0
    assert Entry.objects.count() == told


@pytest.mark.django_db
def test_a_runner_that_stopped_is_noticed_in_two_minutes_and_what_it_tells_then_carries_the_legal_moment() -> (
    None
):
    world = case_world()
    world.receive(at=AT)
    run_once(at=AT, runner="a")
    clock = Clock.objects.get()
    assert clock.red_at is not None
    stopped = clock.red_at - timedelta(hours=1)
    heartbeat(runner="a", at=stopped)
    assert is_ready(readiness(at=stopped + timedelta(minutes=1)))
    assert not is_ready(readiness(at=stopped + timedelta(minutes=2, seconds=1)))
    back = clock.red_at + timedelta(days=1)
    run_once(at=back, runner="b")
    rungs = {rung.level: rung for rung in ClockRung.objects.filter(clock=clock)}
    assert rungs["red"].at == clock.red_at
    assert rungs["red"].claimed_at >= back
    fact = Entry.objects.get(fact="clock.breached", data__clock_id=clock.pk)
    assert (fact.at, fact.recorded_at >= back) == (clock.red_at, True)
