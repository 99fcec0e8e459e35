"""Reads of accounts."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from zhengxiao.kernel.identity.models import User
from zhengxiao.kernel.identity.rules import username_as_kept
from zhengxiao.kernel.identity.services import UserUnknown


def user_by_username(username: str) -> User:
    """The account of that name, capital or small. Raises UserUnknown."""
    user = User.objects.filter(username__iexact=username_as_kept(username)).first()
    if user is None:
        raise UserUnknown(field="username", username=username)
    return user


def users_all() -> QuerySet[User]:
    """Every account, in the order of usernames."""
    return User.objects.order_by("username")


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """id → name for lists that keep only ids; unknown ids are left out."""
    return dict(User.objects.filter(pk__in=set(user_ids)).order_by().values_list("pk", "display_name"))
