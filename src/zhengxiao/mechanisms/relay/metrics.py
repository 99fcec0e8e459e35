"""The figures of the relay, as declarations. Row C15: the claim rate belongs to the score."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.metrics.api import AsOf, Count, Dimension, Direction, Kind, Metric, Population
from zhengxiao.kernel.orgs.api import region_names, unit_names
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.relay.models import Relayed


def _relayed(actor: Actor) -> Any:
    return Relayed.objects.visible_to(actor)


POPULATION = Population(
    name="relay",
    label=_("推送监管的许可"),
    model=Relayed,
    base=_relayed,
    dimensions=(
        Dimension("region", _("区划"), "region_id", region_names),
        Dimension("department", _("监管部门"), "department_id", unit_names),
    ),
)
CLAIMED = Q(claimed_at__lte=AsOf())
CLAIM_DUE = Q(claim_clock__due_at__lt=AsOf())
ANSWERED = Q(answered_at__lte=AsOf())
ANSWER_DUE = Q(answer_clock__due_at__lt=AsOf())


def _rate(name: str, label: Any, source: Any, numerator: Q, denominator: Q) -> Metric:
    return Metric(
        name=f"relay.{name}",
        label=label,
        kind=Kind.RATIO,
        unit="%",
        direction=Direction.UP,
        source=source,
        population="relay",
        numerator=(Count(numerator),),
        denominator=(Count(denominator),),
        period_field="pushed_at",
    )


METRICS = (
    _rate(
        "claim_rate", _("许可信息认领率"),
        _("期内推送的许可中，已认领的 ÷ 已认领或认领到期的（“1+5”）"), CLAIMED, CLAIMED | CLAIM_DUE,
    ),
    _rate(
        "claim_in_time_rate", _("许可信息按时认领率"),
        _("期内推送的许可中，3 个工作日内认领的 ÷ 已认领或认领到期的"),
        CLAIMED & Q(claimed_at__lte=F("claim_clock__due_at")), CLAIMED | CLAIM_DUE,
    ),
    _rate(
        "answer_in_time_rate", _("监管按时反馈率"),
        _("期内推送并认领的许可中，10 个工作日内反馈的 ÷ 已反馈或反馈到期的"),
        ANSWERED & Q(answered_at__lte=F("answer_clock__due_at")), ANSWERED | ANSWER_DUE,
    ),
)  # fmt: skip
