"""The face of sign-in: who comes in, by which proof, for how long; and what administrators do to accounts."""

from __future__ import annotations

from zhengxiao.kernel.signin.accounts import (
    account_disable,
    account_enable,
    account_open,
    account_password_reset,
    account_post_assign,
    account_post_end,
    own_password_change,
)
from zhengxiao.kernel.signin.counters import RESULTS, sign_in_counts
from zhengxiao.kernel.signin.factors import (
    CodeWrong,
    FactorAlreadySet,
    FactorNotBegun,
    SecondFactorMissing,
    factor_address,
    factor_begin,
    factor_check,
    factor_confirm,
    factor_reset,
    has_factor,
    owes_factor,
    recovery_codes_left,
    recovery_codes_make,
    require_factor,
)
from zhengxiao.kernel.signin.models import SecondFactor, Session
from zhengxiao.kernel.signin.queries import OwnSession, sessions_count, sessions_of
from zhengxiao.kernel.signin.rules import caller_address, session_is_over
from zhengxiao.kernel.signin.services import (
    PasswordNotThat,
    SignInFailed,
    own_session_end,
    own_sessions_end,
    password_confirm,
    sessions_end,
    sessions_trim,
    sign_in_check,
    signed_in,
    signed_out,
    unlock,
)
from zhengxiao.kernel.signin.sessions import DOOR
from zhengxiao.kernel.signin.throttling import (
    Origin,
    TooFast,
    TooManyFailures,
    account_digest,
    closed_until,
)

__all__ = [
    "DOOR",
    "RESULTS",
    "CodeWrong",
    "FactorAlreadySet",
    "FactorNotBegun",
    "Origin",
    "OwnSession",
    "PasswordNotThat",
    "SecondFactor",
    "SecondFactorMissing",
    "Session",
    "SignInFailed",
    "TooFast",
    "TooManyFailures",
    "account_digest",
    "account_disable",
    "account_enable",
    "account_open",
    "account_password_reset",
    "account_post_assign",
    "account_post_end",
    "caller_address",
    "closed_until",
    "factor_address",
    "factor_begin",
    "factor_check",
    "factor_confirm",
    "factor_reset",
    "has_factor",
    "owes_factor",
    "own_password_change",
    "own_session_end",
    "own_sessions_end",
    "password_confirm",
    "recovery_codes_left",
    "recovery_codes_make",
    "require_factor",
    "session_is_over",
    "sessions_count",
    "sessions_end",
    "sessions_of",
    "sessions_trim",
    "sign_in_check",
    "sign_in_counts",
    "signed_in",
    "signed_out",
    "unlock",
]
