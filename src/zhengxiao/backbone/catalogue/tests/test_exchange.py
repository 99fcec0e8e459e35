"""Real item lists come in whole, again without change, and changed as a new version."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from zhengxiao.backbone.catalogue import api
from zhengxiao.backbone.catalogue.models import BasicItem, Item, ItemMaterial, ItemVersion
from zhengxiao.backbone.catalogue.tests.conftest import AT, TODAY
from zhengxiao.kernel.exchange.api import ImportRun, profile_for, run_import, warnings_of
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import SYSTEM

pytestmark = pytest.mark.django_db


def bring_in(path: Path, profile: str, *, days: int = 0, dry_run: bool = False) -> ImportRun:
    at = AT + timedelta(days=days)
    return run_import(
        profile=profile_for(profile, kind="items"), path=path, dry_run=dry_run, actor=SYSTEM, at=at
    )


def counts(run: ImportRun) -> tuple[int, ...]:
    return (run.read, run.accepted, run.updated, run.unchanged, run.rejected)


def test_all_1135_real_district_items_come_in_with_their_faults_as_warnings(shared_data: Path) -> None:
    path = shared_data / "catalogue" / "district_items.csv"
    assert counts(bring_in(path, "district-item-list")) == (1135, 1135, 0, 0, 0)
    assert Item.objects.count() == ItemVersion.objects.in_force(TODAY).count() == 1135
    assert Unit.objects.count() == 34
    warned = [
        {row["code"] for row in found} for found in ItemVersion.objects.values_list("warnings", flat=True)
    ]
    assert sum("credit_code_empty" in row for row in warned) == 146
    assert sum("credit_code" in row for row in warned) == 8
    assert Entry.objects.filter(fact="catalogue.item_imported").count() == 1135


def test_all_238_real_city_items_come_in_with_limits_materials_and_basic_entries(shared_data: Path) -> None:
    path = shared_data / "catalogue" / "city_items.jsonl"
    assert counts(bring_in(path, "city-implementation-list")) == (238, 238, 0, 0, 0)
    assert BasicItem.objects.count() == 130
    assert Unit.objects.count() == 11
    version = ItemVersion.objects.get(item__code="11440100007482620J3440102003001")
    assert (version.statutory_amount, version.statutory_unit) == (180, "wd")
    assert (version.promised_amount, version.promised_unit, version.kind) == (35, "wd", "promised")
    assert version.materials.count() == 13
    assert (version.item.level, version.item.basic.code, version.visits) == ("3", "440102003001", 0)
    assert ItemMaterial.objects.count() > 1000
    assert not ItemVersion.objects.filter(statutory_amount=None).exists()
    found = api.comparisons(api.comparable_versions(SYSTEM, TODAY))
    assert len(found) == 238


def test_a_second_import_of_the_same_file_changes_nothing(shared_data: Path) -> None:
    path = shared_data / "catalogue" / "city_items.jsonl"
    bring_in(path, "city-implementation-list")
    assert counts(bring_in(path, "city-implementation-list", days=3)) == (238, 0, 0, 238, 0)
    assert ItemVersion.objects.count() == 238


def _line(**values: object) -> dict[str, object]:
    return {
        "TASK_CODE": "11440100007482620J3440102003001",
        "CATAID": "440102003001",
        "TASK_TYPE": "01",
        "DEPT_NAME": "示例市教育局",
        "TASK_NAME": "学校设立",
        "handle_time": "20(工作日)",
        "handle_time_limit": "10(工作日)",
        "material_intro": ["申请书；含附件", "章程"],
        **values,
    }


def _file(folder: Path, *lines: dict[str, object]) -> Path:
    path = folder / "items.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


def test_a_changed_row_makes_the_next_version_from_that_day(tmp_path: Path) -> None:
    bring_in(_file(tmp_path, _line()), "city-implementation-list")
    assert counts(
        bring_in(_file(tmp_path, _line(handle_time_limit="5(工作日)")), "city-implementation-list", days=9)
    ) == (
        1,
        0,
        1,
        0,
        0,
    )
    item = Item.objects.get()
    later = TODAY + timedelta(days=9)
    before, after = (
        api.version_in_force(item.pk, later - timedelta(days=1)),
        api.version_in_force(item.pk, later),
    )
    assert before is not None
    assert after is not None
    assert (before.promised_amount, after.promised_amount, after.number) == (10, 5, 2)
    assert [row.name for row in after.materials.all()] == ["申请书；含附件", "章程"]


def test_two_changes_on_one_day_leave_one_version_in_force(tmp_path: Path) -> None:
    for limit in ("10", "9", "8"):
        bring_in(_file(tmp_path, _line(handle_time_limit=f"{limit}(工作日)")), "city-implementation-list")
    (version,) = ItemVersion.objects.in_force(TODAY)
    assert (version.promised_amount, version.number) == (8, 3)


def test_an_unusable_row_is_refused_with_every_reason_and_the_others_come_in(tmp_path: Path) -> None:
    path = _file(
        tmp_path, _line(), _line(TASK_CODE="11440100007482620J3440102003002", TASK_NAME="", DEPT_NAME="")
    )
    run = bring_in(path, "city-implementation-list")
    assert counts(run) == (2, 1, 0, 0, 1)


def test_a_limit_nobody_can_read_is_a_warning_and_its_words_are_kept(tmp_path: Path) -> None:
    run = bring_in(_file(tmp_path, _line(handle_time_limit="视情况")), "city-implementation-list")
    version = ItemVersion.objects.get()
    assert version.extra == {"promised": "视情况"}
    assert run.accepted == 1
    assert warnings_of(run)


def test_a_dry_run_keeps_nothing(tmp_path: Path) -> None:
    run = bring_in(_file(tmp_path, _line()), "city-implementation-list", dry_run=True)
    assert run.accepted == 1
    assert not Item.objects.exists()
    assert not Unit.objects.exists()
