"""Typed readers of environment settings: a value that makes no sense stops the start and says so."""

from __future__ import annotations

import ipaddress
import os
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SESSION = " ".join(
    f"-c {name}={value}"
    for name, value in {
        # Compiling a statement costs more than these short statements take (seen: 116 of 267 ms of the to-do list).
        "jit": "off",
        # Nothing may hold rows for long: who waits for a lock is told, and who forgot a transaction loses it.
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "5min",
        # Of pages and runners; commands that take their time (import, verify, migrate) lift it.
        "statement_timeout": "5min",
    }.items()
)
"""What each session of ours on PostgreSQL begins with; `?options=` in the address replaces it."""


def text(name: str, default: str = "") -> str:
    """The value of `name`, or the content of the file that `name`_FILE names, or `default`."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no")


def integer(name: str, default: int, *, least: int | None = None) -> int:
    value = os.environ.get(name, str(default))
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number") from error
    if least is not None and number < least:
        raise ImproperlyConfigured(f"{name}={value!r} is less than {least}")
    return number


def day(name: str) -> date | None:
    """A day such as `2026-01-01`; None when it is not set."""
    value = text(name)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r} is not a day like 2026-01-01") from error


def networks(name: str, default: str) -> list[str]:
    """Networks such as `10.1.0.0/16`, as they were written."""
    found = words(name, default)
    for word in found:
        try:
            ipaddress.ip_network(word)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: {error}") from error
    return found


def choice(name: str, default: str, known: tuple[str, ...]) -> str:
    value = os.environ.get(name, default)
    if value not in known:
        raise ImproperlyConfigured(f"{name}={value!r} is none of {', '.join(known)}")
    return value


def words(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def database(url: str, home: Path) -> dict[str, Any]:
    """A Django DATABASES entry from `sqlite:///path` or `postgresql://user:password@host:port/name`.

    A relative SQLite path is taken below `home`. Query parameters of a PostgreSQL URL become connection options
    (`?host=/run/postgresql` for a socket folder).
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path)[1:] or "zhengxiao.sqlite3"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(home / path),
            # IMMEDIATE: a transaction that reads and then writes takes the write lock first; DEFERRED loses most of them.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
            },
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path)[1:],
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            # The server reads and plans a statement once for a connection instead of at every call.
            "OPTIONS": {
                "options": SESSION,
                "server_side_binding": True,
                "prepare_threshold": 3,
                **dict(parse_qsl(parts.query)),
            },
        }
    raise ImproperlyConfigured(
        f"ZX_DATABASE_URL must begin with sqlite:/// or postgresql://, not {parts.scheme!r}"
    )
