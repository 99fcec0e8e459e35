"""Request figures of this process: how many, how long, by route name and class of status.

They live in memory and start at zero with the process; a scrape tells those of the process that answered it.
Route names are the product's own (`cases:case`), never addresses, so the number of series is bounded.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from dataclasses import dataclass, field

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends of the duration buckets in seconds; one more bucket holds what took longer."""


@dataclass(slots=True)
class Histogram:
    """Durations of one kind of request: requests per bucket and their sum in seconds."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    @property
    def count(self) -> int:
        return sum(self.buckets)

    def add(self, seconds: float) -> None:
        """`seconds` falls into the first bucket whose upper end it does not exceed."""
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds

    def cumulative(self) -> list[int]:
        """Requests at or below each bound, and last all of them."""
        running, sums = 0, []
        for number in self.buckets:
            running += number
            sums.append(running)
        return sums


class RequestFigures:
    """Counted by any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_key: dict[tuple[str, str], Histogram] = {}

    def add(self, *, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        key = (route, f"{status // 100}xx")
        with self._lock:
            self._by_key.setdefault(key, Histogram()).add(max(0.0, seconds))

    def snapshot(self) -> list[tuple[str, str, Histogram]]:
        """(route, class of status, durations), in the order of the names; a copy that stands still."""
        with self._lock:
            return [
                (route, status, Histogram(list(one.buckets), one.total))
                for (route, status), one in sorted(self._by_key.items())
            ]

    def clear(self) -> None:
        with self._lock:
            self._by_key.clear()


REQUESTS = RequestFigures()
"""Of this process."""
