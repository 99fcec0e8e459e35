"""Everything that goes wrong, as RFC 9457 problem documents with a stable code."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja.errors import ValidationError

from zhengxiao.kernel.metrics.api import UnknownMetric
from zhengxiao.kernel.notices.api import NoticeNotFound
from zhengxiao.kernel.ui.api import refusal_text
from zhengxiao.lib.refusals import NotPermitted, ReadOnly, Refusal, StaleState, gettext_noop

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: gettext_noop("请求有误"),
    401: gettext_noop("需要有效令牌"),
    403: gettext_noop("没有权限"),
    404: gettext_noop("没有找到"),
    405: gettext_noop("不支持的方法"),
    409: gettext_noop("与当前状态冲突"),
    413: gettext_noop("请求过大"),
    415: gettext_noop("不支持的内容类型"),
    422: gettext_noop("内容不能接受"),
    429: gettext_noop("请求过于频繁"),
    500: gettext_noop("系统出错"),
    503: gettext_noop("系统繁忙"),
}
CALL_AGAIN = "1"


class Problem(Refusal):
    """A refusal of the interface itself; each knows its status."""

    status = 400
    headers: dict[str, str] = {}


class BadParameter(Problem):
    template = gettext_noop("参数“{name}”未知、重复或无法识别。")


class BadJson(Problem):
    template = gettext_noop("请求正文不是可接受的 JSON：{why}。")


class BadCursor(Problem):
    template = gettext_noop("翻页标记无效，或不属于这个查询。请从第一页重新开始。")


class IdempotencyKeyMissing(Problem):
    template = gettext_noop("写入请求必须带 Idempotency-Key 头（1 至 200 个可见 ASCII 字符）。")


class TokenNotGood(Problem):
    template = gettext_noop("令牌缺失、无效、已到期或已吊销。")
    status = 401
    headers = {"WWW-Authenticate": 'Bearer realm="zhengxiao"'}


class ScopeMissing(Problem):
    template = gettext_noop("这个客户端没有“{action}”权限范围。")
    status = 403


class NotFound(Problem):
    template = gettext_noop("没有找到这条记录，或您无权查看。")
    status = 404


class MethodNotAllowed(Problem):
    template = gettext_noop("这个地址不支持 {method}。")
    status = 405


class KeyInFlight(Problem):
    template = gettext_noop("同一幂等键的请求正在处理，请稍后用同样内容重试。")
    status = 409
    headers = {"Retry-After": CALL_AGAIN}


class BodyTooLarge(Problem):
    template = gettext_noop("请求正文超过 {most} 字节。")
    status = 413


class ContentTypeUnknown(Problem):
    template = gettext_noop("请求正文应为 {wanted}。")
    status = 415


class KeyReused(Problem):
    template = gettext_noop("这个幂等键已用于另一请求。请换一个新键。")
    status = 422


class TooManyRequests(Problem):
    template = gettext_noop("请求过于频繁，请 {seconds} 秒后再试。")
    status = 429

    def __init__(self, *, seconds: int) -> None:
        super().__init__(seconds=seconds)
        self.headers = {"Retry-After": str(seconds)}


class InternalError(Problem):
    template = gettext_noop("系统出错，已记录。没有写入任何内容。")
    status = 500


class Busy(Problem):
    template = gettext_noop("系统繁忙，没有写入任何内容，请稍后用同样内容重试。")
    status = 503
    headers = {"Retry-After": CALL_AGAIN}


class FieldsNotAccepted(Problem):
    template = gettext_noop("有字段未知、缺失或不符合要求：{names}。")
    status = 422


def status_of(refusal: Refusal) -> int:
    """The status a refusal is answered with."""
    if isinstance(refusal, Problem):
        return refusal.status
    if isinstance(refusal, NotPermitted):
        return 403
    if isinstance(refusal, StaleState):
        return 409
    if isinstance(refusal, ReadOnly):
        return 503
    return 404 if isinstance(refusal, (NoticeNotFound, UnknownMetric)) else 422


def problem_for(error: Exception, request: HttpRequest) -> HttpResponse:
    """Any exception as a problem document; what is not a refusal is logged and told as 500."""
    errors: list[dict[str, str]] = []
    if isinstance(error, ValidationError):
        error, errors = _validation(error.errors)
    elif isinstance(error, Http404):
        error = NotFound()
    elif isinstance(error, RequestDataTooBig):
        error = BodyTooLarge(most=0)
    elif isinstance(error, OperationalError):
        log.warning("database busy: %s", type(error).__name__)
        error = Busy()
    elif not isinstance(error, Refusal):
        log.error("unexpected error in %s", request.path, exc_info=error)
        error = InternalError()
    return problem(error, request, errors)


def problem(refusal: Refusal, request: HttpRequest, errors: Sequence[dict[str, str]] = ()) -> HttpResponse:
    """A refusal as a problem document in the language of the request."""
    status = status_of(refusal)
    told: dict[str, Any] = {
        "type": f"urn:zhengxiao:problem:{refusal.code}",
        "title": gettext(TITLES[status]),
        "status": status,
        "code": refusal.code,
        "detail": refusal_text(refusal),
        "field": refusal.field,
        "instance": request.path,
    }
    if errors:
        told["errors"] = list(errors)
    response = HttpResponse(json.dumps(told, ensure_ascii=False), status=status, content_type=CONTENT_TYPE)
    for name, value in (refusal.headers if isinstance(refusal, Problem) else {}).items():
        response[name] = value
    return response


def _validation(errors: Sequence[Any]) -> tuple[Problem, list[dict[str, str]]]:
    """What the declared schema does not accept: a path that names nothing, a wrong parameter, or wrong fields."""
    places = [(str(row["loc"][0]), [str(part) for part in row["loc"][1:]], str(row["msg"])) for row in errors]
    if any(place == "path" for place, _path, _words in places):
        return NotFound(), []
    rows = [{"field": ".".join(_field(path)), "detail": words} for _place, path, words in places]
    names = [row["field"] for row in rows]
    if all(place == "query" for place, _path, _words in places):
        return BadParameter(field=names[0], name="、".join(names)), rows
    return FieldsNotAccepted(field=names[0], names="、".join(names)), rows


def _field(path: list[str]) -> list[str]:
    """The place inside the body: the framework's own name of the body parameter is not part of it."""
    return path[1:] if len(path) > 1 and path[0] == "body" else path
