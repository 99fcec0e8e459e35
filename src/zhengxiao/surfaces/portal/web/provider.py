"""To the OpenID Connect provider and back; without one configured these addresses lead nowhere."""

from __future__ import annotations

import secrets
from types import ModuleType
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.signin.api import has_factor, refused_elsewhere
from zhengxiao.kernel.ui.api import refusal_text
from zhengxiao.lib.refusals import Refusal, gettext_noop
from zhengxiao.surfaces.portal.door import door_now, enter, origin_of, wait_for_factor
from zhengxiao.surfaces.portal.web.views import onward_of, welcome

ASKED = "oidc_asked"
BY_PROVIDER = gettext_noop("统一身份认证")
BY_PROVIDER_AND_FACTOR = gettext_noop("统一身份认证加二次验证")


def _oidc() -> ModuleType:
    """The part that needs the extra `oidc`, where a provider is configured."""
    if not settings.ZX_OIDC_ISSUER:
        raise Http404
    from zhengxiao.surfaces.portal import oidc  # noqa: PLC0415 - the extra may be missing

    return oidc


@page(public=True)
@never_cache
@require_safe
def oidc_go(request: HttpRequest) -> HttpResponse:
    """On to the provider, with what its answer must bring back."""
    oidc = _oidc()
    asked: dict[str, Any] = {
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
    }
    try:
        address = oidc.authorization_address(request, **asked)
    except oidc.FAULTS as error:
        return _turned_away(request, oidc.ProviderFailed(), str(type(error).__name__))
    request.session[ASKED] = {**asked, "next": onward_of(request)}
    return redirect(address)


@page(public=True)
@never_cache
@require_safe
def oidc_back(request: HttpRequest) -> HttpResponse:
    """Back from the provider: an answer to what was asked in this browser, once."""
    oidc = _oidc()
    asked = request.session.pop(ASKED, None)
    state = request.GET.get("state", "")
    if asked is None or not secrets.compare_digest(state.encode(), asked["state"].encode()):
        return _turned_away(request, oidc.ProviderFailed(), "state")
    try:
        user, trusted = oidc.user_of_answer(request, nonce=asked["nonce"], verifier=asked["verifier"])
    except Refusal as refusal:
        return _turned_away(request, refusal, refusal.code)
    if has_factor(user) and not trusted:
        wait_for_factor(request, user, way=BY_PROVIDER_AND_FACTOR, onward=asked["next"])
        return redirect("portal:second")
    enter(request, user, way=BY_PROVIDER, factor=trusted, password=False)
    return welcome(request, redirect(asked["next"]), user)


def _turned_away(request: HttpRequest, refusal: Refusal, why: str) -> HttpResponse:
    refused_elsewhere(why=why, origin=origin_of(request), at=door_now())
    messages.error(request, refusal_text(refusal))
    return redirect(settings.LOGIN_URL)
