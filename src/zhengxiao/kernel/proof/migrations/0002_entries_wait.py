"""Every entry written from now on waits for its place, by a trigger in its own transaction; those of before wait as well.

A trigger, because it costs microseconds inside the database, sees every way of inserting, and leaves the timeline
ignorant of its proof. On SQLite a migration that rebuilds `timeline_entry` drops it: run `install` again there.
"""

from django.db import migrations

SQLITE = (
    """CREATE TRIGGER proof_entry_waits AFTER INSERT ON timeline_entry
       BEGIN INSERT INTO proof_pendingleaf (entry_id, leaf) VALUES (NEW.id, NEW.leaf); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION proof_entry_waits() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN INSERT INTO proof_pendingleaf (entry_id, leaf) SELECT id, leaf FROM fresh; RETURN NULL; END $$""",
    """CREATE TRIGGER proof_entry_waits AFTER INSERT ON timeline_entry
       REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION proof_entry_waits()""",
)


def install(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)
    schema_editor.execute("INSERT INTO proof_pendingleaf (entry_id, leaf) SELECT id, leaf FROM timeline_entry")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER proof_entry_waits ON timeline_entry")
        schema_editor.execute("DROP FUNCTION proof_entry_waits()")
    else:
        schema_editor.execute("DROP TRIGGER proof_entry_waits")


class Migration(migrations.Migration):
    dependencies = [("proof", "0001_initial"), ("timeline", "0002_append_only")]
    operations = [migrations.RunPython(install, remove)]
