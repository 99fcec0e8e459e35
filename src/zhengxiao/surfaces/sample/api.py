"""The face of the sample city."""

from __future__ import annotations

from zhengxiao.surfaces.sample.accounts import ACCOUNTS, PASSWORD, Account
from zhengxiao.surfaces.sample.services import (
    DatabaseNotEmpty,
    Seeded,
    SizeUnknown,
    city_seed,
    count_of,
    deliver_all,
    is_empty,
)

__all__ = [
    "ACCOUNTS",
    "PASSWORD",
    "Account",
    "DatabaseNotEmpty",
    "Seeded",
    "SizeUnknown",
    "city_seed",
    "count_of",
    "deliver_all",
    "is_empty",
]
