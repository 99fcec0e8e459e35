"""Migrations that are whole: what a migration did and that it was done are one transaction.

The framework notes a migration after its transaction when statements were put off to its end. A process that dies between
the two leaves tables that the next start wants to make again. Here what was put off is done first, so the note is inside.
"""

from __future__ import annotations

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
    call_command("migrate", interactive=False, verbosity=0)
