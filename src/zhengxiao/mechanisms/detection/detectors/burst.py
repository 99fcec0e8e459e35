"""短时集中办结: one person decides many cases within minutes, faster than anybody reads them."""

from __future__ import annotations

import numpy as np

from zhengxiao.lib.refusals import gettext_noop
from zhengxiao.mechanisms.detection.histories import DECIDED, MINUTE, NOBODY, Histories, Hits, Parameters
from zhengxiao.mechanisms.detection.rules import Detector, Kind, Parameter


def find(histories: Histories, parameters: Parameters) -> Hits:
    """`count` decisions of one person within `minutes`. Windows that overlap are one burst, told once, with all its cases.

    The decision with which the number is first reached carries the finding.
    """
    cases = histories.cases
    row = np.flatnonzero(
        np.isin(cases.result, DECIDED) & ~np.isnat(cases.decided) & (cases.handler != NOBODY)
    )
    row = row[np.lexsort((cases.id[row], cases.decided[row], cases.handler[row]))]
    who, at = cases.handler[row], cases.decided[row]
    back = parameters["count"] - 1
    # place i closes a window when the decision `back` places before is by the same person and near enough
    closes = np.zeros(len(row), dtype=bool)
    if len(row) > back:
        closes[back:] = (who[back:] == who[: len(row) - back]) & (
            at[back:] - at[: len(row) - back] <= parameters["minutes"] * MINUTE
        )
    ends = np.flatnonzero(closes)
    # Two windows share a decision when the later one begins at or before the end of the earlier.
    fresh = (
        np.concatenate(([True], (ends[1:] - back > ends[:-1]) | (who[ends[1:]] != who[ends[:-1]])))
        if ends.size
        else closes[:0]
    )
    firsts = ends[fresh]
    lasts = ends[np.append(np.flatnonzero(fresh)[1:] - 1, len(ends) - 1)] if ends.size else ends
    members = [
        row[first - back : last + 1] for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)
    ]
    carrier = row[firsts]
    evidence = {
        "who": who[firsts],
        "count": (lasts - firsts + back + 1).astype(np.int64),
        "first": at[firsts - back],
        "last": at[lasts],
    }
    order = np.lexsort((cases.id[carrier], cases.decided[carrier]))
    return Hits(
        carrier[order],
        cases.decided[carrier[order]],
        cases.id[row[firsts - back]][order],
        {name: values[order] for name, values in evidence.items()},
        tuple(members[number] for number in order.tolist()),
    )


DETECTOR = Detector(
    code="burst",
    label=gettext_noop("短时集中办结"),
    what=gettext_noop("同一人几分钟内连续办结多件：来不及逐件审查。"),
    find=find,
    parameters=(
        Parameter("minutes", gettext_noop("任意连续"), gettext_noop("分钟内"), 10, 1, 240),
        Parameter("count", gettext_noop("决定至少"), gettext_noop("件"), 10, 2, 1000),
    ),
    evidence={"who": Kind.WHO, "count": Kind.NUMBER, "first": Kind.MOMENT, "last": Kind.MOMENT},
    template="{who} 在 {first} 至 {last} 之间连续办结 {count} 件。",
    source=gettext_noop("省级监察规则“集中办结异常”"),
    facts=("cases.decided",),
    around="day",
)
