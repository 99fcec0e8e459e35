"""Usernames and phone numbers: pure decisions."""

from __future__ import annotations

import re
import unicodedata

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
