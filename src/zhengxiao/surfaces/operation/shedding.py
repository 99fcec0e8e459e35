"""Who works at once, who waits, and who is told to come back: decided before anything of the request is read.

A process works on as many requests at once as it was given slots. Others wait in line by class: people signed in before
machines, machines before visitors, and every fourth turn goes to the class behind. A line is only as long as what stands
in it can be served within its wait; whoever would wait longer is refused at once with 503 and Retry-After, which costs
next to nothing. What watches the process (health, figures) and its assets never wait.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

FREE = ("/healthz", "/readyz", "/metrics", "/static/")
MACHINES = "/api/"
RETRY_AFTER = 1
"""Seconds after which a refused request is worth another try."""
FAIR = 4
"""Every so many turns the class that waits furthest behind has its turn."""
FIRST_GUESS = 0.02
"""Seconds one request is taken to need before any was measured."""
SMOOTH = 0.1
STAFF_PATIENCE = 10
"""People signed in may wait so many times as long as machines and visitors."""


class Class(IntEnum):
    """In the order in which they are served."""

    STAFF = 0
    MACHINE = 1
    VISITOR = 2


class Sessions:
    """Cookies of sessions that this process has seen signed in. A made-up cookie opens no better line."""

    def __init__(
        self, most: int = 10_000, kept: float = 900.0, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._kept, self._now = most, kept, now
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, cookie: str) -> None:
        with self._lock:
            self._seen[cookie] = self._now()
            self._seen.move_to_end(cookie)
            while len(self._seen) > self._most:
                self._seen.popitem(last=False)

    def knows(self, cookie: str) -> bool:
        with self._lock:
            seen = self._seen.get(cookie)
        return seen is not None and self._now() - seen < self._kept


SESSIONS = Sessions()


def class_of(path: str, cookie: str) -> Class | None:
    """The class of a request by its path and session cookie; None for what never waits."""
    if path.startswith(FREE):
        return None
    if path.startswith(MACHINES):
        return Class.MACHINE
    return Class.STAFF if cookie and SESSIONS.knows(cookie) else Class.VISITOR


@dataclass(slots=True)
class _Line:
    """Those of one class: how many work, who waits, how long one takes (seconds, smoothed), how many were refused."""

    most: int
    patience: float
    room: int
    working: int = 0
    seconds: float = FIRST_GUESS
    refused: int = 0
    waiting: deque[threading.Event] = field(default_factory=deque)


class Gatehouse:
    """The lines of one process. `slots` requests work at once; `patience` is the longest wait in seconds."""

    def __init__(self, slots: int, patience: float) -> None:
        self.slots = slots
        self._free = slots
        self._turns = 0
        self._lock = threading.Lock()
        self._lines = {
            Class.STAFF: _Line(slots, patience * STAFF_PATIENCE, slots * 8),
            Class.MACHINE: _Line(max(1, slots - 1), patience, slots * 4),
            Class.VISITOR: _Line(max(1, slots // 2), patience, slots * 4),
        }

    @property
    def threads(self) -> int:
        """How many threads a server needs so that all may work or wait and somebody is left to refuse and to tell."""
        return self.slots + sum(line.room for line in self._lines.values()) + self.slots * 2

    def enter(self, kind: Class) -> bool:
        """Begin, after a wait if need be; False when the wait would be too long. Whoever entered must `leave`."""
        line = self._lines[kind]
        with self._lock:
            if self._free and line.working < line.most and not line.waiting:
                self._begin(line)
                return True
            if self._too_long(kind, line):
                line.refused += 1
                return False
            turn = threading.Event()
            line.waiting.append(turn)
        turn.wait()
        return True

    def leave(self, kind: Class, seconds: float) -> None:
        """The request that took so long is done; the next in turn begins."""
        line = self._lines[kind]
        with self._lock:
            self._free += 1
            line.working -= 1
            line.seconds += SMOOTH * (seconds - line.seconds)
            while self._free and (following := self._next()) is not None:
                self._begin(following)
                following.waiting.popleft().set()

    def refused(self) -> dict[str, int]:
        """How many of each class were told to come back."""
        with self._lock:
            return {kind.name.lower(): line.refused for kind, line in self._lines.items()}

    def _begin(self, line: _Line) -> None:
        self._free -= 1
        line.working += 1

    def _too_long(self, kind: Class, line: _Line) -> bool:
        """Whether one more would wait longer than its patience behind those who come first."""
        if len(line.waiting) >= line.room:
            return True
        ahead = sum(
            (len(other.waiting) + other.working) * other.seconds
            for rank, other in self._lines.items()
            if rank <= kind
        )
        return ahead / line.most > line.patience

    def _next(self) -> _Line | None:
        """The line whose turn it is: the first that waits and may work, now and then the last."""
        able = [line for line in self._lines.values() if line.waiting and line.working < line.most]
        if not able:
            return None
        self._turns += 1
        return able[-1] if self._turns % FAIR == 0 else able[0]
