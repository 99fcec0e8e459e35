"""Which decision is handed on. Plain Python."""

from __future__ import annotations

from datetime import datetime, timedelta

GRANTED = "granted"
LICENCE = "01"
"""Item type 行政许可 (GB/T 39046)."""


def is_relayed(*, task_type: str, result: str) -> bool:
    """Only what was granted and has to be supervised afterwards: licences."""
    return result == GRANTED and task_type == LICENCE


FRESH = timedelta(days=30)
"""CONFIG. A decision told of later than this is history: pushing it would only make clocks that ended long ago."""


def is_fresh(*, decided_at: datetime, recorded_at: datetime) -> bool:
    """Whether the decision is told of soon enough to be pushed."""
    return recorded_at - decided_at <= FRESH
