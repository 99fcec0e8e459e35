"""Single fields edited in SQL behind the application: every edit is named by table, key and field, and nothing else is.

Sixty edits in CI; `make tamper` makes a thousand (ZX_TAMPER), on the database that ZX_DATABASE_URL names.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, models, transaction

from zhengxiao.backbone.cases.api import Case
from zhengxiao.kernel.files.api import file_keep
from zhengxiao.kernel.files.services import Taken
from zhengxiao.kernel.proof.api import Kind, Report, sequence_all, verify
from zhengxiao.kernel.proof.rows import check_rows
from zhengxiao.kernel.timeline.api import records
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.mechanisms.detection.detectors.swift import find as find_swift
from zhengxiao.mechanisms.detection.loading import histories_of
from zhengxiao.mechanisms.detection.models import Finding, RuleVersion
from zhengxiao.mechanisms.detection.running import findings_write
from zhengxiao.mechanisms.detection.services import outcome_note
from zhengxiao.surfaces.sample.api import city_seed

pytestmark = pytest.mark.long

AT = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
TOGETHER = 10
EDITS = int(os.environ.get("ZX_TAMPER", "60"))
SEED = int(os.environ.get("ZX_TAMPER_SEED", "20260101"))


def other(column: models.Field, value: Any, rng: random.Random) -> Any:
    """Another value that the column could hold."""
    target = column.target_field if isinstance(column, models.ForeignKey) else column
    if column.null and value is not None and rng.random() < 0.3:
        return None
    if isinstance(target, models.BooleanField):
        return not value
    if isinstance(target, models.DateTimeField):
        return (value or AT) + timedelta(microseconds=rng.choice((1, 1_000_000, 86_400_000_000)))
    if isinstance(target, models.DateField):
        return (value or date(2026, 1, 1)) + timedelta(days=1)
    if isinstance(target, models.TimeField):
        return time(23, 59) if value != time(23, 59) else time(23, 58)
    if isinstance(target, models.DecimalField):
        return (value or Decimal(0)) + Decimal("0.0001")
    if isinstance(target, models.FloatField):
        return (value or 0.0) + 0.25
    if isinstance(target, models.UUIDField):
        return UUID(int=value.int ^ 1)
    if isinstance(target, (models.IntegerField, models.AutoField)):
        return (value or 0) + rng.choice((1, 7))
    if isinstance(target, models.JSONField):
        return [*value, "改"] if isinstance(value, list) else {"改": 1}
    longest = target.max_length or 1_000
    return ((value or "") + "改")[-longest:] if value != "改" else "更"


def edit(table: str, name: str, key: int, column: models.Field, value: Any) -> None:
    stored = column.get_db_prep_save(value, connection)
    if isinstance(column, models.JSONField) and not isinstance(stored, (str, type(None))):
        stored = json.dumps(value) if connection.vendor == "sqlite" else stored
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE {table} SET "{name}" = %s WHERE id = %s', [stored, key])  # noqa: S608


EVERY_FIELD = {
    "orgs.Region", "orgs.Unit", "orgs.Post", "files.StoredFile", "disclosures.UpperRecord", "detection.Finding",
    "detection.BackTest",
}  # fmt: skip
Cell = tuple[type[models.Model], int, models.Field]


def candidates(rng: random.Random) -> Iterator[Cell]:
    """Cells of all tables of record, every table as likely as every other."""
    tables = {
        record.model: list(record.model._default_manager.values_list("pk", flat=True))
        for record in records.values()
    }
    aside = {record.model: record.aside for record in records.values()}
    filled = sorted((model for model, keys in tables.items() if keys), key=lambda model: model._meta.label)
    while True:
        model = rng.choice(filled)
        of_record = [
            c for c in model._meta.concrete_fields if not c.primary_key and c.attname not in aside[model]
        ]
        column = rng.choice(of_record)
        yield model, rng.choice(tables[model]), column


def edit_some(cells: Iterator[Cell], rng: random.Random) -> set[tuple[str, str, str]]:
    """Edit the next cells, each in a row of its own; returns (table, key, field) of each."""
    edited: dict[tuple[str, int], tuple[str, str, str]] = {}
    while len(edited) < TOGETHER:
        model, key, column = next(cells)
        table = model._meta.db_table
        if (table, key) in edited:
            continue
        before = model._default_manager.values_list(column.attname, flat=True).get(pk=key)
        try:
            with transaction.atomic():
                edit(table, column.column, key, column, other(column, before, rng))
        except IntegrityError:  # the database's own rules were faster
            continue
        edited[table, key] = (table, str(key), column.attname)
    return set(edited.values())


def every_field(rng: random.Random) -> Iterator[Cell]:
    """Every field of record of the tables in EVERY_FIELD, each in a row of its own where there are enough."""
    for name in sorted(EVERY_FIELD):
        record = records[name]
        keys = list(record.model._default_manager.values_list("pk", flat=True))
        of_record = [c for c in record.model._meta.concrete_fields if not c.primary_key]
        rng.shuffle(keys)
        for place, column in enumerate(of_record):
            yield record.model, keys[place % len(keys)], column


@pytest.fixture
def city(db: None) -> None:
    """The sample city; besides a file handed in, and findings of a rule that counts any decision as hasty."""
    city_seed(size="40", seed=7, with_password=False, at=AT)
    for name in ("申请.pdf", "图纸.pdf"):
        taken = Taken(digest="0" * 64, size=9, media_type="application/pdf", name=name)
        file_keep(taken=taken, actor=SYSTEM, at=AT, subject_kind="case", subject_id=1)
    swift = RuleVersion.objects.get(rule__code="swift", state="active")
    histories = histories_of(Case.objects.all(), frozenset())
    hits = find_swift(histories, {"minutes": 10**6, "promised_days": 1})
    assert findings_write(version=swift, histories=histories, hits=hits, at=AT) > 5
    assert outcome_note(finding_id=Finding.objects.order_by("pk")[0].pk, outcome="lifted", at=AT)
    while sequence_all():
        pass


def test_every_field_of_places_posts_files_answers_findings_and_back_tests_is_named(city: None) -> None:
    rng, named, refused = random.Random(SEED), 0, []  # noqa: S311
    for model, key, column in every_field(rng):
        table, name = model._meta.db_table, column.attname
        before = model._default_manager.values_list(name, flat=True).get(pk=key)
        point = transaction.savepoint()
        try:
            with transaction.atomic():
                edit(table, column.column, key, column, other(column, before, rng))
                report = Report()
                check_rows(report)
        except IntegrityError:
            refused.append(f"{table}.{name}")
            continue
        finally:
            transaction.savepoint_rollback(point)
        assert [(f.kind, f.table, f.key, f.field) for f in report.findings] == [
            (Kind.ROW_CHANGED, table, str(key), name)
        ]
        named += 1
    assert named > 60
    assert len(refused) < 12, refused  # the database's own rules were faster


def test_single_fields_edited_behind_the_application_are_all_named_and_nothing_else_is(city: None) -> None:
    clean = verify(at=AT)
    assert clean.findings == []
    assert clean.rows > 500
    rng, missed, false = random.Random(SEED), [], []  # noqa: S311
    cells = candidates(rng)
    for _ in range(EDITS // TOGETHER):
        point = transaction.savepoint()
        edited = edit_some(cells, rng)
        named = {(found.kind, found.table, found.key, found.field) for found in verify(at=AT).findings}
        transaction.savepoint_rollback(point)
        missed += [cell for cell in edited if cell not in {found[1:] for found in named}]
        # What a cache is made from also shows in the cache; anything else would be a false alarm.
        false += [found for found in named if found[1:] not in edited and found[0] is not Kind.CACHE_CHANGED]
    assert missed == []
    assert false == []
