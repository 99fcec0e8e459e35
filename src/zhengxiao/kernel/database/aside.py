"""Statements that stand whatever becomes of the caller's transaction, and that hold no lock until its end.

PostgreSQL only, and only where `SETTLED_ASIDE` is on: a test that is rolled back wants everything rolled back.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections

from zhengxiao.kernel.database.calls import is_undone_as_a_whole

LOCK_MS = 200
"""Whoever holds the row longer is no short call: the caller then waits in its own transaction instead."""


class Aside:
    """One connection of the process, one statement at a time, each a transaction of its own.

    Its commits do not wait for the disk. Nothing is lost by that: what the caller commits later stands behind them in the
    log, so that the one is never there without the other.
    """

    def __init__(self) -> None:
        self._one_at_a_time = Lock()
        self._connection: Any = None
        self._process = 0
        self.opened = 0
        """How often a connection was opened: once for a process, unless it was lost."""

    def settle(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]] | None:
        """Run one statement and answer its rows; None where it has to run in the caller's own transaction.

        The statement may run twice, when the first answer is lost with the connection.
        """
        if connection.vendor != "postgresql" or not settings.SETTLED_ASIDE or not is_undone_as_a_whole():
            return None
        with self._one_at_a_time:
            for _try in range(2):
                try:
                    with self._open().cursor() as cursor:
                        cursor.execute(statement, values)
                        rows: list[tuple[Any, ...]] = cursor.fetchall()
                        return rows
                except Error:
                    if self._connection is not None and self._connection.is_usable():
                        return None  # somebody holds the row: to ask again here would keep all others of the process waiting
                    self.close()
        return None

    def _open(self) -> Any:
        if self._connection is None or self._process != os.getpid():
            fresh: Any = connections.create_connection(DEFAULT_DB_ALIAS)
            fresh.inc_thread_sharing()
            with fresh.cursor() as cursor:
                cursor.execute(f"SET synchronous_commit TO off; SET lock_timeout TO {LOCK_MS}")
            self._connection, self._process = fresh, os.getpid()
            self.opened += 1
        return self._connection

    def close(self) -> None:
        if self._connection is not None and self._process == os.getpid():
            self._connection.close()
        self._connection = None


ASIDE = Aside()
