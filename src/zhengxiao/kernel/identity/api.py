"""The face of identity: accounts and their verbs."""

from __future__ import annotations

from zhengxiao.kernel.identity.models import Language, User
from zhengxiao.kernel.identity.queries import names_of, user_by_username, users_all
from zhengxiao.kernel.identity.rules import mask_phone
from zhengxiao.kernel.identity.services import (
    DisplayNameMissing,
    LanguageUnknown,
    NewUser,
    OwnAccount,
    PasswordTooWeak,
    PasswordWrong,
    UserAlreadyDisabled,
    UsernameMalformed,
    UsernameTaken,
    UserUnknown,
    password_change,
    password_reset,
    user_create,
    user_disable,
    users_bulk_create,
)

__all__ = [
    "DisplayNameMissing",
    "Language",
    "LanguageUnknown",
    "NewUser",
    "OwnAccount",
    "PasswordTooWeak",
    "PasswordWrong",
    "User",
    "UserAlreadyDisabled",
    "UserUnknown",
    "UsernameMalformed",
    "UsernameTaken",
    "mask_phone",
    "names_of",
    "password_change",
    "password_reset",
    "user_by_username",
    "user_create",
    "user_disable",
    "users_all",
    "users_bulk_create",
]
