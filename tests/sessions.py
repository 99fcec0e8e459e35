"""Who else is in the PostgreSQL server: sessions in the test database beside the test's own."""

from __future__ import annotations

import atexit
import time
from functools import cache

import psycopg
from django.db import connection, connections

PATIENCE = 5.0
"""Seconds the server has to end a session whose client has gone."""
OTHERS = """
    SELECT pid || ' ' || state || ' ' || left(query, 200) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND datname = %s AND pid <> ALL(%s)
"""


@cache
def _watcher(host: str, port: str, user: str) -> psycopg.Connection:
    """A session of our own in another database of the server, so that it is no session in the test database."""
    session = psycopg.connect(host=host, port=port, user=user, dbname="postgres", autocommit=True)
    atexit.register(session.close)
    return session


def left_open() -> list[str]:
    """Sessions in the test database that are none of this thread's: process number, state and last statement.

    Waits PATIENCE for them to end. Always empty on SQLite.
    """
    if connection.vendor != "postgresql":
        return []
    known = connection.settings_dict
    watcher = _watcher(known["HOST"], str(known["PORT"]), known["USER"])
    open_here = [one.connection for one in connections.all() if one.connection is not None]
    own = [session.info.backend_pid for session in open_here if not session.closed]
    until = time.monotonic() + PATIENCE
    while True:
        found = [text for (text,) in watcher.execute(OTHERS, [known["NAME"], own]).fetchall()]
        if not found or time.monotonic() > until:
            return found
        time.sleep(0.05)
