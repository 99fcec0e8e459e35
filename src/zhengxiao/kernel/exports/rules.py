"""When a file needs a second person, and how long an approval holds. No framework."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from zhengxiao.lib.refusals import gettext_noop

LEAST_PURPOSE, MOST_PURPOSE = 6, 200
WAITS_FOR = timedelta(days=7)
"""A request nobody decides on lapses after so long."""
GROWTH = 10
"""Per cent by which a list may have grown between the asking and the fetching."""


class Why(StrEnum):
    """Why a file does not leave at once."""

    PERSONAL = "personal"
    QUOTA = "quota"
    BOTH = "both"


WHY_WORDS = {
    Why.PERSONAL: gettext_noop("含未遮盖的个人信息"),
    Why.QUOTA: gettext_noop("超过每日导出条数"),
    Why.BOTH: gettext_noop("含未遮盖的个人信息，且超过每日导出条数"),
}


def why_second(*, personal: str, rows: int, taken: int, quota: int) -> Why | None:
    """Why this file needs a second person; None when it may leave at once.

    `taken`: rows the person took on this day already; `quota`: rows one person may take in one day (the last row of the
    quota is still within it). PIPL art. 51: handling is limited by rights, and full numbers least of all go out in lists.
    """
    over = taken + rows > quota
    if personal:
        return Why.BOTH if over else Why.PERSONAL
    return Why.QUOTA if over else None


def has_outgrown(*, asked: int, now: int) -> bool:
    """Whether a list holds markedly more than what was approved: more than GROWTH per cent, ten rows being allowed."""
    return now > asked + max(10, asked * GROWTH // 100)


def ends_at(*, asked_at: datetime, usable_until: datetime | None) -> datetime:
    """The last moment of a request: undecided for WAITS_FOR, or approved and not fetched in time, it lapses."""
    return usable_until or asked_at + WAITS_FOR


def is_over(*, at: datetime, asked_at: datetime, usable_until: datetime | None) -> bool:
    """Whether a request has lapsed."""
    return at > ends_at(asked_at=asked_at, usable_until=usable_until)
