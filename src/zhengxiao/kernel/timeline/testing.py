"""The alarm of the tests: application code that writes a row of record and seals nothing for its table in that transaction.

Sees what passes through Django's cursors: every write on SQLite; on PostgreSQL all but COPY.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import connection

from zhengxiao.kernel.timeline import services
from zhengxiao.kernel.timeline.records import Changed, Gone, Record, records, rows_text

_WRITE = re.compile(
    r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"(?:.*? SET (.*?)(?: WHERE .*)?$)?', re.DOTALL
)
_COLUMN = re.compile(r'"(\w+)" = ')
_POINT = re.compile(r"(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) ")
_TOOLS = ("kernel/jobs/bulk.py", "kernel/timeline/", "kernel/database/")


class SealWatch:
    """Collects in `alarms` (table, where) what was written and not sealed."""

    def __init__(self) -> None:
        self.alarms: list[tuple[str, str]] = []
        self._tables: dict[str, Record] = {record.table: record for record in records.values()}
        self._events: list[tuple[str, str]] = []
        self._points: list[int] = []

    def execute(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """The wrapper around every statement."""
        result = execute(sql, params, many, context)
        point = _POINT.match(sql)
        if point:
            self._point(point[1])
        elif (match := _WRITE.match(sql)) and match[1] in self._tables:
            self._wrote(match[1], match[2])
        return result

    def _point(self, what: str) -> None:
        if what == "SAVEPOINT":
            self._points.append(len(self._events))
        elif what == "ROLLBACK TO SAVEPOINT":
            if self._points:
                del self._events[self._points[-1] :]
        elif self._points:
            self._points.pop()
            if not self._points and connection.in_atomic_block:
                self.judge()

    def _wrote(self, table: str, sets: str | None) -> None:
        if sets and {*_COLUMN.findall(sets)} <= {*self._tables[table].caches, *self._tables[table].aside}:
            return
        where = _application()
        if where:
            self._events.append((table, where))

    def sealed(self, rows: Sequence[Any]) -> None:
        """The rows of one entry."""
        for write in rows:
            row = write.row if isinstance(write, (Changed, Gone)) else write
            self._events.append((row._meta.db_table, ""))

    def judge(self) -> None:
        """The end of a transaction: what was written must have been sealed after it."""
        open_writes: dict[str, str] = {}
        for table, where in self._events:
            if where:
                open_writes[table] = where
            else:
                open_writes.pop(table, None)
        self.alarms += open_writes.items()
        self._events.clear()

    def forget(self) -> None:
        """The transaction was rolled back."""
        self._events.clear()
        self._points.clear()


def _application() -> str:
    """Where in the application the statement comes from; empty when a test or a migration writes it."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        path = frame.f_code.co_filename
        inside = "/zhengxiao/" in path and not any(tool in path for tool in _TOOLS)
        if "/tests/" in path or path.endswith(("testing.py", "conftest.py")) or "/migrations/" in path:
            return ""
        if inside:
            return f"{path.partition('/zhengxiao/')[2]}:{frame.f_lineno} {frame.f_code.co_name}"
        frame = frame.f_back
    return ""


@contextmanager
def seal_watch() -> Iterator[SealWatch]:
    """Watch the default connection inside the block."""
    here: Any = connection
    watch, told = SealWatch(), rows_text
    commit, rollback = here._commit, here._rollback

    def watched(rows: Any, commit_to: Any) -> str:
        watch.sealed(rows)
        return told(rows, commit_to)

    def committed() -> None:
        commit()
        watch.judge()

    def rolled_back() -> None:
        rollback()
        watch.forget()

    with (
        mock.patch.object(services, "rows_text", watched),
        mock.patch.object(here, "_commit", committed),
        mock.patch.object(here, "_rollback", rolled_back),
        connection.execute_wrapper(watch.execute),
    ):
        yield watch
