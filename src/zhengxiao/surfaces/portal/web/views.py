"""Getting in, getting out, and the language of the pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.identity.api import User
from zhengxiao.surfaces.portal.demo import demo_accounts
from zhengxiao.surfaces.portal.web.forms import SignInForm


@page(public=True)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The bare address: to the desk, or to the sign-in page."""
    return redirect(settings.LOGIN_REDIRECT_URL if request.user.is_authenticated else settings.LOGIN_URL)


@page(public=True)
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; a success starts a new session (Django's `login` changes its key) and goes on
    locally.
    """
    onward = _onward(request)
    if request.user.is_authenticated and request.method == "GET":
        return redirect(onward)
    accounts = demo_accounts()
    chosen = next((account for account in accounts if account.username == request.GET.get("as")), None)
    form = SignInForm(request.POST if request.method == "POST" else None, request=request, sample=chosen)
    if request.method == "POST" and form.is_valid() and form.user is not None:
        login(request, form.user)
        return _in_own_language(request, redirect(onward), form.user)
    context = {"form": form, "accounts": accounts, "chosen": chosen, "next": request.GET.get("next", "")}
    return render(request, "portal/sign_in.html", context, status=422 if form.errors else 200)


@page(public=True)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGIN_URL)


language = page(public=True)(require_POST(set_language))
"""Sets the language cookie and comes back; Django checks that `next` is local."""


def _onward(request: HttpRequest) -> str:
    """Where to go after signing in: `next` if it stays on this host, else the desk."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    local = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and local else resolve_url(settings.LOGIN_REDIRECT_URL)


def _in_own_language(request: HttpRequest, answer: HttpResponse, user: User) -> HttpResponse:
    """Who has not chosen a language in this browser gets the language of the account."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", httponly=True)
    return answer
