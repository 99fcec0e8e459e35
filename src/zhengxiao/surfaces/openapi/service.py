"""The interface object and how an operation is declared on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from zhengxiao.lib.refusals import Refusal
from zhengxiao.surfaces.openapi.gate import FEED, JSON
from zhengxiao.surfaces.openapi.problems import problem_for

DESCRIPTION = """Clocks, records and figures of government service for machines.

Every operation but this document needs a bearer token; `x-scopes` names what the token's client must hold, and the posts
of the user it acts for must allow the same. Writing operations need the header Idempotency-Key. See docs/api.md."""


class ReadAlready(Parser):
    """Bodies are read and judged at the gate (depth, doubled names, size); here they are only handed on."""

    def parse_body(self, request: HttpRequest) -> Any:
        return request.call.json  # type: ignore[attr-defined]


api = NinjaAPI(
    title="政效 Zhengxiao",
    version="1",
    description=DESCRIPTION,
    openapi_url=None,
    docs_url=None,
    urls_namespace="openapi",
    parser=ReadAlready(),
)


def _told(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_for(error, request)


for kind in (Exception, Refusal, ValidationError, HttpError):
    api.add_exception_handler(kind, _told)


def read(path: str, name: str, *actions: str, response: Any, tag: str) -> Callable[[Any], Any]:
    """A GET operation."""
    extra = {"x-scopes": list(actions)}
    return api.get(path, response=response, url_name=name, tags=[tag], openapi_extra=extra, by_alias=True)


def download(path: str, name: str, *actions: str, tag: str) -> Callable[[Any], Any]:
    """A GET operation that answers the bytes of a file."""
    binary = {FEED: {"schema": {"type": "string", "format": "binary"}}}
    extra: dict[str, Any] = {"x-scopes": list(actions)}
    extra["responses"] = {"200": {"description": "the file", "content": binary}}
    return api.get(path, url_name=name, tags=[tag], openapi_extra=extra)


def ask(
    path: str, name: str, *actions: str, response: Any, tag: str, body: str | None = JSON
) -> Callable[[Any], Any]:
    """A POST operation that only computes, or whose answer must not be kept: each call counts for itself."""
    extra: dict[str, Any] = {"x-scopes": list(actions), "x-writes": False}
    if body is not None:
        extra["x-body"] = body
    return api.post(path, response=response, url_name=name, tags=[tag], openapi_extra=extra)


def write(
    path: str,
    name: str,
    *actions: str,
    response: Any,
    tag: str,
    body: str | None = JSON,
    told_once: Sequence[str] = (),
) -> Callable[[Any], Any]:
    """A POST operation with an effect: it needs an idempotency key.

    `told_once`: members of the answer that are secrets. The answer kept under the key holds null in their place.
    """
    extra: dict[str, Any] = {"x-scopes": list(actions), "x-writes": True}
    if told_once:
        extra["x-told-once"] = list(told_once)
    if body is not None:
        extra["x-body"] = body
    if body == FEED:
        binary = {"schema": {"type": "string", "format": "binary"}}
        extra["requestBody"] = {"required": True, "content": {FEED: binary}}
    return api.post(path, response=response, url_name=name, tags=[tag], openapi_extra=extra)
