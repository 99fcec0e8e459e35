
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orgs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=300)),
                ('credit_code', models.CharField(blank=True, max_length=18)),
                ('id_type', models.CharField(blank=True, max_length=20)),
                ('id_sealed', models.TextField(blank=True)),
                ('id_index', models.CharField(blank=True, max_length=64)),
                ('id_masked', models.CharField(blank=True, max_length=60)),
                ('contact_name_sealed', models.TextField(blank=True)),
                ('contact_name_masked', models.CharField(blank=True, max_length=100)),
                ('contact_phone_sealed', models.TextField(blank=True)),
                ('contact_phone_index', models.CharField(blank=True, db_index=True, max_length=64)),
                ('contact_phone_masked', models.CharField(blank=True, max_length=40)),
                ('warnings', models.JSONField(blank=True, default=list)),
                ('created_at', models.DateTimeField()),
                ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='orgs.region')),
            ],
            options={
                'ordering': ['name', 'id'],
                'indexes': [models.Index(fields=['name'], name='party_name')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('credit_code', ''), _negated=True), fields=('credit_code',), name='party_credit_code_once'), models.UniqueConstraint(condition=models.Q(('id_index', ''), _negated=True), fields=('id_type', 'id_index'), name='party_id_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['person', 'enterprise', 'individual_business', 'institution', 'social_org', 'agency', 'other'])), name='party_kind_known')],
            },
        ),
    ]
