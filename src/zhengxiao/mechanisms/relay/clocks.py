"""The terms of the relay, as data. CONFIG: no national term was found; a region revises them with `zx rules`."""

from __future__ import annotations

from zhengxiao.kernel.calendar.api import Term, Unit
from zhengxiao.kernel.clock.api import RuleSpec
from zhengxiao.lib.refusals import gettext_noop

CLAIM, ANSWER = "relay.claim", "relay.answer"
GROUND = gettext_noop("审管联动要求：许可信息推送监管部门，监管部门按期认领并反馈")

RULES = (
    RuleSpec(CLAIM, gettext_noop("监管认领"), "claim", GROUND, "green-yellow-red", Term(3, Unit.WORKDAY)),
    RuleSpec(ANSWER, gettext_noop("监管反馈"), "answer", GROUND, "green-yellow-red", Term(10, Unit.WORKDAY)),
)
