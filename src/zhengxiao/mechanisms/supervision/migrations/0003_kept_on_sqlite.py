"""SQLite refuses to delete a card or a letter as PostgreSQL does."""

from django.db import migrations

TABLES = ("supervision_card", "supervision_orderletter")
MESSAGE = "what a card or letter states is never changed"


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            schema_editor.execute(f"DROP TRIGGER {table}_kept")


class Migration(migrations.Migration):
    dependencies = [("supervision", "0002_cards_are_frozen")]
    operations = [migrations.RunPython(install, remove)]
