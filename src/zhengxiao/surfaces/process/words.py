"""Working time in words: days of the office's length, hours below a day."""

from __future__ import annotations

from django.utils.translation import gettext as _

HOUR = 3_600_000_000
DAY = 7 * HOUR
"""CONFIG: a working day of the national sessions (9:00–12:00, 13:30–17:30)."""


def length(microseconds: float) -> str:
    """“2.5 天”, “3.2 小时”, “12 分钟” of working time."""
    if microseconds >= DAY:
        return _("{n} 天").format(n=f"{microseconds / DAY:.1f}")
    if microseconds >= HOUR:
        return _("{n} 小时").format(n=f"{microseconds / HOUR:.1f}")
    return _("{n} 分钟").format(n=round(microseconds / 60_000_000))
