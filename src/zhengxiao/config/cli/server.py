"""`zx serve` and `zx migrate`: the web server of an installation, and its database brought up to date."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from zhengxiao.config.cli.output import (
    COULD_NOT,
    compare_with_outside,
    database_command,
    django_command,
    emit,
)

APPLICATION = "zhengxiao.config.wsgi:application"


def require_sound_settings() -> None:
    """Nothing starts with DEBUG or with a secret key that could be guessed."""
    from zhengxiao.config.cli.selfcheck import refusals

    found = refusals()
    for finding in found:
        click.echo(finding.text, err=True)
    if found:
        sys.exit(COULD_NOT)


def migrate() -> list[str]:
    """Apply the migrations that are still open; returns their names (`app.name`)."""
    from zhengxiao.config.cli.migrating import apply_all

    applied = open_migrations()
    apply_all()
    return applied


def open_migrations() -> list[str]:
    """Names (`app.name`) of migrations that the database does not have yet, in the order they would run."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def collect_static() -> bool:
    """Lay out the web assets below ZX_HOME when they differ from the ones laid out there before.

    Of several servers that start at once the first lays them out, and the others wait until it has.
    """
    from django.conf import settings
    from django.core.files import locks
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    stamp = root / ".laid-out"
    mark = _assets_mark()
    with (root / ".lock").open("w", encoding="ascii") as turn:
        # Given back when the file is closed, also by a process that is killed.
        locks.lock(turn, locks.LOCK_EX)
        if stamp.exists() and stamp.read_text(encoding="ascii") == mark:
            return False
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(mark, encoding="ascii")
        return True


def _assets_mark() -> str:
    """A digest over version and the size and time of every asset: changes when an asset may have changed."""
    import hashlib

    from django.contrib.staticfiles.finders import get_finders

    from zhengxiao import __version__

    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path}:{stat.st_size}:{stat.st_mtime_ns}".encode())
    return digest.hexdigest()


@contextmanager
def pid_noted(pid_file: Path | None) -> Iterator[None]:
    """Our process id in a file for as long as we work; what a killed process left there is written over."""
    if pid_file is None:
        yield
        return
    pid_file.write_text(f"{os.getpid()}\n", encoding="ascii")
    try:
        yield
    finally:
        pid_file.unlink(missing_ok=True)


# Standard output is for what was asked (`--json`: one document); what the server has to say goes where errors go.
SERVER_LOG = {
    "handlers": {
        name: {"formatter": formatter, "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
        for name, formatter in (("console", "generic"), ("access", "access"))
    }
}


def run_server(*, host: str, port: int, workers: int, threads: int, quiet: bool = False) -> None:
    """Serve until stopped. Each worker works on `threads` requests at once and refuses what would wait too long."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from zhengxiao.surfaces.operation.shedding import Gatehouse

    os.environ["ZX_THREADS"] = str(threads)  # the processes read it when they load the settings
    lines = Gatehouse(threads, patience=1).threads
    Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        # Waiting costs a thread and nothing else; who waits and who is refused is decided in operation/shedding.py.
        blocking_threads=lines,
        backpressure=lines * 4,
        respawn_failed_workers=True,
        log_dictconfig=SERVER_LOG,
        log_level=LogLevels.warning if quiet else LogLevels.info,
        websockets=False,
    ).serve()


@click.command(help="Serve the pages. Stops on Ctrl-C or SIGTERM.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option(
    "--threads",
    default=3,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Requests at once per process.",
)
@click.option(
    "--pid-file", type=click.Path(dir_okay=False, path_type=Path), help="Write the process id here."
)
@click.option(
    "--json", "as_json", is_flag=True, help="Say what was prepared as one JSON line before serving."
)
@database_command
def serve_command(
    *, host: str, port: int, workers: int, threads: int, pid_file: Path | None, as_json: bool
) -> None:
    waiting = open_migrations()
    if waiting:
        click.echo(f"the database lacks {len(waiting)} migrations; run: zx migrate", err=True)
        sys.exit(COULD_NOT)
    require_sound_settings()
    compare_with_outside()
    laid_out = collect_static()
    address = f"http://{host}:{port}"
    emit(
        {"address": address, "workers": workers, "assets_laid_out": laid_out},
        as_json=as_json,
        text=f"serving on {address}",
    )
    with pid_noted(pid_file):
        run_server(host=host, port=port, workers=workers, threads=threads)


@click.command(help="Bring the database up to date with this version.")
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 when migrations are open.")
@click.option("--json", "as_json", is_flag=True)
@django_command
def migrate_command(*, only_check: bool, as_json: bool) -> None:
    from zhengxiao.config.cli.output import FINDING

    names = open_migrations() if only_check else migrate()
    result = {"open" if only_check else "applied": names}
    emit(result, as_json=as_json, text="\n".join(names) or "the database is up to date")
    if only_check and names:
        sys.exit(FINDING)
