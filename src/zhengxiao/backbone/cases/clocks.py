"""The terms of a case with their legal ground, as data. CONFIG marks what a jurisdiction may set otherwise."""

from __future__ import annotations

from zhengxiao.backbone.cases.rules import PROCEDURE_KINDS
from zhengxiao.kernel.calendar.rules import Term, Unit
from zhengxiao.kernel.clock.api import ExtensionRule, PauseGround, RuleSpec
from zhengxiao.lib.refusals import gettext_noop

LICENSING = "行政许可法"

SPECIAL_PROCEDURES = tuple(
    PauseGround(
        code=code,
        label=label,
        law=f"{LICENSING}第四十五条",
        held_by="procedure",
        max_workdays=120,  # CONFIG: the law sets no cap; beyond it the clock runs again by rule
        max_times=2,  # CONFIG
    )
    for code, label in PROCEDURE_KINDS.items()
)

DECISION_EXTENSION = ExtensionRule(law=f"{LICENSING}第四十二条", max_amount=10, max_times=1)

RULES = (
    RuleSpec(
        code="cases.intake",
        label=gettext_noop("受理审查"),
        kind="intake",
        legal_ground=f"{LICENSING}第三十二条",
        policy="green-yellow-red",
        term=Term(5, Unit.WORKDAY),
    ),
    RuleSpec(
        code="cases.promised",
        label=gettext_noop("承诺时限"),
        kind="promised",
        legal_ground=gettext_noop("优化营商环境条例第三十六条"),
        policy="two-limit.promised",
        grounds=SPECIAL_PROCEDURES,
        extension=DECISION_EXTENSION,
    ),
    RuleSpec(
        code="cases.statutory",
        label=gettext_noop("法定时限"),
        kind="statutory",
        legal_ground=f"{LICENSING}第四十二条",
        policy="two-limit.statutory",
        grounds=SPECIAL_PROCEDURES,
        extension=DECISION_EXTENSION,
    ),
    RuleSpec(
        code="cases.stage",
        label=gettext_noop("环节时限"),
        kind="stage",
        legal_ground=gettext_noop("事项办理流程"),
        policy="remind",
        grounds=SPECIAL_PROCEDURES,
    ),
    RuleSpec(
        code="cases.supplement",
        label=gettext_noop("申请人补正"),
        kind="supplement",
        legal_ground=f"{LICENSING}第三十二条",
        policy="remind",
        term=Term(15, Unit.WORKDAY),  # CONFIG: no national period
    ),
    RuleSpec(
        code="cases.procedure",
        label=gettext_noop("特别程序"),
        kind="procedure",
        legal_ground=f"{LICENSING}第四十五条",
        policy="procedure",
    ),
    RuleSpec(
        code="cases.delivery",
        label=gettext_noop("颁发送达"),
        kind="delivery",
        legal_ground=f"{LICENSING}第四十四条",
        policy="green-yellow-red",
        term=Term(10, Unit.WORKDAY),
    ),
)
