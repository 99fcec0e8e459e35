"""Usernames and phone numbers: pure decisions."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

_USERNAME = re.compile(r"[\w.@+-]{1,64}")


def username_as_kept(typed: str) -> str:
    """One spelling for what looks the same: full-width letters become plain ones, spaces around fall away."""
    return unicodedata.normalize("NFKC", typed).strip()


def username_is_well_formed(username: str) -> bool:
    return _USERNAME.fullmatch(username) is not None


def mask_phone(phone: str) -> str:
    """`13800001234` → `138****1234`; shorter numbers keep their last two digits; nothing stays nothing."""
    digits = "".join(
        character for character in unicodedata.normalize("NFKC", phone) if character in "0123456789"
    )
    if not digits:
        return ""
    if len(digits) >= 11:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-2:]}"


def password_is_old(set_at: datetime | None, *, days: int, at: datetime) -> bool:
    """Whether a password set then has lived longer than `days` (0: passwords do not age; None: this one does not)."""
    return bool(days) and set_at is not None and at - set_at > timedelta(days=days)
