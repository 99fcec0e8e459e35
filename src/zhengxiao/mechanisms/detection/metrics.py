"""Figures of detection: how much is found, and how much of it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.metrics.api import Count, Dimension, Direction, Kind, Metric, Population
from zhengxiao.kernel.orgs.api import region_names, unit_names
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.detection.models import LEVELS, Finding, RuleVersion


def _rules(keys: Collection[Any]) -> Mapping[Any, str]:
    """The name of the newest version of each rule."""
    newest = RuleVersion.objects.filter(rule_id__in=keys).order_by("number").values_list("rule_id", "name")
    return dict(newest)


def _levels(keys: Collection[Any]) -> Mapping[Any, str]:
    return {level: str(label) for level, label in LEVELS}


def _findings(actor: Actor) -> Any:
    """Findings in force; a trial counts nowhere."""
    return Finding.objects.visible_to(actor).filter(mode="active")


POPULATION = Population(
    name="detection_findings",
    label=_("监察发现"),
    model=Finding,
    base=_findings,
    dimensions=(
        Dimension("region", _("区划"), "region_id", region_names),
        Dimension("department", _("部门"), "department_id", unit_names),
        Dimension("rule", _("规则"), "rule_id", _rules),
        Dimension("level", _("级别"), "level", _levels),
    ),
)

METRICS = (
    Metric(
        name="detection.findings",
        label=_("监察发现数"),
        kind=Kind.COUNT,
        unit=_("项"),
        direction=Direction.DOWN,
        source=_("统计期内发生、由已启用的监察规则发现的事项数；需求 C1、C2"),
        population="detection_findings",
        numerator=(Count(),),
        period_field="at",
    ),
    Metric(
        name="detection.precision",
        label=_("监察规则准确率"),
        kind=Kind.RATIO,
        unit="%",
        direction=Direction.UP,
        source=_("（已启用规则的发现数 − 所发牌被撤销的）÷ 已启用规则的发现数；未提出异议的计入分子"),
        population="detection_findings",
        numerator=(Count(~Q(outcome=Finding.Outcome.LIFTED)),),
        denominator=(Count(),),
        period_field="at",
    ),
)
