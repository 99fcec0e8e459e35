"""Reactions of cases to facts of others: load, one service call."""

from __future__ import annotations

from zhengxiao.backbone.cases.services import case_deem_accepted
from zhengxiao.kernel.timeline.api import Entry, subscribe


def deem_accepted(entry: Entry) -> None:
    """The intake clock of a case fell due and nobody spoke: accepted by law (行政许可法 art. 32)."""
    if entry.subject_kind != "case" or entry.data.get("clock_kind") != "intake":
        return
    case_deem_accepted(case_id=entry.subject_id, at=entry.recorded_at)


def connect() -> None:
    subscribe("clock.breached", name="cases.deem_accepted", handler=deem_accepted)
