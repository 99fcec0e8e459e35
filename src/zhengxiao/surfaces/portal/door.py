"""What the door knows of a request: its real time, where it comes from, and what its session has proven.

The door keeps the wall clock, also in a sandbox that lives in another week: locks, sessions and telephones run by it.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.signin.api import (
    DOOR,
    Origin,
    account_digest,
    caller_address,
    sessions_trim,
    signed_in,
    signed_out,
)
from zhengxiao.kernel.ui.api import WallClock

DEVICE_COOKIE = "zx_device"
DEVICE_SALT = "zhengxiao.device"
DEVICE_DAYS = 90
ACCOUNTS_PER_DEVICE = 8
PENDING = "pending_sign_in"
PENDING_LIFE = timedelta(minutes=5)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def door_now() -> datetime:
    return WallClock().now()


def origin_of(request: HttpRequest, username: str = "") -> Origin:
    """The caller's address as trusted proxies tell it, and the browser's mark for this account if it has one."""
    address = caller_address(
        str(request.META.get("REMOTE_ADDR", "")),
        str(request.META.get("HTTP_X_FORWARDED_FOR", "")),
        settings.ZX_TRUSTED_PROXIES,
    )
    device = _devices(request).get(account_digest(username)[:16], "") if username else ""
    return Origin(address, device, request.headers.get("User-Agent", "")[:200])


def _devices(request: HttpRequest) -> dict[str, str]:
    """Accounts that came in through this browser before, by digest; empty for a cookie nobody here signed."""
    try:
        found = signing.loads(
            request.COOKIES.get(DEVICE_COOKIE, ""), salt=DEVICE_SALT, max_age=timedelta(days=DEVICE_DAYS)
        )
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def remember_device(request: HttpRequest, answer: HttpResponse, username: str) -> None:
    """Mark this browser as one the account came in through: strangers who guess do not slow it down."""
    digest = account_digest(username)[:16]
    devices = {key: mark for key, mark in _devices(request).items() if key != digest}
    kept = dict(list(devices.items())[-(ACCOUNTS_PER_DEVICE - 1) :])
    kept[digest] = _devices(request).get(digest) or secrets.token_hex(12)
    answer.set_cookie(
        DEVICE_COOKIE,
        signing.dumps(kept, salt=DEVICE_SALT),
        max_age=timedelta(days=DEVICE_DAYS),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def enter(request: HttpRequest, user: User, *, way: str, factor: bool = False, password: bool = True) -> None:
    """Begin a session under a new id; at most as many at once as the setting says."""
    now = door_now()
    origin = origin_of(request)
    with transaction.atomic():
        request.session.pop(PENDING, None)
        login(request, user, backend=BACKEND)
        request.session.cycle_key()  # Django keeps the id when the same person signs in again
        told = now.isoformat()
        request.session[DOOR] = {
            "started": told,
            "seen": told,
            "password": told if password else None,
            "factor": told if factor else None,
            "address": origin.address,
            "browser": origin.browser,
            "way": way,
        }
        request.session.save()
        signed_in(user=user, way=way, origin=origin, at=now)
        if settings.ZX_SESSIONS_AT_ONCE:
            sessions_trim(
                user=user,
                keep=settings.ZX_SESSIONS_AT_ONCE,
                current=request.session.session_key or "",
                actor=actor_for(user, at=now),
                at=now,
            )


def leave(request: HttpRequest, *, why: str) -> None:
    """End the session here and on the server; put it on record."""
    user = request.user
    with transaction.atomic():
        if isinstance(user, User):
            signed_out(user=user, why=why, at=door_now())
        logout(request)


def wait_for_factor(request: HttpRequest, user: User, *, way: str, onward: str) -> None:
    """The password was right; nothing is open until the second factor is, too."""
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "proof": user.get_session_auth_hash(),
        "at": door_now().isoformat(),
        "way": way,
        "next": onward,
    }


def waiting_user(request: HttpRequest) -> User | None:
    """Who gave the right password in this session less than five minutes ago, if it is still right."""
    pending: dict[str, Any] | None = request.session.get(PENDING)
    if pending is None or door_now() - datetime.fromisoformat(pending["at"]) > PENDING_LIFE:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    return user if user is not None and user.get_session_auth_hash() == pending["proof"] else None


def proven(request: HttpRequest, what: str) -> None:
    """Note in the session that the person proved the password or the factor just now."""
    door = dict(request.session.get(DOOR) or {})
    door[what] = door_now().isoformat()
    request.session[DOOR] = door
