"""Getting in, getting out, and the language of the pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from zhengxiao.kernel.access.api import actor_for, page
from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.signin.api import (
    SignInFailed,
    TooFast,
    TooManyFailures,
    factor_check,
    has_factor,
    password_confirm,
    sign_in_check,
)
from zhengxiao.kernel.ui.api import refusal_text
from zhengxiao.lib.refusals import Refusal, gettext_noop
from zhengxiao.surfaces.portal.demo import demo_accounts
from zhengxiao.surfaces.portal.door import (
    PENDING,
    door_now,
    enter,
    leave,
    origin_of,
    proven,
    remember_device,
    wait_for_factor,
    waiting_user,
)
from zhengxiao.surfaces.portal.web.forms import CodeForm, PasswordAgainForm, SignInForm

BY_PASSWORD = gettext_noop("密码")
BY_BOTH = gettext_noop("密码加二次验证")


@page(public=True)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The bare address: to the desk, or to the sign-in page."""
    return redirect(settings.LOGIN_REDIRECT_URL if request.user.is_authenticated else settings.LOGIN_URL)


@page(public=True)
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; a success starts a new session or goes on to the second factor, then on locally."""
    onward = onward_of(request)
    if request.user.is_authenticated and request.method == "GET":
        return redirect(onward)
    accounts = demo_accounts()
    chosen = next((account for account in accounts if account.username == request.GET.get("as")), None)
    form = SignInForm(request.POST if request.method == "POST" else None, sample=chosen)
    status, wait = 200, 0
    if request.method == "POST":
        answer, status, wait = _let_in(request, form, onward)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "accounts": accounts,
        "chosen": chosen,
        "next": request.GET.get("next", ""),
        "provider": bool(settings.ZX_OIDC_ISSUER),
    }
    return told(render(request, "portal/sign_in.html", context, status=status), wait)


def _let_in(request: HttpRequest, form: SignInForm, onward: str) -> tuple[HttpResponse | None, int, int]:
    """The answer of a success; else the status of the page and the seconds until another try makes sense."""
    if not form.is_valid():
        return None, 422, 0
    name = form.cleaned_data["username"]
    try:
        user = sign_in_check(
            username=name,
            password=form.cleaned_data["password"],
            origin=origin_of(request, name),
            at=door_now(),
        )
    except (SignInFailed, TooFast, TooManyFailures) as refusal:
        form.add_error("password", refusal_text(refusal))
        wait = getattr(refusal, "seconds", 0)
        return None, 429 if wait else 422, wait
    if has_factor(user):
        wait_for_factor(request, user, way=BY_BOTH, onward=onward)
        return redirect("portal:second"), 302, 0
    enter(request, user, way=BY_PASSWORD)
    return welcome(request, redirect(onward), user), 302, 0


def welcome(request: HttpRequest, answer: HttpResponse, user: User) -> HttpResponse:
    """Marks that the browser keeps: the device, and the language of the account if none was chosen yet."""
    remember_device(request, answer, user.username)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", httponly=True)
    return answer


@page(public=True)
@never_cache
@sensitive_post_parameters("code")
def second(request: HttpRequest) -> HttpResponse:
    """The second step of signing in, or of a session that owes it."""
    inside = isinstance(request.user, User)
    user: Any = request.user if inside else waiting_user(request)
    if user is None:
        return redirect(settings.LOGIN_URL)
    onward = onward_of(request) if inside else request.session[PENDING]["next"]
    form = CodeForm(request.POST if request.method == "POST" else None)
    status, wait = checked(request, form, user) if request.method == "POST" else (200, 0)
    if status == 302:
        if inside:
            proven(request, "factor")
        else:
            enter(request, user, way=request.session[PENDING]["way"], factor=True)
        return welcome(request, redirect(onward), user)
    context = {"form": form, "next": request.GET.get("next", "")}
    return told(render(request, "portal/second.html", context, status=status), wait)


def checked(request: HttpRequest, form: CodeForm, user: User) -> tuple[int, int]:
    """302 for a right code; else the status of the page and the seconds to wait."""
    if not form.is_valid():
        return 422, 0
    try:
        factor_check(
            user=user,
            code=form.cleaned_data["code"],
            origin=origin_of(request),
            actor=actor_for(user, at=request.moment),  # type: ignore[attr-defined]
            at=door_now(),
        )
    except Refusal as refusal:
        form.add_error("code", refusal_text(refusal))
        wait = getattr(refusal, "seconds", 0)
        return 429 if wait else 422, wait
    return 302, 0


@page("identity.self")
@never_cache
@sensitive_post_parameters("password")
def again(request: HttpRequest) -> HttpResponse:
    """The password once more before a grave step; then back to the page of that step."""
    form = PasswordAgainForm(request.POST if request.method == "POST" else None)
    status, wait = 200, 0
    if request.method == "POST":
        status = 422
        if form.is_valid():
            user: Any = request.user
            try:
                password_confirm(
                    user=user,
                    password=form.cleaned_data["password"],
                    origin=origin_of(request),
                    at=door_now(),
                )
            except Refusal as refusal:
                form.add_error("password", refusal_text(refusal))
                wait = getattr(refusal, "seconds", 0)
                status = 429 if wait else 422
            else:
                proven(request, "password")
                return redirect(onward_of(request))
    context = {"form": form, "next": request.GET.get("next", "") or request.POST.get("next", "")}
    return told(render(request, "portal/again.html", context, status=status), wait)


@page(public=True)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, on the server too."""
    leave(request, why=gettext_noop("本人退出"))
    return redirect(settings.LOGIN_URL)


language = page(public=True)(require_POST(set_language))
"""Sets the language cookie and comes back; Django checks that `next` is local."""


def told(answer: HttpResponse, wait: int) -> HttpResponse:
    """Machines are told how long to wait."""
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def onward_of(request: HttpRequest) -> str:
    """Where to go after signing in: `next` if it stays on this host, else the desk."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    local = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and local else resolve_url(settings.LOGIN_REDIRECT_URL)
