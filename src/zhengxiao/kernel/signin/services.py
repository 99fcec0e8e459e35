"""Coming in by password, going out, and ending sessions. Every outcome is a fact.

`at` is the real time of the door, never that of a training sandbox: locks and sessions end by the wall clock.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import authenticate
from django.db import transaction

from zhengxiao.kernel.access.api import VISITOR, require
from zhengxiao.kernel.identity.api import User, UserUnknown, user_by_username, user_of
from zhengxiao.kernel.signin.counters import sign_in_counted
from zhengxiao.kernel.signin.models import Session
from zhengxiao.kernel.signin.throttling import (
    Claim,
    Origin,
    TooFast,
    TooManyFailures,
    account_digest,
    proof_claim,
    tries_forget,
    try_claim,
    try_succeeded,
)
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop

NOBODY = 0
"""The subject of what was tried under a name that no account has; the name itself is not kept."""
WORDS = {
    "sign_in": gettext_noop("密码登录"),
    "again": gettext_noop("再次确认密码"),
    "factor": gettext_noop("二次验证"),
}


class SignInFailed(Refusal):
    """A wrong name, a wrong password and a closed account: one answer."""

    template = gettext_noop("用户名或密码不对，或账号已停用。请核对大小写；忘记密码请联系本单位管理员。")


def sign_in_check(*, username: str, password: str, origin: Origin, at: datetime) -> User:
    """The active account behind name and password. Raises SignInFailed, TooManyFailures, TooFast.

    The try is counted before the password is checked. An unknown name costs the same hash, the same rows and
    the same fact as a known one.
    """
    try:
        claim = try_claim(account=account_digest(username), origin=origin, at=at)
    except (TooManyFailures, TooFast) as refusal:
        sign_in_counted("locked" if isinstance(refusal, TooManyFailures) else "slowed")
        raise
    user = authenticate(username=username, password=password)
    if isinstance(user, User):
        try_succeeded(claim)
        return user
    sign_in_counted("refused")
    refused(
        _subject(username),
        claim,
        what="sign_in",
        reason=gettext_noop("用户名或密码不对"),
        origin=origin,
        at=at,
    )
    raise SignInFailed(field="password")


def refused(subject: int, claim: Claim, *, what: str, reason: str, origin: Origin, at: datetime) -> None:
    """Put a failed proof on record, and that it closed the place if it did."""
    fact = "identity.second_factor_refused" if what == "factor" else "identity.sign_in_refused"
    about = Subject("user", subject)
    with transaction.atomic():
        told = {"reason": reason, "address": origin.address}
        record(fact=fact, subject=about, actor=VISITOR, at=at, data=told)
        if claim.is_last:
            closed = {"what": WORDS[what], "address": origin.address, "until_at": claim.until}
            record(fact="identity.locked", subject=about, actor=VISITOR, at=at, data=closed)
            sign_in_counted("locked")


def refused_elsewhere(*, why: str, origin: Origin, at: datetime) -> None:
    """Put on record that the office's own provider let nobody in; who it would have been is not known here."""
    data = {"reason": f"OIDC {why}", "address": origin.address}
    about = Subject("user", NOBODY)
    with transaction.atomic():
        record(fact="identity.sign_in_refused", subject=about, actor=VISITOR, at=at, data=data)
    sign_in_counted("refused")


def _subject(username: str) -> int:
    try:
        return user_by_username(username).pk
    except UserUnknown:
        return NOBODY


def password_confirm(*, user: User, password: str, origin: Origin, at: datetime) -> None:
    """The person at the screen proves once more to be the one who signed in. Raises SignInFailed, TooManyFailures."""
    claim = proof_claim(user_id=user.pk, what="again", at=at)
    if not user.check_password(password):
        reason = gettext_noop("再次确认密码不对")
        refused(user.pk, claim, what="again", reason=reason, origin=origin, at=at)
        raise PasswordNotThat(field="password")
    try_succeeded(claim)


class PasswordNotThat(Refusal):
    template = gettext_noop("密码不对。")


def signed_in(*, user: User, way: str, origin: Origin, at: datetime) -> None:
    """Put on record that somebody came in; `way` says how, in words. The caller's transaction holds the session."""
    data = {"name": user.display_name, "way": way, "address": origin.address}
    record(fact="identity.signed_in", subject=Subject("user", user.pk), actor=_self(user), at=at, data=data)
    sign_in_counted("in")


def signed_out(*, user: User, why: str, at: datetime) -> None:
    """Put on record that somebody went out, or that a session ended by itself."""
    data = {"name": user.display_name, "why": why}
    with transaction.atomic():
        record(
            fact="identity.signed_out", subject=Subject("user", user.pk), actor=_self(user), at=at, data=data
        )


def sessions_trim(*, user: User, keep: int, current: str, actor: Actor, at: datetime) -> int:
    """At most `keep` sessions of an account, the current one among them; the oldest end. How many ended."""
    others = Session.objects.filter(user=user, expire_date__gt=at).exclude(session_key=current)
    surplus = list(others.order_by("-started_at").values_list("session_key", flat=True)[max(0, keep - 1) :])
    return _end(user, surplus, why=gettext_noop("同时登录过多"), actor=actor, at=at) if surplus else 0


def own_session_end(*, user: User, session_id: str, actor: Actor, at: datetime) -> int:
    """End one of one's own sessions, named by `session_mark`; 0 when there is none of that name."""
    keys = Session.objects.filter(user=user).values_list("session_key", flat=True)
    wanted = [key for key in keys if session_mark(key) == session_id]
    return _end(user, wanted, why=gettext_noop("本人结束"), actor=actor, at=at) if wanted else 0


def own_sessions_end(*, user: User, keep: str, actor: Actor, at: datetime) -> int:
    """End all of one's own sessions but the one that is kept."""
    keys = Session.objects.filter(user=user).exclude(session_key=keep).values_list("session_key", flat=True)
    return _end(user, list(keys), why=gettext_noop("本人结束"), actor=actor, at=at)


def sessions_end(*, user_id: int, actor: Actor, at: datetime) -> int:
    """End every session of an account, by the security administrator. Raises NotPermitted, UserUnknown."""
    require(actor, "identity.secure")
    user = user_of(user_id)
    keys = list(Session.objects.filter(user=user).values_list("session_key", flat=True))
    return _end(user, keys, why=gettext_noop("管理员结束"), actor=actor, at=at)


def _end(user: User, keys: list[str], *, why: str, actor: Actor, at: datetime) -> int:
    with transaction.atomic():
        count = Session.objects.filter(session_key__in=keys).delete()[0]
        if count:
            account_fact("identity.sessions_ended", user, actor, at, count=count, why=why)
    return count


def unlock(*, user_id: int, actor: Actor, at: datetime) -> int:
    """Open every place of an account again. Raises NotPermitted, UserUnknown."""
    require(actor, "identity.secure")
    user = user_of(user_id)
    with transaction.atomic():
        forgotten = tries_forget(name=user.username, user_id=user.pk)
        account_fact("identity.unlocked", user, actor, at)
    return forgotten


def session_mark(key: str) -> str:
    """A name for a session that may stand on a page: it does not tell the key."""
    return account_digest(key)[:16]


def account_fact(fact: str, user: User, actor: Actor, at: datetime, **data: Any) -> None:
    """Record a fact about an account that names it."""
    told = {"username": user.username, **data}
    record(fact=fact, subject=Subject("user", user.pk), actor=actor, at=at, data=told)


def _self(user: User) -> Actor:
    return Actor(user_id=user.pk, name=user.display_name)
