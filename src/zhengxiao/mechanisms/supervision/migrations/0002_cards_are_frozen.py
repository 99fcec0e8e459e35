"""The database itself refuses to change what a card states, and what a letter says; on PostgreSQL also to delete either.

SQLite refuses the change only: the test runner empties tables with DELETE there. A migration that rebuilds one of the tables
on SQLite drops its trigger: run `install` again there.
"""

from django.db import migrations

CARD = (
    "number", "level", "source", "subject_kind", "subject_id", "subject_label", "clock_id", "clock_label", "entry_id",
    "finding_id", "rule", "rule_name", "rule_version", "policy_id", "chain", "region_id", "department_id", "unit_id",
    "person_id", "at", "recorded_at", "issuer_id", "issuer_name", "reason", "evidence", "evidence_text", "sheet", "windows",
)
LETTER = ("order_id", "step", "number", "text", "at", "by_rule", "author_name")
TABLES = {"supervision_card": CARD, "supervision_orderletter": LETTER}
MESSAGE = "what a card or letter states is never changed"


def statements(vendor):
    for table, columns in TABLES.items():
        named = ", ".join(f'"{column}"' for column in columns)
        if vendor != "postgresql":
            yield f"""CREATE TRIGGER {table}_frozen BEFORE UPDATE OF {named} ON {table}
                      BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"""
            continue
        yield f"""CREATE TRIGGER {table}_frozen BEFORE UPDATE OF {named} ON {table}
                  FOR EACH ROW EXECUTE FUNCTION supervision_refuse()"""
        yield f"""CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
                  FOR EACH ROW EXECUTE FUNCTION supervision_refuse()"""


def install(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(
            f"""CREATE FUNCTION supervision_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$"""
        )
    for statement in statements(vendor):
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_frozen ON {table}")
            schema_editor.execute(f"DROP TRIGGER {table}_kept ON {table}")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_frozen")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION supervision_refuse()")


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
