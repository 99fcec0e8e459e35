"""The figures of supervision, as declarations. Formulas: domain reference 3.4; a lifted card is in none of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.cases.api import DECIDED
from zhengxiao.kernel.metrics.api import AsOf, Count, Dimension, Direction, Kind, Metric, Population, Sum
from zhengxiao.kernel.orgs.api import region_names, unit_names
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.supervision.models import STANDING, Card, Order, carrying
from zhengxiao.mechanisms.supervision.words import LEVEL_NAMES


def _level_names(keys: Collection[Any]) -> Mapping[Any, str]:
    return {key: str(LEVEL_NAMES[key]) for key in keys}


def _cards(actor: Actor) -> Any:
    return Card.objects.visible_to(actor)


def _orders(actor: Actor) -> Any:
    return Order.objects.visible_to(actor)


PLACES = (
    Dimension("region", _("区划"), "region_id", region_names),
    Dimension("department", _("部门"), "department_id", unit_names),
    Dimension("section", _("责任单位"), "unit_id", unit_names),
)
CARDS = Population(
    name="cards",
    label=_("红黄牌"),
    model=Card,
    base=_cards,
    dimensions=(*PLACES, Dimension("level", _("级别"), "level", _level_names)),
)
ORDERS = Population(
    name="supervision_orders", label=_("督办单"), model=Order, base=_orders, dimensions=PLACES
)

FINISHED = Q(result__in=sorted(result.value for result in DECIDED))
COUNTS = Q(state__in=STANDING, highest=True)
"""The gravest card of its matter that stands."""
GONE_OUT = Q(state__in=[*STANDING, "superseded", "lifted"])
"""Cards that were issued, whatever became of them."""


def _rate(level: str, label: Any, source: Any) -> Metric:
    """Finished cases that carry a standing card of a level as their gravest, of all finished cases."""
    return Metric(
        name=f"supervision.{level}_rate",
        label=label,
        kind=Kind.RATIO,
        unit="%",
        direction=Direction.DOWN,
        source=source,
        population="cases",
        numerator=(Count(FINISHED & Q(pk__in=carrying(level))),),
        denominator=(Count(FINISHED),),
        period_field="finished_at",
    )


METRICS = (
    Metric(
        name="supervision.cards",
        label=_("发牌数"),
        kind=Kind.COUNT,
        unit=_("张"),
        direction=Direction.DOWN,
        source=_("法定时刻在期内、未撤销、同一事由中最高的牌；需求 C2"),
        population="cards",
        numerator=(Count(COUNTS),),
        period_field="at",
    ),
    _rate("yellow", _("黄牌率"), _("期内办结且以黄牌为最高牌的办件 ÷ 期内办结的办件；撤销的不计；需求 C2")),
    _rate("red", _("红牌率"), _("期内办结且以红牌为最高牌的办件 ÷ 期内办结的办件；撤销的不计；需求 C2")),
    Metric(
        name="supervision.lifted_share",
        label=_("撤销率"),
        kind=Kind.RATIO,
        unit="%",
        direction=Direction.DOWN,
        source=_("期内发出后被撤销的牌 ÷ 期内发出的牌；未经确认发出的不计；需求 C2"),
        population="cards",
        numerator=(Count(Q(lifted_at__lte=AsOf())),),
        denominator=(Count(GONE_OUT),),
        period_field="at",
    ),
    Metric(
        name="supervision.explanation_days",
        label=_("平均说明用时"),
        kind=Kind.SUM_RATIO,
        unit=_("个工作日"),
        direction=Direction.DOWN,
        source=_("Σ 自发牌至提交说明的工作日 ÷ 期内提交说明的牌；撤销的不计；需求 C2"),
        population="cards",
        numerator=(
            Sum("explanation_clock__used", ~Q(state="lifted") & Q(explanation_clock__used__isnull=False)),
        ),
        denominator=(Count(~Q(state="lifted") & Q(explanation_clock__used__isnull=False)),),
        period_field="explained_at",
    ),
    Metric(
        name="supervision.explained_in_time",
        label=_("按期说明率"),
        kind=Kind.RATIO,
        unit="%",
        direction=Direction.UP,
        source=_("期内按期提交说明的牌 ÷ 期内提交说明的牌；撤销的不计；需求 C2"),
        population="cards",
        numerator=(Count(~Q(state="lifted") & Q(explained_at__lte=F("explanation_clock__due_at"))),),
        denominator=(Count(~Q(state="lifted") & Q(explanation_clock__isnull=False)),),
        period_field="explained_at",
    ),
    Metric(
        name="supervision.orders_in_time",
        label=_("督办按期办结率"),
        kind=Kind.RATIO,
        unit="%",
        direction=Direction.UP,
        source=_("期内办结且从未逾期升级的督办单 ÷ 期内办结的督办单；需求 D3"),
        population="supervision_orders",
        numerator=(Count(Q(state="closed", overdue_steps=0)),),
        denominator=(Count(Q(state="closed")),),
        period_field="closed_at",
    ),
)
