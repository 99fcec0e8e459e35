"""SQLite refuses to delete an entry as PostgreSQL does: a slip in a script or a shell must not take history away.

Whoever owns the file can drop the trigger; what is missing then is found by the proof. A migration that rebuilds the table on
SQLite drops its triggers: run `install` of this one and of 0002 again there.
"""

from django.db import migrations

MESSAGE = "timeline entries are append-only"
TRIGGER = f"""CREATE TRIGGER timeline_entry_kept BEFORE DELETE ON timeline_entry
              BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"""


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(TRIGGER)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER timeline_entry_kept")


class Migration(migrations.Migration):
    dependencies = [("timeline", "0003_rows_of_record")]
    operations = [migrations.RunPython(install, remove)]
