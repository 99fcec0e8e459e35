"""Sign-ins this process saw, by how they ended, for monitoring. They start at zero with the process."""

from __future__ import annotations

import threading
from collections import Counter

RESULTS = ("in", "refused", "locked", "slowed", "second_factor_refused")
_lock = threading.Lock()
_counts: Counter[str] = Counter()


def sign_in_counted(result: str) -> None:
    """Count one of RESULTS."""
    with _lock:
        _counts[result] += 1


def sign_in_counts() -> dict[str, int]:
    """Every result with its number, zeros included."""
    with _lock:
        return {result: _counts[result] for result in RESULTS}
