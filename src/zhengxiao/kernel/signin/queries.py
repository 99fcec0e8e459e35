"""Reads of sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.signin.models import Session
from zhengxiao.kernel.signin.rules import browser_name
from zhengxiao.kernel.signin.services import session_mark


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One session as its owner sees it; `mark` names it without telling its key."""

    mark: str
    started_at: datetime | None
    seen_at: datetime | None
    address: str
    browser: str
    is_current: bool


def sessions_of(user: User, *, current: str = "", at: datetime) -> list[OwnSession]:
    """Sessions that have not run out, the current one first, then the latest used."""
    rows = Session.objects.filter(user=user, expire_date__gt=at)
    found = [
        OwnSession(
            session_mark(row.session_key),
            row.started_at,
            row.seen_at,
            row.address,
            browser_name(row.browser),
            row.session_key == current,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (not one.is_current, -(one.seen_at or at).timestamp()))


def sessions_count(user_id: int, *, at: datetime) -> int:
    return Session.objects.filter(user_id=user_id, expire_date__gt=at).count()
