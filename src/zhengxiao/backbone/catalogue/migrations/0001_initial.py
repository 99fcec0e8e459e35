
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orgs', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BasicItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('scheme', models.CharField(default='basic_12', max_length=32)),
                ('name', models.CharField(max_length=1000)),
                ('sub_name', models.CharField(blank=True, max_length=1000)),
                ('task_type', models.CharField(max_length=2)),
                ('levels', models.CharField(blank=True, max_length=7)),
                ('legal_basis', models.TextField(blank=True)),
                ('process_steps', models.JSONField(blank=True, default=list)),
                ('statutory_amount', models.PositiveIntegerField(blank=True, null=True)),
                ('statutory_unit', models.CharField(blank=True, max_length=3)),
                ('statutory_none', models.BooleanField(default=False)),
                ('material_names', models.JSONField(blank=True, default=list)),
                ('form_ref', models.CharField(blank=True, max_length=500)),
                ('edition', models.CharField(blank=True, max_length=64)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('source', models.CharField(blank=True, max_length=255)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='catalogue.basicitem')),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=80, unique=True)),
                ('scheme', models.CharField(max_length=32)),
                ('implementation_code', models.CharField(blank=True, db_index=True, max_length=31)),
                ('handling_serial', models.CharField(blank=True, max_length=8)),
                ('local_catalog_code', models.CharField(blank=True, max_length=50)),
                ('local_task_code', models.CharField(blank=True, max_length=80)),
                ('level', models.CharField(blank=True, max_length=1)),
                ('main_name', models.CharField(blank=True, max_length=500)),
                ('source', models.CharField(blank=True, max_length=255)),
                ('created_at', models.DateTimeField()),
                ('basic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='catalogue.basicitem')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='orgs.region')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='orgs.unit')),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='ItemClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(default='to_claim', max_length=10)),
                ('reason', models.TextField(blank=True)),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('basic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='catalogue.basicitem')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='catalogue.item')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='item_claims', to='orgs.unit')),
            ],
            options={
                'ordering': ['basic_id', 'unit_id'],
            },
        ),
        migrations.CreateModel(
            name='ItemVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(default='draft', max_length=12)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('name', models.CharField(max_length=1000)),
                ('sub_name', models.CharField(blank=True, max_length=1000)),
                ('task_type', models.CharField(max_length=2)),
                ('kind', models.CharField(blank=True, max_length=10)),
                ('legal_basis', models.TextField(blank=True)),
                ('conditions', models.TextField(blank=True)),
                ('process_steps', models.JSONField(blank=True, default=list)),
                ('process_text', models.TextField(blank=True)),
                ('statutory_amount', models.PositiveIntegerField(blank=True, null=True)),
                ('statutory_unit', models.CharField(blank=True, max_length=3)),
                ('statutory_none', models.BooleanField(default=False)),
                ('promised_amount', models.PositiveIntegerField(blank=True, null=True)),
                ('promised_unit', models.CharField(blank=True, max_length=3)),
                ('form_ref', models.CharField(blank=True, max_length=500)),
                ('visits', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('visits_reason', models.TextField(blank=True)),
                ('has_fee', models.BooleanField(blank=True, null=True)),
                ('fee_basis', models.TextField(blank=True)),
                ('fee_standard', models.TextField(blank=True)),
                ('location', models.TextField(blank=True)),
                ('office_hours', models.TextField(blank=True)),
                ('consult_phone', models.CharField(blank=True, max_length=200)),
                ('complaint_phone', models.CharField(blank=True, max_length=200)),
                ('result_name', models.CharField(blank=True, max_length=500)),
                ('service_objects', models.JSONField(blank=True, default=list)),
                ('themes', models.JSONField(blank=True, default=list)),
                ('handle_forms', models.JSONField(blank=True, default=list)),
                ('co_departments', models.TextField(blank=True)),
                ('is_online', models.BooleanField(blank=True, null=True)),
                ('online_url', models.CharField(blank=True, max_length=2000)),
                ('online_depth', models.CharField(blank=True, max_length=20)),
                ('is_nearby', models.BooleanField(blank=True, null=True)),
                ('is_express', models.BooleanField(blank=True, null=True)),
                ('is_bookable', models.BooleanField(blank=True, null=True)),
                ('extra', models.JSONField(blank=True, default=dict)),
                ('warnings', models.JSONField(blank=True, default=list)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('reason', models.TextField(blank=True)),
                ('changed_at', models.DateTimeField()),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('review_note', models.TextField(blank=True)),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='catalogue.item')),
                ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['item_id', 'number'],
            },
        ),
        migrations.CreateModel(
            name='ItemMaterial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=1000)),
                ('necessity', models.CharField(default='required', max_length=12)),
                ('document_kind', models.CharField(blank=True, max_length=40)),
                ('medium', models.CharField(blank=True, max_length=40)),
                ('copies', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('specification', models.CharField(blank=True, max_length=200)),
                ('origin', models.CharField(blank=True, max_length=200)),
                ('legal_basis', models.TextField(blank=True)),
                ('standard', models.TextField(blank=True)),
                ('form_ref', models.CharField(blank=True, max_length=500)),
                ('sample_ref', models.CharField(blank=True, max_length=500)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='materials', to='catalogue.itemversion')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.AddConstraint(
            model_name='basicitem',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='basicitem_validity_in_order'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['unit', 'region'], name='item_unit_region'),
        ),
        migrations.AddConstraint(
            model_name='itemclaim',
            constraint=models.UniqueConstraint(fields=('basic', 'unit'), name='itemclaim_once'),
        ),
        migrations.AddConstraint(
            model_name='itemclaim',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['to_claim', 'claimed', 'declined'])), name='itemclaim_state_known'),
        ),
        migrations.AddConstraint(
            model_name='itemclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='itemclaim_declined_has_reason'),
        ),
        migrations.AddIndex(
            model_name='itemversion',
            index=models.Index(fields=['state', 'valid_from', 'valid_to'], name='itemversion_in_force'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.UniqueConstraint(fields=('item', 'number'), name='itemversion_number_once'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'in_review'))), fields=('item',), name='itemversion_one_draft_per_item'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published'), ('valid_to__isnull', True)), fields=('item',), name='itemversion_one_open_ended_per_item'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_review', 'published', 'retired'])), name='itemversion_state_known'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['', 'instant', 'promised'])), name='itemversion_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'in_review')), ('valid_from__isnull', False), _connector='OR'), name='itemversion_shown_has_valid_from'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='itemversion_validity_in_order'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'instant'), _negated=True), ('promised_amount', 0), _connector='OR'), name='itemversion_instant_promises_nothing'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.CheckConstraint(condition=models.Q(('statutory_none', False), ('statutory_amount__isnull', True), _connector='OR'), name='itemversion_none_has_no_amount'),
        ),
        migrations.AddConstraint(
            model_name='itemmaterial',
            constraint=models.UniqueConstraint(fields=('version', 'position'), name='itemmaterial_position_once'),
        ),
    ]
