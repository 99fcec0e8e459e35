"""The figures of double publicity, as declarations. Formulas: domain reference 5.1; each variant names its rounding."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.metrics.api import AsOf, Count, Dimension, Direction, Kind, Metric, Population, Rounding
from zhengxiao.kernel.orgs.api import region_names, unit_names
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.disclosures.models import Disclosure
from zhengxiao.mechanisms.disclosures.words import KIND_WORDS


def _kind_names(keys: Collection[Any]) -> Mapping[Any, str]:
    return {key: str(KIND_WORDS[key]) for key in keys}


def _disclosures(actor: Actor) -> Any:
    return Disclosure.objects.visible_to(actor)


POPULATION = Population(
    name="disclosures",
    label=_("应公示的行政决定"),
    model=Disclosure,
    base=_disclosures,
    dimensions=(
        Dimension("region", _("区划"), "region_id", region_names),
        Dimension("department", _("部门"), "department_id", unit_names),
        Dimension("kind", _("种类"), "kind", _kind_names),
    ),
)

REPORTED = Q(reported_at__lte=AsOf())
FALLEN_DUE = Q(clock__due_at__lt=AsOf())
FREED = Q(ended_at__isnull=False, ended_at__lte=F("clock__due_at"))
"""The duty fell away before it was due: lawfully not published, or the decision revoked."""
SHOULD = REPORTED | (FALLEN_DUE & ~FREED)
"""应报: reported, or past its seventh working day. What may still be reported in time is neither good nor bad."""
ON_TIME = REPORTED & Q(reported_at__lte=F("clock__due_at"))
LATE = REPORTED & Q(reported_at__gt=F("clock__due_at"))
NOT_YET = Q(reported_at__isnull=True) | Q(reported_at__gt=AsOf())
MISSING = FALLEN_DUE & ~FREED & NOT_YET
REJECTED = Q(rejected_at__isnull=False, rejected_at__lte=AsOf())
CONCEALED = Q(finding__found_at__lte=AsOf()) & (
    Q(finding__lifted_at__isnull=True) | Q(finding__lifted_at__gt=AsOf())
)
REPAIRED = Q(repaired_at__lte=AsOf())
REVOKED = Q(revoked_at__lte=AsOf(), reported_at__isnull=False)

BY_DECISION = _("按决定作出的时间归入统计期；截至取数时刻")
"""All figures ask about the decisions of a period, whenever they were reported."""


def _rate(name: str, label: Any, direction: Direction, source: Any, numerator: Q, denominator: Q) -> Metric:
    return Metric(
        name=f"disclosures.{name}",
        label=label,
        kind=Kind.RATIO,
        unit="%",
        direction=direction,
        source=source,
        population="disclosures",
        numerator=(Count(numerator),),
        denominator=(Count(denominator),),
        period_field="decided_at",
    )


ON_TIME_RATE = _rate(
    "on_time_rate", _("公示及时率"), Direction.UP,
    _("期内决定中，7 个工作日内报送的 ÷ 应报的（已报送，或到期未报且未依法免除）；两位小数截尾"),
    ON_TIME, SHOULD,
)  # fmt: skip

METRICS = (
    Metric(
        name="disclosures.should",
        label=_("应报量"),
        kind=Kind.COUNT,
        unit=_("条"),
        direction=Direction.NONE,
        source=_("期内决定中已报送的，或到期未报且未依法免除的条数"),
        population="disclosures",
        numerator=(Count(SHOULD),),
        period_field="decided_at",
    ),
    Metric(
        name="disclosures.missing",
        label=_("漏报量"),
        kind=Kind.COUNT,
        unit=_("条"),
        direction=Direction.DOWN,
        source=_("期内决定中到期未报且未依法免除的条数"),
        population="disclosures",
        numerator=(Count(MISSING),),
        period_field="decided_at",
    ),
    Metric(
        name="disclosures.repaired",
        label=_("信用修复量"),
        kind=Kind.COUNT,
        unit=_("条"),
        direction=Direction.NONE,
        source=_("期内准予信用修复、因而停止公示的处罚条数；按准予修复的时间归入统计期；信用修复管理办法（2026）"),
        population="disclosures",
        numerator=(Count(REPAIRED),),
        period_field="repaired_at",
    ),
    ON_TIME_RATE,
    replace(
        ON_TIME_RATE,
        name="disclosures.on_time_rate_rounded",
        label=_("公示及时率（四舍五入）"),
        source=_("同公示及时率；两位小数四舍五入，用于与按四舍五入填报的上级报表核对"),
        rounding=Rounding.HALF_UP,
    ),
    _rate(
        "late_rate", _("迟报率"), Direction.DOWN,
        _("期内决定中，超过 7 个工作日才报送的 ÷ 已报送的"), LATE, REPORTED,
    ),
    _rate("missing_rate", _("漏报率"), Direction.DOWN, _("期内决定中，（应报 − 已报）÷ 应报"), MISSING, SHOULD),
    _rate(
        "concealed_rate", _("瞒报率"), Direction.DOWN,
        _("期内决定中，检查认定瞒报的 ÷ 应报的"), CONCEALED & SHOULD, SHOULD,
    ),
    _rate(
        "error_rate", _("错误率"), Direction.DOWN,
        _("期内决定中，被上级平台退回过的 ÷ 已报送的；即 1 − 合规率"), REPORTED & REJECTED, REPORTED,
    ),
    _rate(
        "compliance_rate", _("数据合规率"), Direction.UP,
        _("期内决定中，从未被退回的 ÷ 已报送的"), REPORTED & ~REJECTED, REPORTED,
    ),
    _rate(
        "compliance_now_rate", _("数据合规率（更正后）"), Direction.UP,
        _("期内决定中，当前未处于退回状态的 ÷ 已报送的；更正重报后计为合规"),
        REPORTED & ~Q(state__in=["rejected", "corrected"]), REPORTED,
    ),
    _rate(
        "takedown_rate", _("撤下及时率"), Direction.UP,
        _("期内决定中已公示后失效的，在 3 个工作日内撤下的 ÷ 全部失效的；行政处罚法第四十八条"),
        REVOKED & Q(withdrawn_at__lte=F("takedown_clock__due_at")), REVOKED,
    ),
)  # fmt: skip
