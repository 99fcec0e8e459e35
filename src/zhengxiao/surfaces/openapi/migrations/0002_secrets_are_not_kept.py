"""Answers kept before held the signing secrets of push targets in plain text, for up to 96 hours."""

import json

from django.db import migrations
from django.db.models import Q


def forget_secrets(apps, schema_editor):
    kept = apps.get_model('openapi', 'IdempotencyKey').objects.filter(
        Q(target__endswith='/webhooks') | Q(target__endswith='/rotate-secret'), body__contains='"secret"'
    )
    for row in kept.iterator():
        row.body = json.dumps(json.loads(row.body) | {'secret': None}, ensure_ascii=False)
        row.save(update_fields=['body'])


class Migration(migrations.Migration):
    dependencies = [('openapi', '0001_initial')]

    operations = [migrations.RunPython(forget_secrets, migrations.RunPython.noop, elidable=True)]
