"""非工作时间决定: decided outside office hours by somebody who did nothing else that day. Who decides at night after a day's
work is diligent; who decides on a day off without any other trace may have lent the account."""

from __future__ import annotations

import numpy as np

from zhengxiao.kernel.calendar.rules import in_session_many, local_days
from zhengxiao.lib.refusals import gettext_noop
from zhengxiao.mechanisms.detection.histories import (
    DECIDED,
    MINUTE,
    NOBODY,
    Histories,
    Hits,
    Ints,
    Mask,
    Moments,
    Parameters,
    hits_of,
)
from zhengxiao.mechanisms.detection.rules import Detector, Kind, Parameter


def outside(histories: Histories, grace: int = 0) -> Ints:
    """Rows of decisions made more than `grace` minutes away from any session of the case's own calendar."""
    cases = histories.cases
    decided = np.isin(cases.result, DECIDED) & ~np.isnat(cases.decided)
    away: Mask = np.zeros(len(cases), dtype=bool)
    for number, table in enumerate(histories.calendars):
        here = np.flatnonzero(decided & (cases.calendar == number))
        at = cases.decided[here]
        inside = in_session_many(table, at)
        if grace:
            inside |= in_session_many(table, at - grace * MINUTE) | in_session_many(
                table, at + grace * MINUTE
            )
        away[here] = ~inside
    return np.flatnonzero(away)


def find(histories: Histories, parameters: Parameters) -> Hits:
    """Of those, where the person who decided has no other trace on that local day.

    What the same person did on other cases decided outside hours that day is no trace: a borrowed account decides in rows.
    """
    cases = histories.cases
    row = outside(histories, parameters["grace"])
    person = histories.decider[row]
    known = person != NOBODY
    row, person = row[known], person[known]
    day = local_days(cases.decided[row], histories.zone)
    busy = _busy(histories, row, person, day)
    row, person, day = row[~busy], person[~busy], day[~busy]
    evidence = {"decided": cases.decided[row], "who": person}
    return hits_of(cases, row, cases.decided[row], evidence)


def _busy(histories: Histories, row: Ints, person: Ints, day: Moments) -> Mask:
    """Whether the person of each row did something that day that is not about one of the cases judged."""
    told = histories.activity
    judged = np.sort(histories.cases.id[row])
    other = ~np.isin(told.subject, judged)
    seen = np.unique(_joined(told.person[other], told.day[other]))
    found: Mask = np.isin(_joined(person, day), seen)
    return found


def _joined(person: Ints, day: Moments) -> Ints:
    joined: Ints = person * 1_000_000 + day.astype("datetime64[D]").astype(np.int64)
    return joined


DETECTOR = Detector(
    code="off_hours",
    label=gettext_noop("非工作时间决定"),
    what=gettext_noop(
        "非工作日或工作时间以外作出决定，而决定人当天没有任何其他办理或登录记录：可能由他人代办。"
    ),
    find=find,
    parameters=(Parameter("grace", gettext_noop("上下班前后宽限"), gettext_noop("分钟"), 60, 0, 240),),
    evidence={"decided": Kind.MOMENT, "who": Kind.WHO},
    template="{who} 于 {decided}（非工作时间）作出决定，当天没有其他办理或登录记录。",
    source=gettext_noop("省级监察规则“办理时间异常”"),
    facts=("cases.decided",),
    needs=frozenset({"decider", "activity"}),
)
