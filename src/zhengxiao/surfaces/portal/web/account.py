"""One's own account: password, second factor, sessions."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.identity.api import PasswordWrong, User
from zhengxiao.kernel.orgs.api import local_day, posts_of
from zhengxiao.kernel.signin.api import (
    factor_address,
    factor_begin,
    factor_confirm,
    has_factor,
    owes_factor,
    own_password_change,
    own_session_end,
    own_sessions_end,
    password_confirm,
    recovery_codes_left,
    recovery_codes_make,
    sessions_of,
)
from zhengxiao.kernel.ui.api import ROLE_LABELS, refusal_text
from zhengxiao.lib.actors import Actor, Role
from zhengxiao.lib.refusals import Refusal
from zhengxiao.surfaces.portal.door import door_now, origin_of, proven
from zhengxiao.surfaces.portal.web.forms import CodeForm, PasswordChangeForm
from zhengxiao.surfaces.portal.web.views import onward_of, told


class Request(HttpRequest):
    """A request of somebody signed in."""

    user: User
    actor: Actor
    moment: Any


@page("identity.self")
@never_cache
@require_safe
def account(request: Request) -> HttpResponse:
    """Who one is here, and what stands between oneself and a stranger."""
    posts = posts_of(request.user.pk, local_day(request.moment))
    context = {
        "posts": [(str(ROLE_LABELS[Role(post.role)]), post.unit.short_name, post.valid_to) for post in posts],
        "has_factor": has_factor(request.user),
        "owes_factor": owes_factor(request.actor.roles),
        "codes_left": recovery_codes_left(request.user),
        "has_password": request.user.has_usable_password(),
        "sessions": sessions_of(request.user, current=request.session.session_key or "", at=door_now()),
    }
    return render(request, "portal/account.html", context)


@page("identity.self")
@never_cache
@sensitive_post_parameters()
def password(request: Request) -> HttpResponse:
    """Change one's own password; all other sessions end."""
    form = PasswordChangeForm(request.POST if request.method == "POST" else None)
    wait = 0
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, form.cleaned_data)
        except Refusal as refusal:
            field = refusal.field if refusal.field in form.fields else "old_password"
            form.add_error(field, refusal_text(refusal))
            wait = getattr(refusal, "seconds", 0)
        else:
            messages.success(request, gettext("密码已修改，其他地方的登录已全部退出。"))
            return redirect(onward_of(request) if "next" in request.GET else "portal:account")
    context = {
        "form": form,
        "must_change": request.user.password_must_change,
        "next": request.GET.get("next", ""),
    }
    status = (429 if wait else 422) if form.errors else 200
    return told(render(request, "portal/password.html", context, status=status), wait)


def _change(request: Request, data: dict[str, Any]) -> None:
    """The old password is asked through the door, so that guessing it here is counted as anywhere."""
    try:
        password_confirm(
            user=request.user, password=data["old_password"], origin=origin_of(request), at=door_now()
        )
    except Refusal as refusal:
        if hasattr(refusal, "seconds"):
            raise
        raise PasswordWrong(field="old_password") from refusal
    own_password_change(
        user=request.user,
        old_password=data["old_password"],
        new_password=data["password"],
        keep=request.session.session_key or "",
        actor=request.actor,
        at=request.moment,
    )
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)
    proven(request, "password")


@page("identity.self")
@never_cache
@sensitive_post_parameters("code")
def factor(request: Request) -> HttpResponse:
    """Set up the second factor: scan, type the first code, keep the recovery codes."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if has_factor(request.user):
        return redirect("portal:account")
    wait = 0
    if request.method == "POST" and form.is_valid():
        try:
            codes = factor_confirm(
                user=request.user,
                code=form.cleaned_data["code"],
                origin=origin_of(request),
                actor=request.actor,
                at=door_now(),
            )
        except Refusal as refusal:
            form.add_error("code", refusal_text(refusal))
            wait = getattr(refusal, "seconds", 0)
        else:
            proven(request, "factor")
            return render(request, "portal/codes.html", {"codes": codes, "onward": onward_of(request)})
    return told(_enrolment(request, form), wait)


def _enrolment(request: Request, form: CodeForm) -> HttpResponse:
    secret = factor_begin(user=request.user, at=door_now())
    picture = segno.make(factor_address(request.user, secret), error="m")
    context = {
        "form": form,
        "picture": picture.svg_data_uri(scale=5, border=2, dark="#1b2733", light="#fff"),
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "owed": owes_factor(request.actor.roles),
        "next": request.GET.get("next", "") or request.POST.get("next", ""),
    }
    return render(request, "portal/factor.html", context, status=422 if form.errors else 200)


@page("identity.self", password_again=True)
@never_cache
def codes(request: Request) -> HttpResponse:
    """New recovery codes; the old ones have no force any more."""
    if not has_factor(request.user):
        return redirect("portal:factor")
    if request.method == "POST":
        made = recovery_codes_make(user=request.user, actor=request.actor, at=door_now())
        return render(request, "portal/codes.html", {"codes": made, "onward": "/account/"})
    return render(request, "portal/codes_new.html", {"left": recovery_codes_left(request.user)})


@page("identity.self")
@require_POST
def sessions(request: Request) -> HttpResponse:
    """End one other session (`session`), or all others."""
    current, now = request.session.session_key or "", door_now()
    mark = request.POST.get("session", "")
    if mark:
        ended = own_session_end(user=request.user, session_id=mark, actor=request.actor, at=now)
    else:
        ended = own_sessions_end(user=request.user, keep=current, actor=request.actor, at=now)
    words = ngettext("已结束 {n} 个会话。", "已结束 {n} 个会话。", ended)
    messages.success(request, words.format(n=ended))
    return redirect("portal:account")
