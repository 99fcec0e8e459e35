"""月末突击办结: most of a month's decisions of one person or section fall on its last days."""

from __future__ import annotations

import numpy as np

from zhengxiao.kernel.calendar.rules import local_days
from zhengxiao.lib.refusals import gettext_noop
from zhengxiao.mechanisms.detection.histories import DECIDED, NOBODY, Histories, Hits, Parameters
from zhengxiao.mechanisms.detection.rules import Detector, Kind, Parameter


def find(histories: Histories, parameters: Parameters) -> Hits:
    """At least `count` decisions, and `share` per cent of the month's, on the last `days` days of a local month.

    By person (`by` = 0) or by section (1). The case with which the number is reached carries the finding.
    """
    cases = histories.cases
    who = cases.unit if parameters["by"] else cases.handler
    row = np.flatnonzero(np.isin(cases.result, DECIDED) & ~np.isnat(cases.decided) & (who != NOBODY))
    day = local_days(cases.decided[row], histories.zone)
    month = day.astype("datetime64[M]")
    late = (month + 1).astype("datetime64[D]") - day <= np.timedelta64(parameters["days"], "D")
    order = np.lexsort((cases.id[row], cases.decided[row], month, who[row]))
    row, month, late = row[order], month[order], late[order]
    new = (
        np.concatenate(([True], (who[row][1:] != who[row][:-1]) | (month[1:] != month[:-1])))
        if row.size
        else late
    )
    begins = np.flatnonzero(new)
    total = np.diff(np.append(begins, len(row)))
    of_late = np.add.reduceat(late.astype(np.int64), begins) if begins.size else total
    enough = (of_late >= parameters["count"]) & (of_late * 100 >= total * parameters["share"])
    members, carriers = [], []
    for first, number in zip(begins[enough].tolist(), total[enough].tolist(), strict=True):
        inside = np.arange(first, first + number)
        inside = inside[late[inside]]
        members.append(row[inside])
        carriers.append(row[inside[parameters["count"] - 1]])
    carrier = np.array(carriers, dtype=np.int64)
    months = month[begins[enough]].astype(np.int64)
    who_found = who[row[begins[enough]]]
    evidence = {
        "count": of_late[enough].astype(np.int64),
        "total": total[enough].astype(np.int64),
        "month": (months // 12 + 1970) * 100 + months % 12 + 1,
        "days": np.full(len(carrier), parameters["days"], dtype=np.int64),
        "who": who_found,
    }
    order = np.lexsort((cases.id[carrier], cases.decided[carrier])) if len(carrier) else carrier
    key = who_found * 1_000_000 + evidence["month"]
    return Hits(
        carrier[order],
        cases.decided[carrier[order]],
        key[order],
        {name: values[order] for name, values in evidence.items()},
        tuple(members[number] for number in order.tolist()),
    )


DETECTOR = Detector(
    code="month_end",
    label=gettext_noop("月末突击办结"),
    what=gettext_noop("同一人（或同一科室）一个月的决定大多挤在月末几天：平时积压，考核前突击。"),
    find=find,
    parameters=(
        Parameter("days", gettext_noop("月末最后"), gettext_noop("天"), 3, 1, 15),
        Parameter("count", gettext_noop("决定至少"), gettext_noop("件"), 20, 2, 10_000),
        Parameter("share", gettext_noop("占当月至少"), "%", 50, 1, 100),
        Parameter("by", gettext_noop("统计对象"), "", 0, 0, 1, (gettext_noop("个人"), gettext_noop("科室"))),
    ),
    evidence={
        "who": Kind.WHO,
        "month": Kind.MONTH,
        "days": Kind.NUMBER,
        "count": Kind.NUMBER,
        "total": Kind.NUMBER,
    },
    template="{who} 在 {month} 的最后 {days} 天办结 {count} 件，当月共 {total} 件。",
    source=gettext_noop("省级监察规则“集中办结异常”"),
    around="month",
)
