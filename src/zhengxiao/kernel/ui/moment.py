"""What time it is, for surfaces only. The one place of a request where the wall clock is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone


class Clock(Protocol):
    """Anything that tells an aware moment."""

    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class WallClock:
    """The machine's clock, moved by `offset` (a training sandbox that lives in another week)."""

    offset: timedelta = timedelta()

    def now(self) -> datetime:
        return timezone.now() + self.offset


@dataclass(frozen=True, slots=True)
class FixedClock:
    """Always the same moment: tests, printed examples."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True)
class FastClock:
    """A clock that runs `speed` times as fast as the wall, from `start` on: the time-compressed sandbox."""

    start: datetime
    speed: float = 1.0
    begun: datetime = field(default_factory=timezone.now)

    def now(self) -> datetime:
        return self.start + (timezone.now() - self.begun) * self.speed


def request_clock() -> Clock:
    """The clock that setting ZX_MOMENT names: absent or None (wall), a timedelta (shifted), an aware datetime
    (fixed), or any object with `now()`.
    """
    chosen = getattr(settings, "ZX_MOMENT", None)
    if chosen is None:
        return WallClock()
    if isinstance(chosen, timedelta):
        return WallClock(chosen)
    if isinstance(chosen, datetime):
        if chosen.tzinfo is None:
            raise ImproperlyConfigured("ZX_MOMENT has no time zone")
        return FixedClock(chosen)
    if hasattr(chosen, "now"):
        clock: Clock = chosen
        return clock
    raise ImproperlyConfigured(f"ZX_MOMENT={chosen!r} is no clock")
