"""The figures, from constructed populations with known answers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from zhengxiao.kernel.access.testing import SampleOrg
from zhengxiao.kernel.metrics.api import compute, ids, shown
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.mechanisms.disclosures.duties import duties_open
from zhengxiao.mechanisms.disclosures.models import Disclosure, Finding
from zhengxiao.mechanisms.disclosures.testing import at, duty, owed

pytestmark = pytest.mark.django_db
MARCH = {"period_from": date(2026, 3, 1), "period_to": date(2026, 4, 1)}
AFTER = at("2026-04-20")


def rate(name: str, **options: object) -> str:
    asked: dict[str, object] = {**MARCH, "actor": SYSTEM, "as_of": AFTER, **options}
    (figure,) = compute(f"disclosures.{name}", **asked)  # type: ignore[arg-type]
    return shown(figure)


def population(org: SampleOrg, count: int, on_time: int) -> list[Disclosure]:
    """`count` decisions of March, `on_time` of them reported within seven working days, the others the day after."""
    rows = duties_open(
        [owed(org, n, decided_at=at("2026-03-02") + timedelta(minutes=n % 400)) for n in range(count)],
        at=at("2026-03-02", 20),
    )
    keys = [row.pk for row in rows]
    Disclosure.objects.filter(pk__in=keys[:on_time]).update(reported_at=at("2026-03-11", 23, 59))
    Disclosure.objects.filter(pk__in=keys[on_time:]).update(reported_at=at("2026-03-12", 0, 0))
    return rows


def test_96_85_percent_within_seven_days(org: SampleOrg) -> None:
    """The published example: 96.85 % within seven days. 123 of 127 are 96.8503…, by either rounding."""
    population(org, 127, 123)
    assert rate("on_time_rate") == rate("on_time_rate_rounded") == "96.85%"
    assert rate("late_rate") == "3.14%"
    assert rate("missing_rate") == "0.00%"


def test_the_named_rounding_decides_the_second_place(org: SampleOrg) -> None:
    """307 of 317 are 96.845…: cut off 96.84, rounded 96.85; a report that names no rounding cannot be checked."""
    population(org, 317, 307)
    assert rate("on_time_rate") == "96.84%"
    assert rate("on_time_rate_rounded") == "96.85%"


def test_no_decision_is_no_data_and_not_a_hundred_percent(org: SampleOrg) -> None:
    for name in (
        "on_time_rate",
        "late_rate",
        "missing_rate",
        "concealed_rate",
        "error_rate",
        "compliance_rate",
        "takedown_rate",
    ):
        assert rate(name) == "无数据"


def test_each_rate_follows_its_formula(org: SampleOrg) -> None:
    """Ten decisions: 5 on time (one of them rejected once), 2 late, 2 missing (one kept back), 1 lawfully not published."""
    rows = [duty(org, n) for n in range(10)]
    keys = [row.pk for row in rows]
    change = Disclosure.objects.filter
    change(pk__in=keys[:5]).update(reported_at=at("2026-03-05"), state="received")
    change(pk=keys[0]).update(rejected_at=at("2026-03-06"))
    change(pk__in=keys[5:7]).update(reported_at=at("2026-03-20"), state="reported")
    change(pk=keys[9]).update(exempted_at=at("2026-03-05"), ended_at=at("2026-03-05"), state="exempted")
    Finding.objects.create(
        disclosure_id=keys[7],
        ground="检查",
        document_no="示查 1",
        found_at=at("2026-03-25"),
        found_by_name="陈示例",
    )
    assert rate("should") == "9"
    assert rate("on_time_rate") == "55.55%"  # 5 of 9
    assert rate("late_rate") == "28.57%"  # 2 of 7
    assert rate("missing") == "2"
    assert rate("missing_rate") == "22.22%"  # 2 of 9
    assert rate("concealed_rate") == "11.11%"  # 1 of 9
    assert rate("error_rate") == "14.28%"  # 1 of 7
    assert rate("compliance_rate") == "85.71%"  # 6 of 7
    assert rate("compliance_now_rate") == "100.00%"


def test_what_may_still_be_reported_in_time_is_neither_good_nor_bad(org: SampleOrg) -> None:
    duty(org)
    assert rate("on_time_rate", as_of=at("2026-03-11")) == "无数据"
    assert rate("on_time_rate", as_of=at("2026-03-12", 0, 1)) == "0.00%"
    assert rate("missing_rate", as_of=at("2026-03-12", 0, 1)) == "100.00%"


def test_a_number_opens_its_records_by_department_and_month(org: SampleOrg) -> None:
    population(org, 6, 4)
    duty(
        org,
        50,
        day="2026-04-01",
        department_id=org.units["A-HOUSING"].pk,
        unit_id=org.units["A-HOUSING-S1"].pk,
    )
    spring = {"period_from": date(2026, 3, 1), "period_to": date(2026, 5, 1), "actor": SYSTEM, "as_of": AFTER}
    by_department = {
        figure.label: figure for figure in compute("disclosures.on_time_rate", by="department", **spring)
    }
    assert {label: figure.n for label, figure in by_department.items()} == {
        "甲区市场监管局": 6,
        "甲区住建局": 1,
    }
    by_month = {
        figure.key: figure.value for figure in compute("disclosures.on_time_rate", by="month", **spring)
    }
    assert by_month == {"2026-03": Decimal(4) / 6, "2026-04": Decimal(0)}
    behind = ids("disclosures.on_time_rate", part="numerator", by="month", key="2026-03", **spring)
    assert behind.count() == 4


def test_a_figure_counts_what_the_actor_may_see(org: SampleOrg) -> None:
    population(org, 3, 3)
    for who, count in ((Role.DEPARTMENT_HEAD, "3"), (Role.WINDOW_CLERK, "0"), (Role.AUDITOR, "3")):
        assert rate("should", actor=org.actor(who)) == count
    assert rate("should", actor=org.actor("head-housing")) == "0"
