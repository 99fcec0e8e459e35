"""撤回重报: the same applicant files the same item again soon after a withdrawal, which begins the limit anew."""

from __future__ import annotations

import numpy as np

from zhengxiao.lib.refusals import gettext_noop
from zhengxiao.mechanisms.detection.histories import GIVEN_UP, NOBODY, Histories, Hits, Parameters, hits_of
from zhengxiao.mechanisms.detection.rules import Detector, Kind, Parameter

DAY = np.timedelta64(1, "D")


def find(histories: Histories, parameters: Parameters) -> Hits:
    """Received within `days` after an earlier case of the same applicant and item ended by withdrawal, termination or lapse.

    Of several earlier ones the latest end counts.
    """
    cases = histories.cases
    ended = np.isin(cases.result, GIVEN_UP) & ~np.isnat(cases.finished) & (cases.applicant != NOBODY)
    over = np.flatnonzero(ended)
    asked = np.flatnonzero(cases.applicant != NOBODY)
    # One order of all ends and all receipts per applicant and item: before each receipt stands the latest end.
    row = np.concatenate((over, asked))
    moment = np.concatenate((cases.finished[over], cases.received[asked]))
    is_receipt = np.concatenate((np.zeros(len(over), dtype=np.int64), np.ones(len(asked), dtype=np.int64)))
    order = np.lexsort((is_receipt, moment, cases.item[row], cases.applicant[row]))
    row, moment, is_receipt = row[order], moment[order], is_receipt[order]
    place = np.where(is_receipt == 0, np.arange(len(row)), -1)
    before = np.maximum.accumulate(place) if len(row) else place
    here = np.flatnonzero((is_receipt == 1) & (before >= 0))
    earlier, later = row[before[here]], row[here]
    same = (cases.applicant[earlier] == cases.applicant[later]) & (cases.item[earlier] == cases.item[later])
    same &= earlier != later
    gap = moment[here] - moment[before[here]]
    kept = same & (gap <= parameters["days"] * DAY)
    earlier, later, gap = earlier[kept], later[kept], gap[kept]
    evidence = {
        "earlier": cases.id[earlier],
        "ended": cases.finished[earlier],
        "received": cases.received[later],
        "days": (gap // DAY).astype(np.int64),
    }
    return hits_of(cases, later, cases.received[later], evidence)


DETECTOR = Detector(
    code="refile",
    label=gettext_noop("撤回重报"),
    what=gettext_noop("同一申请人、同一事项撤回后不久重新申报：可能为重置时限。"),
    find=find,
    parameters=(Parameter("days", gettext_noop("撤回后至多"), gettext_noop("天"), 30, 1, 366),),
    evidence={"earlier": Kind.CASE, "ended": Kind.MOMENT, "received": Kind.MOMENT, "days": Kind.NUMBER},
    template="同一申请人、同一事项的办件 {earlier} 于 {ended} 撤回或终止，{received} 又重新申报，相隔 {days} 天。",
    source=gettext_noop("行政许可法第四十二条；防止以撤回重报重置时限"),
    facts=("cases.received", "cases.refiling_noticed"),
    around="applicant",
)
