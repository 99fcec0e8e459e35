"""Settings of a real installation. The secret key is read from the environment, or made once below ZX_HOME."""

from __future__ import annotations

import os
import secrets

from zhengxiao.config.settings.base import *  # noqa: F403


def _own_secret_key() -> str:
    """The key kept in ZX_HOME/secret_key, made on first start; readable by the owner only."""
    path = HOME / "secret_key"  # noqa: F405
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)  # noqa: F405
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii").strip()


SECRET_KEY = SECRET_KEY or _own_secret_key()  # noqa: F405
INSTALLED_APPS = [*INSTALLED_APPS, "zhengxiao.config.closing.ClosingConfig"]  # noqa: F405
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = any(  # behind a proxy that speaks https
    origin.startswith("https://")
    for origin in CSRF_TRUSTED_ORIGINS  # noqa: F405
)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
