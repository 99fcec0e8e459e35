"""The database itself refuses to change what was recorded.

PostgreSQL refuses UPDATE and DELETE here, SQLite UPDATE; DELETE there follows in 0004. What the owner of a database removes all the same
is found by the proof.
"""

from django.db import migrations

MESSAGE = "timeline entries are append-only"

SQLITE = (
    f"""CREATE TRIGGER timeline_entry_no_update BEFORE UPDATE ON timeline_entry
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
)
POSTGRESQL = (
    f"""CREATE FUNCTION timeline_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER timeline_entry_append_only BEFORE UPDATE OR DELETE ON timeline_entry
       FOR EACH ROW EXECUTE FUNCTION timeline_entry_refuse()""",
)


def install(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER timeline_entry_append_only ON timeline_entry")
        schema_editor.execute("DROP FUNCTION timeline_entry_refuse()")
    else:
        schema_editor.execute("DROP TRIGGER timeline_entry_no_update")


class Migration(migrations.Migration):
    dependencies = [("timeline", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
