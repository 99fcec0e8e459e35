"""超期后停表: a special procedure was begun only after the limit had run out. It excuses nothing then, and hides the red."""

from __future__ import annotations

import numpy as np

from zhengxiao.lib.refusals import gettext_noop
from zhengxiao.mechanisms.detection.histories import Histories, Hits, Parameters, hits_of
from zhengxiao.mechanisms.detection.rules import Detector, Kind, Level, Parameter

HOUR = np.timedelta64(1, "h")


def find(histories: Histories, parameters: Parameters) -> Hits:
    """The first pause of a case that begins after the promised (`limit` = 0) or the statutory limit (1) has passed.

    A pause that begins after the due moment does not move it, so the due moment as it stands is the one that had passed.
    """
    cases, told = histories.cases, histories.pauses
    due_of = cases.statutory_due if parameters["limit"] else cases.promised_due
    order = np.lexsort((told.at, told.row))
    row, at = told.row[order], told.at[order]
    due = due_of[row]
    late = np.flatnonzero(at > due)  # NaT compares false
    _cases, first = np.unique(row[late], return_index=True)
    late = late[first]
    evidence = {"due": due[late], "paused": at[late],
                "hours": ((at[late] - due[late]) // HOUR).astype(np.int64)}  # fmt: skip
    return hits_of(cases, row[late], at[late], evidence)


DETECTOR = Detector(
    code="pause",
    label=gettext_noop("超期后停表"),
    what=gettext_noop("时限已经届满才启动特别程序：停表不能免除已经发生的超期。"),
    find=find,
    parameters=(
        Parameter(
            "limit",
            gettext_noop("对照的时限"),
            "",
            0,
            0,
            1,
            (gettext_noop("承诺时限"), gettext_noop("法定时限")),
        ),
    ),
    evidence={"due": Kind.MOMENT, "paused": Kind.MOMENT, "hours": Kind.NUMBER},
    template="时限 {due} 届满，{paused} 才启动特别程序，已超期 {hours} 小时。",
    source=gettext_noop("行政许可法第四十二条、第四十五条"),
    level=Level.RED,
    facts=("cases.suspended",),
    needs=frozenset({"pauses"}),
)
