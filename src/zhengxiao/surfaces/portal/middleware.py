"""Between a session and every page: does it still live, and does its owner owe something first?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from zhengxiao.kernel.access.api import to_page_and_back
from zhengxiao.kernel.identity.api import User, password_is_old
from zhengxiao.kernel.signin.api import DOOR, has_factor, owes_factor, session_is_over
from zhengxiao.lib.actors import Actor, Role
from zhengxiao.lib.refusals import gettext_noop
from zhengxiao.surfaces.portal.door import door_now, leave, origin_of

SEEN_GRAIN = timedelta(minutes=1)
NOT_OURS = ("operation:", "openapi:")
"""Routes that know no session: machines and monitoring."""
ALWAYS = frozenset({"portal:sign-out", "portal:language", "portal:second", "portal:factor"})
WHY = {"idle": gettext_noop("长时间没有操作"), "age": gettext_noop("登录已满一个工作班次")}


class DoorMiddleware:
    """Ends sessions that are idle or too old; sends people to what they owe: second factor, new password, password again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match is not None else ""
        if name.startswith(NOT_OURS) or not isinstance(request.user, User):
            return None
        now = door_now()
        door = _door(request, now)
        if why := _over(door, now):
            leave(request, why=WHY[why])
            words = gettext("因{why}，已自动退出。请重新登录，会回到刚才的页面。")
            messages.info(request, words.format(why=gettext(WHY[why])))
            return None
        _seen(request, door, now)
        where = _owed(request, request.user, view, name, door, now)
        return to_page_and_back(request, where) if where else None


def _door(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """What the session knows of its sign-in; one that was begun elsewhere starts now and has proven nothing more."""
    door: dict[str, Any] | None = request.session.get(DOOR)
    if door is None:
        origin = origin_of(request)
        told = now.isoformat()
        door = {"started": told, "seen": told, "address": origin.address, "browser": origin.browser}
        request.session[DOOR] = door
    return door


def _over(door: dict[str, Any], now: datetime) -> str:
    return session_is_over(
        started_at=datetime.fromisoformat(door["started"]),
        seen_at=datetime.fromisoformat(door["seen"]),
        idle=timedelta(minutes=settings.ZX_SESSION_IDLE_MINUTES),
        longest=timedelta(hours=settings.ZX_SESSION_HOURS),
        now=now,
    )


def _seen(request: HttpRequest, door: dict[str, Any], now: datetime) -> None:
    """Noted once a minute, so that reading pages does not write."""
    grain = min(SEEN_GRAIN, timedelta(minutes=settings.ZX_SESSION_IDLE_MINUTES) / 4)
    if now - datetime.fromisoformat(door["seen"]) >= grain:
        request.session[DOOR] = {**door, "seen": now.isoformat()}


def _owed(request: HttpRequest, user: User, view: Any, name: str, door: dict[str, Any], now: datetime) -> str:
    """The page somebody has to pass before this one; empty when nothing is owed."""
    if name in ALWAYS:
        return ""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if settings.ZX_SECOND_FACTOR_ROLES and not door.get("factor") and owes_factor(actor.roles):
        return "portal:second" if has_factor(user) else "portal:factor"
    if name != "portal:password" and (user.password_must_change or _is_old(request, user, actor)):
        return "portal:password"
    if getattr(view, "access_password_again", False) and _asks_again(user, door, now):
        return "portal:again"
    return ""


def _is_old(request: HttpRequest, user: User, actor: Actor) -> bool:
    at: datetime = request.moment  # type: ignore[attr-defined]
    old = password_is_old(user.password_set_at, days=settings.ZX_PASSWORD_DAYS, at=at)
    return old and bool(actor.roles - {Role.CITIZEN})


def _asks_again(user: User, door: dict[str, Any], now: datetime) -> bool:
    """Whether the password was last given too long ago. Who has none (an outside provider keeps it) is not asked."""
    minutes = settings.ZX_PASSWORD_AGAIN_MINUTES
    if not minutes or not user.has_usable_password():
        return False
    given = door.get("password")
    return given is None or now - datetime.fromisoformat(given) > timedelta(minutes=minutes)
