"""Around every request: a name for it, its figures, its line in the log, and a small gate before sign-in."""

from __future__ import annotations

import re
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from structlog.contextvars import bind_contextvars, clear_contextvars

from zhengxiao.surfaces.operation.figures import REQUESTS
from zhengxiao.surfaces.operation.logs import configure
from zhengxiao.surfaces.operation.shedding import SESSIONS

GIVEN = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""A request id that a proxy may give: 32 hexadecimal digits or a UUID; anything else is replaced."""
SIGNED_IN = "X-Signed-In"
"""Tells a proxy in front of several processes whose session may go first (deploy/haproxy.cfg); it takes the header out."""
RETRY_AFTER = 2
"""Seconds after which a refused sign-in is worth another try."""


class RequestMiddleware:
    """Outermost. `request.request_id` stands in the answer, in every log line and on error pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        configure()
        self.log = structlog.stdlib.get_logger("zhengxiao.requests")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            self._tell(request, response.status_code, time.perf_counter() - begun)
            user = getattr(request, "_cached_user", None)  # who signed in, where somebody asked
            if user is not None and user.is_authenticated:
                response[SIGNED_IN] = "1"
                SESSIONS.remember(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))
        finally:
            clear_contextvars()
        return response

    def _tell(self, request: HttpRequest, status: int, seconds: float) -> None:
        """Method, route name and figures: never the address, what was sent, or who it was."""
        route = route_of(request)
        REQUESTS.add(route=route, status=status, seconds=seconds)
        method = request.method if request.method in METHODS else "OTHER"
        self.log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def route_of(request: HttpRequest) -> str:
    """The name of the route, `static` for assets, `none` for addresses that lead nowhere."""
    match = getattr(request, "resolver_match", None)
    if match is not None:
        return match.view_name or "unnamed"
    return "static" if request.path_info.startswith(resolve_static()) else "none"


def resolve_static() -> str:
    return f"/{settings.STATIC_URL.lstrip('/')}"


class SignInGate:
    """Few sign-ins at once per process; the others are told to come back, and everybody else goes on.

    Checking a password takes a quarter of a second of one core on purpose. Without a gate a crowd at the door,
    or somebody who tries passwords, would hold every thread, and people at work would wait behind them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.free = threading.BoundedSemaphore(settings.ZX_SIGN_INS_AT_ONCE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            if getattr(request, "holds_sign_in", False):
                self.free.release()

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if request.method != "POST" or route_of(request) != settings.LOGIN_URL:
            return None
        if not self.free.acquire(blocking=False):
            return _busy(request)
        request.holds_sign_in = True  # type: ignore[attr-defined]
        return None


def _busy(request: HttpRequest) -> HttpResponse:
    context = {"address": resolve_url(settings.LOGIN_URL), "seconds": RETRY_AFTER}
    response = render(request, "operation/busy.html", context, status=429)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response
