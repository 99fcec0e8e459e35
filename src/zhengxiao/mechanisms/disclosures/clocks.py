"""The terms of double publicity with their ground, as data. CONFIG marks what a jurisdiction may set otherwise."""

from __future__ import annotations

from zhengxiao.kernel.calendar.api import Term, Unit
from zhengxiao.kernel.clock.api import RuleSpec
from zhengxiao.lib.refusals import gettext_noop

PUBLICITY, CORRECTION, TAKEDOWN = "publicity", "correction", "takedown"

RULES = (
    RuleSpec(
        code="disclosures.publicity",
        label=gettext_noop("双公示报送"),
        kind=PUBLICITY,
        legal_ground=gettext_noop("双公示要求：自作出决定之日起 7 个工作日内公示并报送"),
        policy="green-yellow-red",
        term=Term(7, Unit.WORKDAY),
    ),
    RuleSpec(
        code="disclosures.correction",
        label=gettext_noop("更正重报"),
        kind=CORRECTION,
        legal_ground=gettext_noop("双公示数据质量要求：退回或内容变动后更正重报"),
        policy="green-yellow-red",
        term=Term(3, Unit.WORKDAY),  # CONFIG: no national period
    ),
    RuleSpec(
        code="disclosures.takedown",
        label=gettext_noop("撤下公示"),
        kind=TAKEDOWN,
        legal_ground=gettext_noop("行政处罚法第四十八条：决定被撤销、变更等的，3 日内撤回并公开说明理由"),
        policy="green-yellow-red",
        term=Term(3, Unit.WORKDAY),
    ),
)
