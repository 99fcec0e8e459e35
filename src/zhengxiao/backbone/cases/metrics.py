"""The first five figures of cases, as declarations. Formulas: domain.md §3.4; a case without a target is in no on-time figure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Case as Choice
from django.db.models import F, FloatField, Q, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.rules import DECIDED
from zhengxiao.backbone.catalogue.api import Item
from zhengxiao.kernel.metrics.api import (
    AT_END,
    Count,
    Dimension,
    Direction,
    Kind,
    Metric,
    PeriodEnd,
    Population,
    Sum,
)
from zhengxiao.kernel.orgs.api import region_names, unit_names
from zhengxiao.lib.actors import Actor

WORKDAYS_PER_CALENDAR_DAY = 250 / 365
"""CONFIG (domain.md §2.7): a year is 250 working days, a month 22; limits are compared in working days."""
WORKDAYS_PER_MONTH = 22.0
WORKDAYS_PER_YEAR = 250.0


def _item_codes(keys: Collection[Any]) -> Mapping[Any, str]:
    return dict(Item.objects.filter(pk__in=keys).values_list("pk", "code"))


def _cases(actor: Actor) -> Any:
    return Case.objects.visible_to(actor)


POPULATION = Population(
    name="cases",
    label=_("办件"),
    model=Case,
    base=_cases,
    dimensions=(
        Dimension("region", _("区划"), "region_id", region_names),
        Dimension("department", _("部门"), "department_id", unit_names),
        Dimension("section", _("科室"), "unit_id", unit_names),
        Dimension("item", _("事项"), "item_id", _item_codes),
    ),
)

DECISIONS = Q(result__in=sorted(result.value for result in DECIDED))
HAS_PROMISE = Q(promised_clock__due_at__isnull=False)
IN_TIME = Q(finished_at__lte=F("promised_clock__due_at"))
UNFINISHED_AT_END = Q(accepted_at__lt=PeriodEnd()) & (
    Q(finished_at__isnull=True) | Q(finished_at__gte=PeriodEnd())
)
PAST_DUE_AT_END = UNFINISHED_AT_END & Q(promised_clock__due_at__lt=PeriodEnd())

BOTH_KNOWN = (
    DECISIONS
    & Q(statutory_clock__used__isnull=False, statutory_clock__source_due=False)
    & ~Q(statutory_clock__term_unit__in=["wh", "h"])
)


def _in_workdays(amount: str, *, as_days: bool) -> Choice:
    """A limit (or, `as_days`, the days used of it) in working days, whatever the unit of the clock's term."""
    value = Cast(F(amount), FloatField())
    month = value * (WORKDAYS_PER_CALENDAR_DAY if as_days else WORKDAYS_PER_MONTH)
    year = value * (WORKDAYS_PER_CALENDAR_DAY if as_days else WORKDAYS_PER_YEAR)
    unit = "statutory_clock__term_unit"
    return Choice(
        When(**{unit: "wd"}, then=value),
        When(**{unit: "m"}, then=month),
        When(**{unit: "y"}, then=year),
        When(**{unit: "d"}, then=value * WORKDAYS_PER_CALENDAR_DAY),
        default=Value(0.0),
        output_field=FloatField(),
    )


STATUTORY_DAYS = _in_workdays("statutory_clock__term_amount", as_days=False)
USED_DAYS = _in_workdays("statutory_clock__used", as_days=True)

METRICS = (
    Metric(
        name="cases.accepted",
        label=_("受理量"),
        kind=Kind.COUNT,
        unit=_("件"),
        direction=Direction.NONE,
        source=_("统计期内受理的办件数（受理时间在期内）；需求 C1、D4"),
        population="cases",
        numerator=(Count(),),
        period_field="accepted_at",
    ),
    Metric(
        name="cases.finished",
        label=_("办结量"),
        kind=Kind.COUNT,
        unit=_("件"),
        direction=Direction.UP,
        source=_("统计期内作出准予或不予许可决定的办件数（决定时间在期内）；需求 C1、D4"),
        population="cases",
        numerator=(Count(DECISIONS),),
        period_field="finished_at",
    ),
    Metric(
        name="cases.on_time_rate",
        label=_("按时办结率"),
        kind=Kind.RATIO,
        unit="%",
        direction=Direction.UP,
        source=_("期内办结且不晚于承诺到期时刻的办件 ÷ 期内办结且有承诺时限的办件；无时限的不计入"),
        population="cases",
        numerator=(Count(DECISIONS & HAS_PROMISE & IN_TIME),),
        denominator=(Count(DECISIONS & HAS_PROMISE),),
        period_field="finished_at",
    ),
    Metric(
        name="cases.overdue_rate",
        label=_("超时率"),
        kind=Kind.RATIO,
        unit="%",
        direction=Direction.DOWN,
        source=_("（期内超时办结 + 期末已过期未办结）÷（期内办结 + 期末已过期未办结）；无时限的不计入"),
        population="cases",
        numerator=(
            Count(DECISIONS & HAS_PROMISE & ~IN_TIME),
            Count(PAST_DUE_AT_END, period_field=AT_END),
        ),
        denominator=(
            Count(DECISIONS & HAS_PROMISE),
            Count(PAST_DUE_AT_END, period_field=AT_END),
        ),
        period_field="finished_at",
    ),
    Metric(
        name="cases.statutory_speedup",
        label=_("法定提速率"),
        kind=Kind.SUM_RATIO,
        unit="%",
        direction=Direction.UP,
        source=_("（Σ 法定时限 − Σ 实际用时）÷ Σ 法定时限，期内办结且有法定时限的办件，折算为工作日"),
        population="cases",
        numerator=(Sum(STATUTORY_DAYS - USED_DAYS, BOTH_KNOWN),),
        denominator=(Sum(STATUTORY_DAYS, BOTH_KNOWN),),
        period_field="finished_at",
    ),
)
