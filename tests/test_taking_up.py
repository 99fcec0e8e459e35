"""Rows older than the day their table came of record: an upgrade finds them, seals them once, and then they are guarded."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from zhengxiao.kernel.access.testing import sample_org
from zhengxiao.kernel.files.models import StoredFile
from zhengxiao.kernel.orgs.models import Region, Unit
from zhengxiao.kernel.proof import taking_up
from zhengxiao.kernel.proof.api import Kind, rows_take_up, sequence_all, verify
from zhengxiao.kernel.proof.facts import ROW_SEALED, TAKEN_UP
from zhengxiao.kernel.timeline.api import Entry, records

AT = datetime(2026, 3, 26, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
TABLES = {
    "orgs_region", "orgs_unit", "files_storedfile", "disclosures_upperrecord", "detection_finding", "detection_backtest",
}  # fmt: skip


@pytest.fixture
def old_database(db):
    """Two regions, a unit and a file as an installation holds them that was made before their tables were of record."""
    city = Region.objects.create(code="990100000000", name="示例市", level=3, path="/9901/", created_at=AT)
    area = Region.objects.create(
        code="990102000000", name="示例甲区", level=4, parent=city, path="/9901/990102/", created_at=AT
    )
    unit = Unit.objects.create(
        code="A1",
        name="示例局",
        short_name="示例局",
        kind="department",
        region=area,
        path="/A1/",
        created_at=AT,
    )
    Unit.objects.update(department_id=unit.pk)
    file = StoredFile.objects.create(
        digest="0" * 64, size=7, media_type="text/plain", original_name="张示例的申请.txt", uploaded_at=AT
    )
    return city, area, unit, file


def told():
    while sequence_all():
        pass
    return verify(at=AT)


def edit(table, column, value, key):
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE {table} SET "{column}" = %s WHERE id = %s', [value, key])  # noqa: S608


def test_the_tables_that_are_taken_up_are_those_that_came_late():
    assert {record.table for record in records.values() if record.taken_up} == TABLES


def test_what_an_upgrade_finds_is_sealed_once_and_then_guarded(old_database):
    city, _area, unit, file = old_database
    assert told().not_covered == 4
    assert rows_take_up(at=AT) == 4
    assert rows_take_up(at=AT) == 0
    assert Entry.objects.filter(fact=TAKEN_UP).count() == len(TABLES)
    assert Entry.objects.filter(fact=ROW_SEALED).count() == 4
    clean = told()
    assert (clean.findings, clean.not_covered) == ([], 0)
    edit("orgs_region", "name", "别的市", city.pk)
    edit("orgs_unit", "region_id", city.pk, unit.pk)
    edit("files_storedfile", "digest", "1" * 64, file.pk)
    edit("files_storedfile", "original_name", "李示例的申请.txt", file.pk)
    assert {(found.kind, found.table, found.field) for found in told().findings} == {
        (Kind.ROW_CHANGED, "orgs_region", "name"),
        (Kind.ROW_CHANGED, "orgs_unit", "region_id"),
        (Kind.ROW_CHANGED, "files_storedfile", "digest"),
        (Kind.ROW_CHANGED, "files_storedfile", "original_name"),
    }


def test_a_row_put_in_behind_the_application_is_not_taken_up_later(old_database):
    city = old_database[0]
    rows_take_up(at=AT)
    strange = Region.objects.create(
        pk=city.pk - 1 or 9_999, code="990103000000", name="乙区", level=4, parent=city, path="/9901/990103/", created_at=AT
    )  # fmt: skip
    assert rows_take_up(at=AT + timedelta(hours=1)) == 0
    (found,) = told().findings
    assert (found.kind, found.table, found.key) == (Kind.ROW_INSERTED, "orgs_region", str(strange.pk))


def test_the_name_of_a_file_stands_in_no_entry(old_database):
    rows_take_up(at=AT)
    kept = "".join(rows or "" for rows in Entry.objects.values_list("rows", flat=True))
    assert old_database[3].original_name not in kept
    assert '"original_name":{' in kept


def test_many_rows_are_sealed_in_parts_and_a_turn_that_ends_is_gone_on_with(db, monkeypatch):
    Region.objects.bulk_create(
        Region(code=f"99{n:02}00000000", name=f"市{n}", level=3, path=f"/99{n:02}/", created_at=AT)
        for n in range(1, 31)
    )
    monkeypatch.setattr(taking_up, "PART", 4)
    monkeypatch.setattr(taking_up, "PARTS", 3)
    turns = []
    while turns[-1:] != [0]:
        turns.append(rows_take_up(at=AT))
    assert turns == [12, 12, 6, 0]
    clean = told()
    assert (clean.findings, clean.not_covered) == ([], 0)


def test_a_world_that_the_application_made_has_nothing_to_take_up(db):
    with transaction.atomic():
        sample_org()
    before = Entry.objects.filter(rows__isnull=False).count()
    assert rows_take_up(at=AT) == 0
    assert Entry.objects.filter(rows__isnull=False).count() == before
    clean = told()
    assert (clean.findings, clean.not_covered) == ([], 0)
