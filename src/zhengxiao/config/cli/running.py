"""`zx work` and `zx sweep`: what goes on in the background, for as long as wanted or once."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import click

from zhengxiao.config.cli.output import COULD_NOT, FINDING, database_command, emit
from zhengxiao.config.cli.server import pid_noted, require_sound_settings


@click.command("work")
@click.option("--once", is_flag=True, help="One round, then say what was done.")
@click.option(
    "--with-parent", type=int, hidden=True, help="End when this process, which started us, is gone."
)
@click.option(
    "--pid-file", type=click.Path(dir_okay=False, path_type=Path), help="Write the process id here."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document (with --once).")
@database_command
def work_command(once: bool, with_parent: int | None, pid_file: Path | None, as_json: bool) -> None:
    """Run deliveries, sweep, schedules and jobs. Any number of runners may run; SIGTERM ends after the current piece."""
    _require_migrated()
    runner = runner_name()
    if once:
        _one_round(runner, as_json)
    else:
        require_sound_settings()
        with pid_noted(pid_file):
            _until_stopped(runner, with_parent)


@click.command("sweep")
@click.option("--once", is_flag=True, required=True, help="One pass; `zx work` repeats it.")
@click.option("--at", help="An ISO moment; now by default.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def sweep_command(once: bool, at: str | None, as_json: bool) -> None:
    """Look at the clocks whose next moment has come: warnings, breaches, pauses that end at their cap."""
    from zhengxiao.kernel.clock.api import sweep

    _require_migrated()
    moment = moment_of(at)
    result = sweep(at=moment)
    text = (
        f"巡检 {result.looked} 个时限：预警 {result.warned}，超期 {result.breached}，"
        f"中止届满 {result.capped}，失败 {result.failed}"
    )
    emit({"at": moment, **asdict(result)}, as_json=as_json, text=text)
    if result.failed:
        sys.exit(FINDING)


def moment_of(text: str | None) -> datetime:
    """The moment named, local when it carries no offset; the wall clock when none is."""
    from django.utils import timezone

    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is no ISO moment such as 2026-03-02T09:00"
        raise click.BadParameter(message, param_hint="--at") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_default_timezone())


def runner_name() -> str:
    """Host and process: who holds a lease is seen at a glance."""
    return f"{socket.gethostname()}-{os.getpid()}"


def is_gone(runner: str) -> bool:
    """Whether the runner of that name was one of this machine and its process is no more.

    One that had our own name is gone too: we have it now. A process id that another program took counts as alive.
    """
    host, _dash, number = runner.rpartition("-")
    if runner == runner_name():
        return True
    if host != socket.gethostname() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


def _require_migrated() -> None:
    from zhengxiao.config.cli.server import open_migrations

    waiting = open_migrations()
    if waiting:
        click.echo(f"the database lacks {len(waiting)} migrations; run: zx migrate", err=True)
        sys.exit(COULD_NOT)


def _one_round(runner: str, as_json: bool) -> None:
    from zhengxiao.kernel.jobs.api import run_once

    done = run_once(at=datetime.now(UTC), runner=runner)
    text = f"{runner}：周期任务 {done.schedules}，作业 {done.jobs}，失败 {done.failures}"
    text += "；只读，其余停办" if done.held else ""
    emit({"runner": runner, **asdict(done)}, as_json=as_json, text=text)
    if done.failures:
        sys.exit(FINDING)


def _until_stopped(runner: str, parent: int | None) -> None:
    from django.db import DatabaseError

    from zhengxiao.kernel.jobs.api import leases_of_the_gone, run_forever

    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    def stopping() -> bool:
        return stop.is_set() or (parent is not None and os.getppid() != parent)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    if parent is None:
        click.echo(f"runner {runner}", err=True)
    with suppress(
        DatabaseError
    ):  # a database that is away now is waited for below; leases then run out by themselves
        leases_of_the_gone(gone=is_gone, at=datetime.now(UTC))
    run_forever(now=lambda: datetime.now(UTC), runner=runner, pause=stop.wait, stopping=stopping)
