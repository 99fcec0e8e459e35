"""Is the installation ready: database, migrations, runner, calendar, history. Names and states, nothing about people."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from zhengxiao.kernel.calendar.api import horizon_findings
from zhengxiao.kernel.jobs.api import runner_alive
from zhengxiao.kernel.proof.api import standstill

State = Literal["ok", "warning", "failed", "unknown"]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Check:
    """One name and its state. `failed` makes the installation not ready; `warning` does not."""

    name: str
    state: State


def is_ready(checks: list[Check]) -> bool:
    """Ready when nothing failed and everything was asked."""
    return all(check.state in {"ok", "warning"} for check in checks)


def readiness(*, at: datetime) -> list[Check]:
    """The five checks at `at`. What cannot be asked because an earlier one failed is `unknown`.

    A runner that is silent for two minutes is `failed`. A calendar that does not reach far enough is a
    `warning`: deadlines are then provisional, but everybody can work. A database that is older than the last
    outside checkpoint is `failed`: pages show what is there, but nothing is recorded.
    """
    later: list[tuple[str, Callable[[], State]]] = [
        ("migrations", _migrations),
        ("runner", lambda: "ok" if runner_alive(at=at) else "failed"),
        ("calendar", lambda: _calendar(at)),
        ("history", lambda: "failed" if standstill() else "ok"),
    ]
    checks = [Check("database", _asked("database", _database))]
    for name, ask in later:
        # The runner and the calendar stand in tables: without all migrations they cannot be asked.
        askable = all(check.state == "ok" for check in checks if check.name in {"database", "migrations"})
        checks.append(Check(name, _asked(name, ask) if askable else "unknown"))
    return checks


def _asked(name: str, ask: Callable[[], State]) -> State:
    """What `ask` finds; `failed` when the database breaks under it."""
    try:
        return ask()
    except Exception as error:
        log.warning("readiness of %s could not be asked: %s", name, type(error).__name__)
        return "failed"


def _database() -> State:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


@cache
def _shipped_migrations() -> frozenset[tuple[str, str]]:
    """Migrations this version brings; read from disk once, the code of a process does not change."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _migrations() -> State:
    applied = MigrationRecorder(connection).applied_migrations()
    return "ok" if _shipped_migrations() <= applied.keys() else "failed"


def _calendar(at: datetime) -> State:
    levels = {finding.level for finding in horizon_findings(at=at)}
    return "ok" if levels == {"green"} else "warning"
