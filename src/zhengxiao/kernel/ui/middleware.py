"""Gives every request its moment and its actor, and turns refusals into words."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.ui.answers import message_response, refusal_response, wants_fragment
from zhengxiao.kernel.ui.moment import request_clock
from zhengxiao.lib.refusals import Refusal, gettext_noop

PLAIN_WORDS = {
    400: gettext_noop("这个请求无法识别，没有写入任何内容。请刷新页面后再试。"),
    403: gettext_noop("您没有这项操作的权限，或页面停留过久。请刷新页面后再试。"),
    404: gettext_noop("没有找到这条记录，或您无权查看。"),
    500: gettext_noop("系统出错，已记录。没有写入的内容不会丢失，请稍后再试。"),
}


class MomentAndActorMiddleware:
    """`request.moment`: aware now, one per request. `request.actor`: built from the posts in force at that
    moment.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        moment = request_clock().now()
        request.moment = moment  # type: ignore[attr-defined]
        request.actor = SimpleLazyObject(lambda: actor_for(request.user, at=moment))  # type: ignore[attr-defined]
        return _fitting(request, self.get_response(request))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refusal):
            return refusal_response(request, exception)
        return None


def _fitting(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """For htmx, an error page shrinks to a message beside the work that is still on the screen."""
    if not wants_fragment(request):
        return response
    if response.status_code in PLAIN_WORDS and "HX-Retarget" not in response.headers:
        return message_response(request, gettext(PLAIN_WORDS[response.status_code]), response.status_code)
    return response
