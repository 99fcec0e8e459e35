from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from zhengxiao.kernel.orgs import api
from zhengxiao.lib.actors import SYSTEM

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
REGIONS = (
    # Children first: the order of the list does not matter.
    api.NewRegion("990102001000", "示例街道", "990102000000"),
    api.NewRegion("990102000000", "示例甲区", "990100000000"),
    api.NewRegion("990103000000", "示例乙区", "990100000000"),
    api.NewRegion("990100000000", "示例市", "990000000000"),
    api.NewRegion("990000000000", "示例省"),
)


@pytest.fixture
def regions() -> dict[str, api.Region]:
    return api.regions_bulk_create(REGIONS, actor=SYSTEM, at=AT)


def make_unit(code: str, kind: str = "department", region: str = "990102000000", **more: str) -> api.Unit:
    return api.unit_create(
        code=code, name=f"机构{code}", kind=kind, region_code=region, actor=SYSTEM, at=AT, **more
    )


def test_regions_in_any_order_become_a_tree(regions: dict[str, api.Region]) -> None:
    street = regions["990102001000"]
    assert street.path == "/99/9901/990102/990102001/"
    assert [region.name for region in api.region_chain(street)] == [
        "示例省",
        "示例市",
        "示例甲区",
        "示例街道",
    ]
    assert api.region_subtree_ids(regions["990102000000"].pk) == {regions["990102000000"].pk, street.pk}
    assert len(api.region_subtree_ids(regions["990000000000"].pk)) == 5
    assert api.region_subtree_ids(404) == frozenset()


def test_the_nation_stands_above_all() -> None:
    nation = api.region_create(code="000000000000", name="示例国", actor=SYSTEM, at=AT)
    province = api.region_create(
        code="990000000000", name="示例省", parent_code=nation.code, actor=SYSTEM, at=AT
    )
    assert (nation.path, province.path) == ("/", "/99/")
    assert api.region_subtree_ids(nation.pk) == {nation.pk, province.pk}
    assert api.region_chain(province) == (nation, province)


@pytest.mark.parametrize(
    ("code", "more", "refusal"),
    [
        ("9901", {}, api.RegionCodeMalformed),
        ("990104000000", {"level": 3}, api.RegionLevelMismatch),
        ("990102000000", {}, api.RegionCodeTaken),
        ("990104000000", {"parent_code": "990900000000"}, api.RegionUnknown),
        ("990104000000", {"parent_code": "990103000000"}, api.RegionNotBelowParent),
        ("990204000000", {"parent_code": "990100000000"}, api.RegionNotBelowParent),
    ],
)
def test_a_region_is_refused_by_name(
    regions: dict[str, api.Region], code: str, more: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        api.region_create(code=code, name="某区", actor=SYSTEM, at=AT, **more)  # type: ignore[arg-type]
    assert api.Region.objects.count() == 5


def test_a_list_with_one_bad_region_brings_in_none() -> None:
    bad = api.NewRegion("990299000000", "某区", "990100000000")
    with pytest.raises(api.RegionNotBelowParent):
        api.regions_bulk_create([*REGIONS, bad], actor=SYSTEM, at=AT)
    with pytest.raises(api.RegionCodeTaken):
        api.regions_bulk_create([*REGIONS, REGIONS[0]], actor=SYSTEM, at=AT)
    assert not api.Region.objects.exists()


@pytest.mark.parametrize(
    ("code", "level"),
    [("99010200000", 4), ("99010200000X", 4), ("990102000000", 3), ("990102000000", 7), ("099900000000", 3)],
)
def test_the_database_refuses_a_level_that_the_code_does_not_have(code: str, level: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        api.Region.objects.create(code=code, name="某区", level=level, path=f"/{code}/", created_at=AT)


def test_a_department_is_its_own_and_its_parts_belong_to_it(regions: dict[str, api.Region]) -> None:
    bureau = make_unit("BUREAU")
    section = make_unit("BUREAU-S1", "section", parent_code="BUREAU")
    window = make_unit("BUREAU-W1", "window", "990102001000", parent_code="BUREAU-S1")
    branch = make_unit("BRANCH", parent_code="BUREAU")
    assert [api.department_of(unit.pk) for unit in (bureau, section, window)] == [bureau] * 3
    assert api.department_of(branch.pk) == branch
    assert api.unit_subtree_ids(bureau.pk) == {bureau.pk, section.pk, window.pk, branch.pk}
    assert api.unit_subtree_ids(section.pk) == {section.pk, window.pk}
    assert window.path == "/BUREAU/BUREAU-S1/BUREAU-W1/"


def test_a_subtree_does_not_reach_a_neighbour_whose_code_begins_alike(regions: dict[str, api.Region]) -> None:
    first, _second, third = make_unit("A_1"), make_unit("A_10"), make_unit("AX1")
    assert api.unit_subtree_ids(first.pk) == {first.pk}
    assert third.pk not in api.unit_subtree_ids(first.pk)


def test_a_window_in_a_centre_belongs_to_the_department_it_works_for(regions: dict[str, api.Region]) -> None:
    make_unit("CENTRE", "centre", "990100000000")
    bureau = make_unit("BUREAU")
    window = make_unit("WINDOW", "window", parent_code="CENTRE", department_code="BUREAU")
    assert api.department_of(window.pk) == bureau


def test_units_of_a_list_may_come_before_their_parents(regions: dict[str, api.Region]) -> None:
    rows = [
        api.NewUnit("W", "窗口", "window", "990102000000", "C", "D"),
        api.NewUnit("D", "局", "department", "990102000000"),
        api.NewUnit("C", "中心", "centre", "990100000000"),
    ]
    made = api.units_bulk_create(rows, actor=SYSTEM, at=AT)
    assert made["W"].department_id == made["D"].pk
    assert api.Unit.objects.filter(department=None).count() == 0


@pytest.mark.parametrize(
    ("code", "kind", "more", "refusal"),
    [
        ("A B", "department", {}, api.UnitCodeMalformed),
        ("bureau", "department", {}, api.UnitCodeTaken),
        ("NEW", "ministry", {}, api.UnitKindUnknown),
        ("NEW", "section", {}, api.UnitNeedsDepartment),
        ("NEW", "window", {"department_code": "NEW"}, api.UnitNeedsDepartment),
        ("NEW", "window", {"department_code": "BUREAU-S1"}, api.UnitNeedsDepartment),
        ("NEW", "section", {"parent_code": "NOWHERE"}, api.UnitUnknown),
        ("NEW", "department", {"region": "999900000000"}, api.RegionUnknown),
        ("NEW", "section", {"parent_code": "BUREAU", "region": "990103000000"}, api.UnitOutsideParentRegion),
        ("NEW", "department", {"credit_code": "123"}, api.CreditCodeFaulty),
    ],
)
def test_a_unit_is_refused_by_name(
    regions: dict[str, api.Region], code: str, kind: str, more: dict[str, str], refusal: type[Exception]
) -> None:
    make_unit("BUREAU")
    make_unit("BUREAU-S1", "section", parent_code="BUREAU")
    with pytest.raises(refusal):
        make_unit(code, kind, **more)
    assert api.Unit.objects.count() == 2


def test_the_database_refuses_unit_codes_that_differ_by_case_only(regions: dict[str, api.Region]) -> None:
    bureau = make_unit("BUREAU")
    with pytest.raises(IntegrityError), transaction.atomic():
        api.Unit.objects.create(
            code="bureau",
            name="局",
            short_name="局",
            kind="department",
            region=bureau.region,
            path="/x/",
            created_at=AT,
        )


def test_a_section_without_department_is_refused_by_the_database(regions: dict[str, api.Region]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        api.Unit.objects.create(
            code="S",
            name="科",
            short_name="科",
            kind="section",
            region=regions["990102000000"],
            path="/S/",
            created_at=AT,
        )
