"""Accounts and posts for the administrators: what each may do is asked by the verb itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengxiao.kernel.access.api import allows, page
from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.orgs.api import Post, Unit, local_day
from zhengxiao.kernel.signin.api import (
    SecondFactor,
    account_disable,
    account_enable,
    account_open,
    account_password_reset,
    account_post_assign,
    account_post_end,
    closed_until,
    factor_reset,
    has_factor,
    sessions_count,
    sessions_end,
    unlock,
)
from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.kernel.ui.api import BadAddress, WallClock, ledger_view, refusal_text
from zhengxiao.lib.actors import Actor, Role
from zhengxiao.lib.refusals import Refusal
from zhengxiao.surfaces.console.ledger import ACCOUNTS
from zhengxiao.surfaces.console.web.account_forms import AccountForm, PostForm

NEWEST = 20
UNITS_OFFERED = 400
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


class Request(HttpRequest):
    actor: Actor
    moment: datetime


Act = Callable[[int, Actor, datetime], Any]
VERBS: dict[str, tuple[Act, Any]] = {
    # address: the verb, and what is said when it is done
    "disable": (lambda pk, actor, at: account_disable(user_id=pk, actor=actor, at=at), _("账号已停用。")),
    "enable": (lambda pk, actor, at: account_enable(user_id=pk, actor=actor, at=at), _("账号已恢复。")),
    "unlock": (lambda pk, actor, at: unlock(user_id=pk, actor=actor, at=at), _("登录暂停已解除。")),
    "factor": (lambda pk, actor, at: factor_reset(user_id=pk, actor=actor, at=at), _("二次验证已重置。")),
    "sign-out": (lambda pk, actor, at: sessions_end(user_id=pk, actor=actor, at=at), _("会话已全部结束。")),
}


def _accounts(on: date) -> QuerySet[User]:
    posts = Post.objects.valid_on(on).select_related("unit")
    switched_on = SecondFactor.objects.filter(user=OuterRef("pk"), confirmed_at__isnull=False)
    return User.objects.annotate(factor_on=Exists(switched_on)).prefetch_related(
        Prefetch("posts", queryset=posts, to_attr="posts_today")
    )


@page("identity.view")
def accounts(request: Request) -> HttpResponse:
    """All accounts with the posts they hold today."""
    extra = {"may_open": allows(request.actor, "identity.manage")}
    rows = _accounts(local_day(request.moment))
    return ledger_view(request, ACCOUNTS, rows, extra=extra, template="console/accounts.html")


@page("identity.manage", password_again=True)
@never_cache
def account_new(request: Request) -> HttpResponse:
    """Open an account; its first password is shown this once."""
    form = AccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        word = first_password()
        try:
            user = account_open(**form.cleaned_data, password=word, actor=request.actor, at=request.moment)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
        else:
            return render(
                request, "console/account_password.html", {"account": user, "word": word, "new": True}
            )
    context = {"form": form}
    return render(request, "console/account_new.html", context, status=422 if form.errors else 200)


@page("identity.view")
@require_safe
def account(request: Request, user_id: int) -> HttpResponse:
    """One account: its posts, what may be done, what happened."""
    return _page(request, _user(user_id), PostForm(initial={"valid_from": local_day(request.moment)}))


def _page(request: Request, user: User, form: PostForm) -> HttpResponse:
    now = WallClock().now()
    today = local_day(request.moment)
    posts = Post.objects.filter(user=user).select_related("unit").order_by("-valid_from", "-pk")
    own = request.actor.user_id == user.pk
    may_assign = allows(request.actor, "orgs.assign_posts") and not own and user.is_active
    context: dict[str, Any] = {
        "account": user,
        "today": today,
        "posts": posts,
        "form": form,
        "own": own,
        "may_manage": allows(request.actor, "identity.manage"),
        "may_secure": allows(request.actor, "identity.secure"),
        "may_assign": may_assign,
        "has_factor": has_factor(user),
        "sessions": sessions_count(user.pk, at=now),
        "closed_until": closed_until(name=user.username, user_id=user.pk, at=now),
        "entries": entries_for(Subject("user", user.pk)).order_by("-id")[:NEWEST],
        "units": Unit.objects.filter(is_active=True).order_by("code")[:UNITS_OFFERED] if may_assign else (),
    }
    return render(request, "console/account.html", context, status=422 if form.errors else 200)


@page("identity.view", password_again=True)
@never_cache
@require_POST
def act(request: Request, user_id: int, verb: str) -> HttpResponse:
    """One of VERBS on an account, or a new first password, shown this once."""
    user = _user(user_id)
    if verb == "password":
        word = first_password()
        account_password_reset(user_id=user.pk, new_password=word, actor=request.actor, at=request.moment)
        return render(request, "console/account_password.html", {"account": user, "word": word})
    if verb not in VERBS:
        raise Http404
    run, done = VERBS[verb]
    run(user.pk, request.actor, request.moment)
    messages.success(request, str(done))
    return redirect("console:account", user.pk)


@page("orgs.assign_posts", password_again=True)
@require_POST
def post_new(request: Request, user_id: int) -> HttpResponse:
    """Give a post."""
    user, form = _user(user_id), PostForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            account_post_assign(
                user_id=user.pk,
                unit_id=data["unit"].pk,
                role=Role(data["role"]),
                valid_from=data["valid_from"],
                valid_to=data["valid_to"],
                actor=request.actor,
                at=request.moment,
            )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
        else:
            messages.success(request, gettext("岗位已任命。"))
            return redirect("console:account", user.pk)
    return _page(request, user, form)


@page("orgs.assign_posts", password_again=True)
@require_POST
def post_over(request: Request, user_id: int, post_id: int) -> HttpResponse:
    """End a post from a day on; today when none is told."""
    post = get_object_or_404(Post, pk=post_id, user_id=user_id)
    text = request.POST.get("on", "")
    try:
        on = date.fromisoformat(text) if text else local_day(request.moment)
    except ValueError as error:
        raise BadAddress(name="on") from error
    account_post_end(post_id=post.pk, on=on, actor=request.actor, at=request.moment)
    messages.success(request, gettext("岗位已终止。"))
    return redirect("console:account", user_id)


def first_password() -> str:
    """Good for one sign-in: 80 bits, without letters that look alike."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def _user(user_id: int) -> User:
    return get_object_or_404(User, pk=user_id)
