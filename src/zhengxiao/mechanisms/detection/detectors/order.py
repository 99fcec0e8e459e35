"""环节倒序: a step was finished before one that the item's own process puts ahead of it."""

from __future__ import annotations

import numpy as np

from zhengxiao.lib.refusals import gettext_noop
from zhengxiao.mechanisms.detection.histories import MINUTE, Histories, Hits, Parameters, hits_of
from zhengxiao.mechanisms.detection.rules import Detector, Kind, Parameter


def find(histories: Histories, parameters: Parameters) -> Hits:
    """The first step of a case that ends `minutes` or more after one that the process puts behind it.

    A step that sent the case back excuses what is done again after it. Steps the process does not name are passed over.
    """
    cases, told = histories.cases, histories.steps
    named = told.rank >= 0
    row, ended, rank, back = told.row[named], told.ended[named], told.rank[named], told.returned[named] != 0
    name = told.name[named]
    order = np.lexsort((ended, row))
    row, ended, rank, back, name = row[order], ended[order], rank[order], back[order], name[order]
    same = row[1:] == row[:-1]
    # Falling ranks side by side are enough: where no pair of neighbours falls, none falls.
    falls = same & (rank[1:] < rank[:-1]) & ~back[:-1]
    falls &= ended[1:] - ended[:-1] >= parameters["minutes"] * MINUTE
    later = np.flatnonzero(falls) + 1
    _cases, first = np.unique(row[later], return_index=True)
    later = later[first]
    evidence = {
        "ahead": name[later - 1],
        "ahead_at": ended[later - 1],
        "step": name[later],
        "step_at": ended[later],
    }
    return hits_of(cases, row[later], ended[later], evidence)


DETECTOR = Detector(
    code="order",
    label=gettext_noop("环节倒序"),
    what=gettext_noop("后一环节先完成，前一环节后补：流程没有按事项公布的顺序办理。退回重办的不算。"),
    find=find,
    parameters=(Parameter("minutes", gettext_noop("相差至少"), gettext_noop("分钟"), 1, 0, 1440),),
    evidence={"ahead": Kind.STEP, "ahead_at": Kind.MOMENT, "step": Kind.STEP, "step_at": Kind.MOMENT},
    template="环节“{ahead}”{ahead_at} 已完成，按流程应在其前的“{step}”{step_at} 才完成。",
    source=gettext_noop("事项办理流程；省级监察规则“环节异常”"),
    facts=("cases.decided", "cases.step_done"),
    needs=frozenset({"steps"}),
)
