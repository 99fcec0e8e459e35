"""The face of identity: accounts and their verbs."""

from __future__ import annotations

from zhengxiao.kernel.identity.models import Language, User
from zhengxiao.kernel.identity.passwords import password_change, password_reset
from zhengxiao.kernel.identity.queries import names_of, user_by_username, users_all
from zhengxiao.kernel.identity.rules import mask_phone, password_is_old, username_as_kept
from zhengxiao.kernel.identity.services import (
    DisplayNameMissing,
    LanguageUnknown,
    NewUser,
    OwnAccount,
    PasswordTooWeak,
    PasswordUsedBefore,
    PasswordWrong,
    UserAlreadyDisabled,
    UsernameMalformed,
    UsernameTaken,
    UserNotDisabled,
    UserUnknown,
    user_create,
    user_disable,
    user_enable,
    user_of,
    users_bulk_create,
)

__all__ = [
    "DisplayNameMissing",
    "Language",
    "LanguageUnknown",
    "NewUser",
    "OwnAccount",
    "PasswordTooWeak",
    "PasswordUsedBefore",
    "PasswordWrong",
    "User",
    "UserAlreadyDisabled",
    "UserNotDisabled",
    "UserUnknown",
    "UsernameMalformed",
    "UsernameTaken",
    "mask_phone",
    "names_of",
    "password_change",
    "password_is_old",
    "password_reset",
    "user_by_username",
    "user_create",
    "user_disable",
    "user_enable",
    "user_of",
    "username_as_kept",
    "users_all",
    "users_bulk_create",
]
