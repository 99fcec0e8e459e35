"""Migrations that are whole: what a migration did and that it was done are one transaction.

The framework notes a migration after its transaction when statements were put off to its end. A process that dies between
the two leaves tables that the next start wants to make again. Here what was put off is done first, so the note is inside.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate as framework
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class WholeExecutor(MigrationExecutor):
    """Applies each migration with its note in one transaction, where the migration has one."""

    def apply_migration(
        self, state: Any, migration: Any, fake: bool = False, fake_initial: bool = False
    ) -> Any:
        if fake or fake_initial or not migration.atomic:
            return super().apply_migration(state, migration, fake, fake_initial)
        if self.progress_callback:
            self.progress_callback("apply_start", migration, fake)
        with self.connection.schema_editor(atomic=True) as editor:
            state = migration.apply(state, editor)
            while editor.deferred_sql:
                editor.execute(editor.deferred_sql.pop(0), None)
            self.record_migration(migration)  # type: ignore[call-arg]
        if self.progress_callback:
            self.progress_callback("apply_success", migration, fake)
        return state


def apply_all() -> None:
    """Bring the database up to date. A process that dies in it may be followed by one that does the same."""
    if connection.vendor == "postgresql":
        with (
            connection.cursor() as cursor
        ):  # a large table takes its time; a lock is still waited for ten seconds only
            cursor.execute("SET statement_timeout = 0")
    vars(framework)["MigrationExecutor"] = WholeExecutor
    with _rarely_collected():
        call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """The states between migrations are cycles upon cycles; to look through all of them as often as usual takes a third
    of the time. The memory that this costs (some 60 MB) is given back afterwards.
    """
    before = gc.get_threshold()
    gc.set_threshold(3_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
