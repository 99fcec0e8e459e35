"""The cases behind one number of the page, found again from its address."""

from __future__ import annotations

import numpy as np
from django.http import Http404

from zhengxiao.surfaces.process.rules import Ints, Log, arcs, hand_overs, rework, variants


def cases_behind(log: Log, kind: str, key: str) -> Ints:
    """Ids of the cases of a variant, an arc, a hand-over, a loop or an activity. 404 for what the log does not hold."""
    found: Ints | None = None
    if kind == "all":
        found = log.case
    elif kind == "variant":
        found = next((one.cases for one in variants(log) if one.key == key), None)
    elif kind == "arc":
        found = next((one.cases for one in arcs(log) if f"{one.source}>{one.target}" == key), None)
    elif kind == "hand-over":
        found = next((one.cases for one in hand_overs(log) if f"{one.source}>{one.target}" == key), None)
    elif kind == "rework":
        found = next((one.cases for one in rework(log) if one.activity == key), None)
    elif kind == "activity" and key in log.names:
        has = np.isin(log.activity, [log.names.index(key)])
        found = log.case[np.unique(log.row[has])]
    if found is None:
        raise Http404
    return found
