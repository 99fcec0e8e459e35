"""What administrators do to accounts and posts, each with its permission and its fact.

Nobody can take an account over alone: passwords are reset by one administrator, second factors by another, and
who opens accounts gives no posts.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from zhengxiao.kernel.access.api import allows, require
from zhengxiao.kernel.identity import api as identity
from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.orgs import api as orgs
from zhengxiao.kernel.orgs.api import Post
from zhengxiao.kernel.signin.models import Session
from zhengxiao.kernel.signin.services import account_fact
from zhengxiao.lib.actors import Actor, Role


def account_open(
    *,
    username: str,
    display_name: str,
    password: str | None,
    phone: str = "",
    language: str = identity.Language.CHINESE,
    must_change: bool = True,
    actor: Actor,
    at: datetime,
) -> User:
    """Open an account whose owner chooses another password first. Raises NotPermitted and what `user_create` does."""
    require(actor, "identity.manage")
    with transaction.atomic():
        user = identity.user_create(
            username=username,
            display_name=display_name,
            password=password,
            phone=phone,
            language=language,
            must_change=must_change,
            actor=actor,
            at=at,
        )
        account_fact("identity.account_opened", user, actor, at, name=user.display_name)
    return user


def account_disable(*, user_id: int, actor: Actor, at: datetime) -> None:
    """Close an account with all its sessions, by the system or the security administrator.

    Raises NotPermitted, OwnAccount, UserUnknown, UserAlreadyDisabled.
    """
    require(actor, "identity.secure" if allows(actor, "identity.secure") else "identity.manage")
    with transaction.atomic():
        identity.user_disable(user_id=user_id, actor=actor, at=at)
        Session.objects.filter(user_id=user_id).delete()
        account_fact("identity.account_disabled", identity.user_of(user_id), actor, at)


def account_enable(*, user_id: int, actor: Actor, at: datetime) -> None:
    """Open a closed account again. Raises NotPermitted, OwnAccount, UserUnknown, UserNotDisabled."""
    require(actor, "identity.manage")
    with transaction.atomic():
        identity.user_enable(user_id=user_id, actor=actor, at=at)
        account_fact("identity.account_enabled", identity.user_of(user_id), actor, at)


def account_password_reset(*, user_id: int, new_password: str, actor: Actor, at: datetime) -> None:
    """Give somebody a password to be changed at the next sign-in; the sessions of the account end.

    Raises NotPermitted and what `password_reset` does.
    """
    require(actor, "identity.manage")
    with transaction.atomic():
        identity.password_reset(user_id=user_id, new_password=new_password, actor=actor, at=at)
        Session.objects.filter(user_id=user_id).delete()
        account_fact("identity.password_reset", identity.user_of(user_id), actor, at)


def own_password_change(
    *, user: User, old_password: str, new_password: str, keep: str = "", actor: Actor, at: datetime
) -> None:
    """Change one's own password; every other session ends. Raises what `password_change` does."""
    with transaction.atomic():
        identity.password_change(
            user_id=user.pk, old_password=old_password, new_password=new_password, actor=actor, at=at
        )
        Session.objects.filter(user=user).exclude(session_key=keep).delete()
        account_fact("identity.password_changed", user, actor, at)


def account_post_assign(
    *,
    user_id: int,
    unit_id: int,
    role: Role,
    valid_from: date,
    valid_to: date | None,
    actor: Actor,
    at: datetime,
) -> Post:
    """Give a post, in force from the next request on. Raises NotPermitted and what `post_assign` does."""
    require(actor, "orgs.assign_posts")
    return orgs.post_assign(
        user_id=user_id,
        unit_id=unit_id,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
        actor=actor,
        at=at,
    )


def account_post_end(*, post_id: int, on: date, actor: Actor, at: datetime) -> None:
    """End a post; without force from the day `on`. Raises NotPermitted and what `post_end` does."""
    require(actor, "orgs.assign_posts")
    orgs.post_end(post_id=post_id, on=on, actor=actor, at=at)
