"""秒办结: accepted and decided within minutes although the promise is long. Either the promise is padded, or the case was
handled before it was accepted and only entered afterwards."""

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
    """Decided at most `minutes` after acceptance, where `promised_days` working days or more were promised."""
    cases = histories.cases
    with np.errstate(invalid="ignore"):
        quick = cases.decided - cases.accepted <= parameters["minutes"] * MINUTE  # NaT compares false
    found = quick & (cases.promised >= parameters["promised_days"]) & np.isin(cases.result, DECIDED)
    row = np.flatnonzero(found)
    accepted, decided = cases.accepted[row], cases.decided[row]
    evidence = {
        "accepted": accepted,
        "decided": decided,
        "minutes": minutes_between(accepted, decided),
        "promised_days": cases.promised[row],
    }
    return hits_of(cases, row, decided, evidence)


DETECTOR = Detector(
    code="swift",
    label=gettext_noop("秒办结"),
    what=gettext_noop("承诺时限较长的办件，受理后几分钟内即作出决定：时限虚高，或者先办后录。"),
    find=find,
    parameters=(
        Parameter("minutes", gettext_noop("受理后至多"), gettext_noop("分钟"), 30, 1, 480),
        Parameter("promised_days", gettext_noop("承诺时限至少"), gettext_noop("个工作日"), 5, 1, 250),
    ),
    evidence={
        "accepted": Kind.MOMENT,
        "decided": Kind.MOMENT,
        "minutes": Kind.NUMBER,
        "promised_days": Kind.NUMBER,
    },
    template="{accepted} 受理，{decided} 即作出决定，仅 {minutes} 分钟；该事项承诺 {promised_days} 个工作日。",
    source=gettext_noop("优化营商环境条例第三十六条；省级监察规则“登记时间异常”"),
    facts=("cases.decided",),
)
