
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='itemversion',
            name='authors',
            field=models.JSONField(blank=True, default=list),
        ),
    ]
