"""While a standstill is on, no entry is taken, except those that say who came in and went out to look."""

from django.db import migrations, models

READ_ONLY = "zhengxiao is read only"
SIGN_IN = (
    "'identity.signed_in', 'identity.signed_out', 'identity.sign_in_refused', 'identity.locked', "
    "'identity.second_factor_refused', 'identity.recovery_code_used'"
)
SQLITE = (
    "DROP TRIGGER IF EXISTS proof_entry_waits",
    f"""CREATE TRIGGER proof_entry_waits AFTER INSERT ON timeline_entry
        BEGIN SELECT RAISE(ABORT, '{READ_ONLY}') FROM proof_standstill WHERE NEW.fact NOT IN ({SIGN_IN});
        INSERT INTO proof_pendingleaf (entry_id, leaf) VALUES (NEW.id, NEW.leaf); END""",
)
POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION proof_entry_waits() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF EXISTS (SELECT 1 FROM proof_standstill)
             AND EXISTS (SELECT 1 FROM fresh WHERE fact NOT IN ({SIGN_IN})) THEN
            RAISE EXCEPTION '{READ_ONLY}' USING ERRCODE = 'restrict_violation';
          END IF;
          INSERT INTO proof_pendingleaf (entry_id, leaf) SELECT id, leaf FROM fresh; RETURN NULL;
        END $$""",
)


def install(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("proof", "0003_marks_of_rows")]
    operations = [
        migrations.CreateModel(
            name="Standstill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.BigIntegerField(verbose_name="本库大小")),
                ("outside", models.BigIntegerField(verbose_name="外部大小")),
                ("kept", models.BigIntegerField(verbose_name="相同部分")),
                ("root", models.CharField(blank=True, max_length=64, verbose_name="外部树根")),
                ("unreadable", models.CharField(blank=True, max_length=300, verbose_name="无法读取")),
                ("since", models.DateTimeField(verbose_name="开始时间")),
            ],
            options={
                "verbose_name": "只读状态",
                "verbose_name_plural": "只读状态",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="proof_one_standstill")
                ],
            },
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
