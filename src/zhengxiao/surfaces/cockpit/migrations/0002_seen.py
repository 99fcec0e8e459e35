from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("cockpit", "0001_snapshots")]

    operations = [
        migrations.AddField(
            model_name="boardsnapshot",
            name="seen_at",
            field=models.DateTimeField(db_index=True, default=timezone.now),
            preserve_default=False,
        ),
    ]
