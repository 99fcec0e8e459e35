"""The guard every page stands behind."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from zhengxiao.kernel.access.policies import require


class GuardedView(Protocol):
    """A view that says which policy stands before it."""

    access_action: str
    access_public: bool
    access_password_again: bool

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def page(
    action: str = "", *, public: bool = False, password_again: bool = False
) -> Callable[[Callable[..., HttpResponseBase]], GuardedView]:
    """Guard a view: sign-in first, then `require(request.actor, action)`; the policy is noted on the view.

    `public=True` opens the page to everybody. Somebody not signed in is sent to the sign-in page and comes
    back (`next`); an htmx request is told to load that page whole. `password_again` marks a grave step: the door
    asks for the password once more when it was last given some time ago. Raises NotPermitted when the posts do
    not allow it.
    """
    if not action and not public:
        raise RuntimeError("a page that is not public names its action")

    def guard(view: Callable[..., HttpResponseBase]) -> GuardedView:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not public:
                if not request.user.is_authenticated:
                    return _to_sign_in(request)
                require(request.actor, action)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        marked = cast(GuardedView, guarded)
        marked.access_action = action
        marked.access_public = public
        marked.access_password_again = password_again
        return marked

    return guard


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    return to_page_and_back(request, settings.LOGIN_URL)


def to_page_and_back(request: HttpRequest, where: str) -> HttpResponse:
    """Send somebody to a page (a route name) that comes back (`next`) to where this request belongs."""
    address = f"{resolve_url(where)}?{urlencode({'next': _page_to_return_to(request)})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)


def _page_to_return_to(request: HttpRequest) -> str:
    """This page for a plain read; for a fragment or a submission, the page it came from when it is ours."""
    headers = request.headers
    is_fragment = headers.get("HX-Request") == "true" and headers.get("HX-Boosted") != "true"
    if request.method in {"GET", "HEAD"} and not is_fragment:
        return request.get_full_path()
    came_from = headers.get("HX-Current-URL") or headers.get("Referer") or ""
    if url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        parts = urlsplit(came_from)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return "/"
