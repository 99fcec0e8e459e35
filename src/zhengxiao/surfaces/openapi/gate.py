"""What every call passes before its operation: token, rate, scope, parameters, body, idempotency key."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import IO, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from zhengxiao.kernel.access.api import actor_for, allows, require
from zhengxiao.kernel.exchange.api import MAX_UPLOAD
from zhengxiao.lib.actors import Actor
from zhengxiao.surfaces.openapi import problems
from zhengxiao.surfaces.openapi.keys import key_of, once
from zhengxiao.surfaces.openapi.limits import BUCKETS, JSON_BYTES, json_value, storable
from zhengxiao.surfaces.openapi.models import ApiClient
from zhengxiao.surfaces.openapi.services import token_holder

FEED = "application/octet-stream"
JSON = "application/json"
CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Rules:
    """What one operation asks of a call."""

    actions: tuple[str, ...]
    parameters: frozenset[str]
    body: str | None = None
    """Content type of the body; None without one."""
    writes: bool = False
    told_once: tuple[str, ...] = ()
    """Members of the answer that are kept nowhere."""


@dataclass(slots=True)
class Call:
    """Who calls, as whom, when; and the body as it was read."""

    client: ApiClient
    actor: Actor
    at: datetime
    feed: IO[bytes] | None = None
    json: Any = None

    def feed_given(self) -> IO[bytes]:
        """The uploaded file; the gate has read it for every operation that declares one."""
        if self.feed is None:
            raise RuntimeError("the operation declares no file")
        return self.feed

    def needs(self, action: str) -> None:
        """The action lies within the client's scopes. Raises ScopeMissing."""
        if action not in self.client.scopes:
            raise problems.ScopeMissing(action=action)

    def may(self, action: str) -> bool:
        """Whether scopes and posts both allow the action on anything at all."""
        return action in self.client.scopes and allows(self.actor, action)


def gate(view: Callable[..., HttpResponse], rules: dict[str, Rules]) -> Callable[..., HttpResponse]:
    """Guard a view of the framework. The policy of the route is noted on it, as pages do."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        try:
            response = _answer(request, view, rules, kwargs)
        except Exception as error:
            response = problems.problem_for(error, request)
        finally:
            _close(request)
        if response.status_code == 405:
            response["Allow"] = ", ".join(sorted({*rules, "HEAD"} if "GET" in rules else rules))
        response["Cache-Control"] = "no-store"
        if is_head:
            response.content = b""
        return response

    marked: Any = guarded
    marked.access_action = next(iter(rules.values())).actions[0]
    marked.access_public = False
    marked.csrf_exempt = True
    return guarded


def _answer(
    request: HttpRequest, view: Callable[..., HttpResponse], rules: dict[str, Rules], kwargs: dict[str, Any]
) -> HttpResponse:
    call = _call(request)
    asked = rules.get(request.method or "")
    if asked is None:
        raise problems.MethodNotAllowed(method=request.method)
    for action in asked.actions:
        call.needs(action)
        require(call.actor, action)
    _check_parameters(request, asked, kwargs)
    request.call = call  # type: ignore[attr-defined]
    if not asked.writes:
        _read_body(request, call, asked)
        return view(request, **kwargs)
    key_of(request)
    digest = _read_body(request, call, asked)
    return once(
        client=call.client,
        request=request,
        body_digest=digest,
        run=lambda: view(request, **kwargs),
        at=call.at,
        told_once=asked.told_once,
    )


def _call(request: HttpRequest) -> Call:
    """The caller by its token, with the rights of this very moment. A session opens nothing here."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    at: datetime = request.moment  # type: ignore[attr-defined]
    client = token_holder(text=token.strip(), at=at) if scheme.lower() == "bearer" else None
    if client is None:
        raise problems.TokenNotGood
    BUCKETS.take(client.pk, settings.ZX_API_RATE)
    actor = actor_for(client.user, at=at)
    request.actor = actor  # type: ignore[attr-defined]
    return Call(client, actor, at)


def _check_parameters(request: HttpRequest, asked: Rules, kwargs: dict[str, Any]) -> None:
    for name, values in request.GET.lists():
        if name not in asked.parameters or len(values) != 1 or not storable(values[0]):
            raise problems.BadParameter(field=name, name=name)
    if not all(storable(str(value)) for value in kwargs.values()):
        raise problems.NotFound


def _read_body(request: HttpRequest, call: Call, asked: Rules) -> str:
    """Read the body within its limit and answer its digest."""
    if asked.body is None:
        if request.read(1):
            raise problems.ContentTypeUnknown(wanted="–")
        return ""
    if (request.content_type or "") != asked.body:
        raise problems.ContentTypeUnknown(wanted=asked.body)
    most = JSON_BYTES if asked.body == JSON else MAX_UPLOAD
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        raise problems.BodyTooLarge(most=most)
    digest = hashlib.sha256()
    file = io.BytesIO() if asked.body == JSON else _feed(call)
    _copy(request, file, digest, most)
    if asked.body == JSON:
        request._body = file.read()  # where the framework looks for it
        call.json = json_value(request._body)
    return digest.hexdigest()


def _feed(call: Call) -> IO[bytes]:
    """A place for an uploaded file; the gate closes it after the answer."""
    call.feed = tempfile.SpooledTemporaryFile(max_size=2 << 20)  # noqa: SIM115
    return call.feed


def _copy(request: HttpRequest, file: IO[bytes], digest: Any, most: int) -> None:
    """Read the body, counting and hashing it. Raises BodyTooLarge."""
    read = 0
    while chunk := request.read(CHUNK):
        read += len(chunk)
        if read > most:
            raise problems.BodyTooLarge(most=most)
        digest.update(chunk)
        file.write(chunk)
    file.seek(0)


def _close(request: HttpRequest) -> None:
    call: Call | None = getattr(request, "call", None)
    if call is not None and call.feed is not None:
        call.feed.close()
