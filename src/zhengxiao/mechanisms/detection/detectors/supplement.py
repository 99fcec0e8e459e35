"""二次补正: the applicant is asked a second time for papers, or asked after acceptance. The law allows one notice that names
everything, before acceptance (行政许可法 art. 32)."""

from __future__ import annotations

import numpy as np

from zhengxiao.lib.refusals import gettext_noop
from zhengxiao.mechanisms.detection.histories import Histories, Hits, Parameters, hits_of
from zhengxiao.mechanisms.detection.rules import Detector, Kind, Level, Parameter


def find(histories: Histories, parameters: Parameters) -> Hits:
    """The request after the `allowed` ones; only the first such request of a case is a finding."""
    cases, told = histories.cases, histories.requests
    order = np.lexsort((told.at, told.row))
    row, at = told.row[order], told.at[order]
    # The place of each request within its case: requests stand together, so count from where the case begins.
    begins = (
        np.flatnonzero(np.concatenate(([True], row[1:] != row[:-1])))
        if row.size
        else np.zeros(0, dtype=np.int64)
    )
    number = np.arange(len(row)) - np.repeat(begins, np.diff(np.append(begins, len(row))))
    chosen = np.flatnonzero(number == parameters["allowed"])
    previous = at[chosen - 1] if chosen.size else at[:0]
    evidence = {"first": at[chosen - number[chosen]], "previous": previous, "again": at[chosen],
                "times": number[chosen] + 1}  # fmt: skip
    return hits_of(cases, row[chosen], at[chosen], evidence)


DETECTOR = Detector(
    code="supplement",
    label=gettext_noop("二次补正"),
    what=gettext_noop("一次性告知补正之后又要求补正：法律只许一次告知全部内容。"),
    find=find,
    parameters=(Parameter("allowed", gettext_noop("允许告知"), gettext_noop("次"), 1, 1, 5),),
    evidence={"first": Kind.MOMENT, "previous": Kind.MOMENT, "again": Kind.MOMENT, "times": Kind.NUMBER},
    template="{first} 已一次性告知补正，{again} 又要求补正，为第 {times} 次。",
    source=gettext_noop("行政许可法第三十二条第一款第四项"),
    level=Level.RED,
    facts=("cases.supplement_asked",),
    needs=frozenset({"requests"}),
)
