"""The windows of due process and the terms of an order, as data. CONFIG marks what a jurisdiction may set otherwise."""

from __future__ import annotations

from zhengxiao.kernel.calendar.rules import Term, Unit
from zhengxiao.kernel.clock.api import RuleSpec
from zhengxiao.lib.refusals import gettext_noop

GROUND = gettext_noop("电子监察办法（本地配置）")

RULES = (
    RuleSpec(
        code="supervision.explain",
        label=gettext_noop("说明期限"),
        kind="card_explanation",
        legal_ground=GROUND,
        policy="remind",
        term=Term(
            5, Unit.WORKDAY
        ),  # CONFIG: Hunan gives 30 working days; the rule version of the cards says how many
    ),
    RuleSpec(
        code="supervision.appeal",
        label=gettext_noop("申诉期限"),
        kind="card_appeal",
        legal_ground=GROUND,
        policy="silent",
        term=Term(5, Unit.WORKDAY),
    ),
    RuleSpec(
        code="supervision.ruling",
        label=gettext_noop("申诉裁定期限"),
        kind="card_ruling",
        legal_ground=GROUND,
        policy="green-yellow-red",
        term=Term(5, Unit.WORKDAY),
    ),
    RuleSpec(
        code="supervision.sign",
        label=gettext_noop("督办签收期限"),
        kind="order_sign",
        legal_ground=GROUND,
        policy="remind",
        term=Term(1, Unit.WORKDAY),
    ),
    RuleSpec(
        code="supervision.handle",
        label=gettext_noop("督办办理期限"),
        kind="order_handling",
        legal_ground=GROUND,
        policy="remind",
    ),
    RuleSpec(
        code="supervision.check",
        label=gettext_noop("督办核查期限"),
        kind="order_check",
        legal_ground=GROUND,
        policy="remind",
        term=Term(5, Unit.WORKDAY),  # CONFIG
    ),
)
ESCALATING = ("order_sign", "order_handling")
"""Clocks of an order whose breach sends the next letter."""
