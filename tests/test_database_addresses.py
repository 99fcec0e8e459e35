"""What an address of PostgreSQL brings along."""

from __future__ import annotations

from pathlib import Path

from zhengxiao.config.settings import environ

LIMITS = {
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "5min",
    "statement_timeout": "5min",
    "jit": "off",
}


def test_every_address_brings_the_limits_and_may_replace_them() -> None:
    plain = environ.database("postgresql://zx@db/zx", Path("var"))["OPTIONS"]["options"]
    assert {f"-c {name}={value}" for name, value in LIMITS.items()} <= {
        f"-c {word}" for word in plain.replace("-c ", "").split()
    }
    own = environ.database("postgresql://zx@db/zx?options=-c%20jit%3Don", Path("var"))["OPTIONS"]
    assert own["options"] == "-c jit=on"
