"""Verbs on accounts. Whether the actor may use them is asked by the caller (`identity.manage`); what no table
may ever allow, such as disabling oneself, is refused here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from zhengxiao.kernel.identity import rules
from zhengxiao.kernel.identity.models import Language, User
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop


class UsernameMalformed(Refusal):
    template = gettext_noop("用户名“{username}”只能由文字、数字和 . @ + - _ 组成，最长 64 个字符。")


class UsernameTaken(Refusal):
    template = gettext_noop("用户名“{username}”已被使用（不区分大小写）。")


class DisplayNameMissing(Refusal):
    template = gettext_noop("请填写姓名。")


class LanguageUnknown(Refusal):
    template = gettext_noop("没有“{language}”这种界面语言。")


class PasswordTooWeak(Refusal):
    template = gettext_noop("密码不合要求：{faults}")


class PasswordUsedBefore(Refusal):
    template = gettext_noop("新密码不能与最近 {count} 个用过的密码相同。")


class PasswordWrong(Refusal):
    template = gettext_noop("原密码不正确。")


class UserUnknown(Refusal):
    template = gettext_noop("没有这个用户：{username}。")


class UserAlreadyDisabled(Refusal):
    template = gettext_noop("用户“{username}”已经停用。")


class UserNotDisabled(Refusal):
    template = gettext_noop("用户“{username}”没有停用。")


class OwnAccount(Refusal):
    template = gettext_noop("不能对自己的账号执行此操作，请由另一位管理员办理。")


@dataclass(frozen=True, slots=True)
class NewUser:
    """An account to be made. `phone` is masked before it is kept."""

    username: str
    display_name: str
    phone: str = ""
    language: str = Language.CHINESE


def user_create(
    *,
    username: str,
    display_name: str,
    password: str | None,
    phone: str = "",
    language: str = Language.CHINESE,
    must_change: bool = False,
    actor: Actor,
    at: datetime,
) -> User:
    """Open an account. `password` None makes one that cannot sign in by password; with `must_change` the first
    thing its owner does is to choose another.

    Raises UsernameMalformed, UsernameTaken, DisplayNameMissing, LanguageUnknown, PasswordTooWeak.
    """
    row = NewUser(username=username, display_name=display_name, phone=phone, language=language)
    return users_bulk_create([row], password=password, must_change=must_change, actor=actor, at=at)[0]


def users_bulk_create(
    rows: Iterable[NewUser],
    *,
    password: str | None,
    must_change: bool = False,
    is_public: bool = False,
    actor: Actor,
    at: datetime,
) -> list[User]:
    """Open many accounts that share one first password; all or none. Same refusals as `user_create`.

    `is_public`: the password of sample accounts, printed on the sign-in page; no rule and no age makes it better.
    """
    users = [_user_of(row, at) for row in rows]
    taken = _taken_username(users)
    if taken is not None:
        raise UsernameTaken(field="username", username=taken)
    if password is not None and not is_public:
        for user in users:
            check_strength(password, user)
    # One hash for all: a hash costs a quarter of a second, and the password is one anyway.
    hashed = make_password(password)
    for user in users:
        user.password = hashed
        user.password_must_change = must_change
        user.password_set_at = None if password is None or is_public else at
    try:
        with transaction.atomic():
            return User.objects.bulk_create(users)
    except IntegrityError as error:
        raise UsernameTaken(
            field="username", username="、".join(user.username for user in users[:3])
        ) from error


def _user_of(row: NewUser, at: datetime) -> User:
    username = rules.username_as_kept(row.username)
    display_name = row.display_name.strip()
    if not rules.username_is_well_formed(username):
        raise UsernameMalformed(field="username", username=row.username)
    if not display_name:
        raise DisplayNameMissing(field="display_name")
    if row.language not in Language.values:
        raise LanguageUnknown(field="language", language=row.language)
    return User(
        username=username,
        display_name=display_name,
        phone_masked=rules.mask_phone(row.phone),
        language=row.language,
        joined_at=at,
    )


def _taken_username(users: list[User]) -> str | None:
    """The first username that is in use already or stands twice in the list, whatever its case."""
    seen: set[str] = set()
    for user in users:
        if user.username.lower() in seen:
            return user.username
        seen.add(user.username.lower())
    for start in range(0, len(users), 500):
        same = Q(*[Q(username__iexact=user.username) for user in users[start : start + 500]], _connector=Q.OR)
        found = User.objects.filter(same).values_list("username", flat=True).first()
        if found is not None:
            return found
    return None


def check_strength(password: str, user: User) -> None:
    """Length, common passwords, likeness to the account's names. Raises PasswordTooWeak."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordTooWeak(field="password", faults="".join(error.messages)) from error


def user_disable(*, user_id: int, actor: Actor, at: datetime) -> None:
    """Close an account: its sessions and its grants have no force from the next request on.

    Raises OwnAccount, UserUnknown, UserAlreadyDisabled.
    """
    if actor.user_id == user_id:
        raise OwnAccount
    with transaction.atomic():
        changed = User.objects.filter(pk=user_id, is_active=True).update(is_active=False, disabled_at=at)
        if changed != 1:
            raise UserAlreadyDisabled(username=user_of(user_id).username)


def user_enable(*, user_id: int, actor: Actor, at: datetime) -> None:
    """Open a closed account again. Raises OwnAccount, UserUnknown, UserNotDisabled."""
    if actor.user_id == user_id:
        raise OwnAccount
    with transaction.atomic():
        changed = User.objects.filter(pk=user_id, is_active=False).update(is_active=True, disabled_at=None)
        if changed != 1:
            raise UserNotDisabled(username=user_of(user_id).username)


def user_of(user_id: int) -> User:
    """The account of that id. Raises UserUnknown."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise UserUnknown(username=user_id)
    return user
