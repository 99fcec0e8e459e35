"""Passwords: changing one's own, giving somebody a new one, and which were used before."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from zhengxiao.kernel.identity.models import PastPassword, User
from zhengxiao.kernel.identity.services import (
    OwnAccount,
    PasswordUsedBefore,
    PasswordWrong,
    check_strength,
    user_of,
)
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import NotPermitted, StaleState


def password_change(
    *, user_id: int, old_password: str, new_password: str, actor: Actor, at: datetime
) -> None:
    """Change one's own password; other sessions of the account end.

    Raises NotPermitted for somebody else's account, UserUnknown, PasswordWrong, PasswordTooWeak,
    PasswordUsedBefore, StaleState.
    """
    if actor.user_id != user_id:
        raise NotPermitted(action="password_change")
    user = user_of(user_id)
    if not user.check_password(old_password):
        raise PasswordWrong(field="old_password")
    _set_password(user, new_password, must_change=False, at=at)


def password_reset(*, user_id: int, new_password: str, actor: Actor, at: datetime) -> None:
    """Give somebody else a new password (the owner forgot it); its owner must change it at the next sign-in.

    Raises OwnAccount, UserUnknown, PasswordTooWeak, PasswordUsedBefore, StaleState.
    """
    if actor.user_id == user_id:
        raise OwnAccount
    _set_password(user_of(user_id), new_password, must_change=True, at=at)


def _set_password(user: User, password: str, *, must_change: bool, at: datetime) -> None:
    check_strength(password, user)
    _check_not_used(password, user)
    with transaction.atomic():
        # Claimed on the hash that was read: of two changes at once, one is told.
        changed = User.objects.filter(pk=user.pk, password=user.password).update(
            password=make_password(password), password_set_at=at, password_must_change=must_change
        )
        if changed != 1:
            raise StaleState
        if user.has_usable_password():
            PastPassword.objects.create(user=user, password=user.password, ended_at=at)
        kept = PastPassword.objects.filter(user=user).values_list("pk", flat=True)[: _remembered()]
        PastPassword.objects.filter(user=user).exclude(pk__in=list(kept)).delete()


def _check_not_used(password: str, user: User) -> None:
    """The present password and those before it, as many as setting ZX_PASSWORD_HISTORY tells."""
    count = _remembered()
    past = PastPassword.objects.filter(user=user).values_list("password", flat=True)
    known = [user.password, *past][:count]
    if any(check_password(password, old) for old in known):
        raise PasswordUsedBefore(field="password", count=count)


def _remembered() -> int:
    return int(settings.ZX_PASSWORD_HISTORY)
