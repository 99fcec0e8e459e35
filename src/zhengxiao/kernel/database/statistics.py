"""What the planner of PostgreSQL knows of the tables, brought up to date by whoever wrote many rows at once."""

from __future__ import annotations

from django.db import connection


def tables_counted() -> None:
    """Let the server count the tables now. Nothing to do on SQLite.

    The server does it by itself after a while, and within one transaction not at all: until then it plans joins for the
    few rows that were there before, and a question of milliseconds may take minutes.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
