"""先办结后补过程: the decision stands before the steps that should have led to it, or without any."""

from __future__ import annotations

import numpy as np

from zhengxiao.lib.refusals import gettext_noop
from zhengxiao.mechanisms.detection.histories import (
    DECIDED,
    MINUTE,
    Histories,
    Hits,
    Parameters,
    hits_of,
    minutes_between,
)
from zhengxiao.mechanisms.detection.rules import Detector, Kind, Parameter


def find(histories: Histories, parameters: Parameters) -> Hits:
    """Decided more than `minutes` before the last recorded step ended; with `without` = 1 also decided without any step."""
    cases, told = histories.cases, histories.steps
    last = np.full(len(cases), np.datetime64("NaT"), dtype="datetime64[us]")
    count = np.bincount(told.row, minlength=len(cases))
    order = np.argsort(told.ended, kind="stable")
    last[told.row[order]] = told.ended[order]  # the latest is written last
    decided = np.isin(cases.result, DECIDED) & ~np.isnat(cases.decided)
    behind = decided & (last - cases.decided > parameters["minutes"] * MINUTE)
    if parameters["without"]:
        behind |= decided & (count == 0) & (cases.promised > 0)
    row = np.flatnonzero(behind)
    shown = np.where(count[row] == 0, cases.decided[row], last[row])
    evidence = {
        "decided": cases.decided[row],
        "last_step": shown,
        "minutes": minutes_between(cases.decided[row], shown),
        "steps": count[row].astype(np.int64),
    }
    return hits_of(cases, row, cases.decided[row], evidence)


DETECTOR = Detector(
    code="process",
    label=gettext_noop("先办结后补过程"),
    what=gettext_noop("决定早于办理环节完成：先出结果，后补过程。"),
    find=find,
    parameters=(
        Parameter("minutes", gettext_noop("早于最后环节超过"), gettext_noop("分钟"), 10, 0, 1440),
        Parameter(
            "without",
            gettext_noop("没有任何环节记录"),
            "",
            0,
            0,
            1,
            (gettext_noop("不算"), gettext_noop("也算")),
        ),
    ),
    evidence={"decided": Kind.MOMENT, "last_step": Kind.MOMENT, "minutes": Kind.NUMBER, "steps": Kind.NUMBER},
    template="{decided} 已作出决定，最后一个环节 {last_step} 才完成，晚 {minutes} 分钟（共 {steps} 个环节）。",
    source=gettext_noop("省级监察规则“办结早于过程”“无过程信息办结”"),
    facts=("cases.decided", "cases.step_done"),
    needs=frozenset({"steps"}),
)
