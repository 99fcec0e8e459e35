"""Gives every request its moment and its actor, and turns refusals into words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect

from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.ui.answers import message_response, refusal_response, wants_fragment
from zhengxiao.kernel.ui.moment import request_clock
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop

ANONYMOUS = Actor(user_id=None, name=gettext_noop("访客"))
"""Somebody who has not signed in; holds no post."""

PLAIN_WORDS = {
    400: gettext_noop("这个请求无法识别，没有写入任何内容。请刷新页面后再试。"),
    403: gettext_noop("您没有这项操作的权限，或页面停留过久。请刷新页面后再试。"),
    404: gettext_noop("没有找到这条记录，或您无权查看。"),
    500: gettext_noop("系统出错，已记录。没有写入的内容不会丢失，请稍后再试。"),
}


class MomentAndActorMiddleware:
    """`request.moment`: aware now, one per request. `request.actor`: built from the posts in force at that moment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        moment = request_clock().now()
        request.moment = moment  # type: ignore[attr-defined]
        request.actor = SimpleLazyObject(lambda: _actor(request, moment))  # type: ignore[attr-defined]
        return _fitting(request, self.get_response(request))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refusal):
            return refusal_response(request, exception)
        return None


def _actor(request: HttpRequest, at: datetime) -> Actor:
    user = request.user
    return actor_for(user, at=at) if user.is_authenticated else ANONYMOUS


def _fitting(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """For htmx: an expired session reloads at the sign-in page; an error page shrinks to a message."""
    if not wants_fragment(request):
        return response
    target = response.headers.get("Location", "")
    if target.partition("?")[0] == resolve_url(settings.LOGIN_URL):
        return HttpResponseClientRedirect(resolve_url(settings.LOGIN_URL))
    if response.status_code in PLAIN_WORDS and "HX-Retarget" not in response.headers:
        return message_response(request, gettext(PLAIN_WORDS[response.status_code]), response.status_code)
    return response
