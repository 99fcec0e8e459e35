"""Which hash the history was begun with stands with the tree, from its making on: it is never changed under it."""

from django.conf import settings
from django.db import migrations, models


def begin(apps, schema_editor):
    """An empty history takes the hash that is set; one that has entries was written with SHA-256."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM timeline_entry)")
        begun = bool(cursor.fetchone()[0])
    chosen = "sha256" if begun else settings.HISTORY_HASH
    apps.get_model("proof", "TreeHead").objects.get_or_create(pk=1, defaults={"algorithm": chosen})


class Migration(migrations.Migration):
    dependencies = [("proof", "0004_standstill"), ("timeline", "0003_rows_of_record")]
    operations = [
        migrations.AddField(
            model_name="treehead",
            name="algorithm",
            field=models.CharField(default="sha256", max_length=6, verbose_name="散列算法"),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
