"""The WSGI application as it is served: the gatehouse before Django, and one database connection per slot.

Threads that wait outnumber those that work many times. A connection belongs to a slot, not to a thread, so a process
never holds more than it has slots.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from zhengxiao.surfaces.operation.figures import REQUESTS
from zhengxiao.surfaces.operation.shedding import RETRY_AFTER, Class, Gatehouse, class_of

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]
BODY = "服务繁忙，请稍后再试。 Busy, please try again.\n".encode()
PROBLEM = (
    b'{"type": "urn:zhengxiao:problem:Overloaded", "title": "Overloaded", "status": 503, "code": "Overloaded",'
    b' "detail": "Too many requests at this moment; nothing was done. Try again."}'
)


class Served:
    """Call it as WSGI. A refused request is answered without Django: no session, no database, no page."""

    def __init__(self, application: Application, gatehouse: Gatehouse) -> None:
        self.application = application
        self.gatehouse = gatehouse
        self._idle: list[Any] = []

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        kind = class_of(environ.get("PATH_INFO", ""), _cookie(environ.get("HTTP_COOKIE", "")))
        if kind is None:
            return self.application(environ, start)
        begun = time.monotonic()
        if not self.gatehouse.enter(kind):
            REQUESTS.add(route=f"refused:{kind.name.lower()}", status=503, seconds=time.monotonic() - begun)
            return _refuse(start, machine=kind is Class.MACHINE)
        return self._work(environ, start, kind)

    def _work(self, environ: dict[str, Any], start: Start, kind: Class) -> Iterable[bytes]:
        """Whole answers are taken in here and closed, so that a reader who goes away holds no slot.

        What is streamed gives its slot back when it begins.
        """
        begun = time.monotonic()
        held = self._take()
        try:
            answer: Any = self.application(environ, start)
            if getattr(answer, "streaming", False):
                return answer  # type: ignore[no-any-return]
            try:
                return [b"".join(answer)]
            finally:
                answer.close()
        finally:
            self._give(held)
            self.gatehouse.leave(kind, time.monotonic() - begun)

    def _take(self) -> Any:
        """A connection of a slot, made ours for as long as we work."""
        for own in connections.all(initialized_only=True):
            own.close()  # a stream that this thread sent may have opened one
        try:
            held = self._idle.pop()
        except IndexError:
            held = connections.create_connection(DEFAULT_DB_ALIAS)
            held.inc_thread_sharing()
        connections[DEFAULT_DB_ALIAS] = held
        return held

    def _give(self, held: Any) -> None:
        del connections[DEFAULT_DB_ALIAS]
        self._idle.append(held)


def _cookie(header: str) -> str:
    if settings.SESSION_COOKIE_NAME not in header:
        return ""
    try:
        found = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _refuse(start: Start, *, machine: bool) -> list[bytes]:
    body = PROBLEM if machine else BODY
    kind = "application/problem+json" if machine else "text/plain; charset=utf-8"
    headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("Retry-After", str(RETRY_AFTER))]
    start("503 Service Unavailable", [*headers, ("Cache-Control", "no-store")])
    return [body]
