"""Settings of the test suite: one database by ZX_TEST_DATABASE_URL, fast password hashing, no static manifest."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("ZX_HOME", str(Path(tempfile.gettempdir()) / f"zx-test-home-{os.getuid()}"))

from zhengxiao.config.settings import environ
from zhengxiao.config.settings.base import *  # noqa: F403

SECRET_KEY = "only-for-tests"  # noqa: S105
HOME.mkdir(parents=True, exist_ok=True)  # noqa: F405
DATABASES = {
    "default": environ.database(os.environ.get("ZX_TEST_DATABASE_URL", "sqlite:///test.sqlite3"), HOME)  # noqa: F405
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
ZX_SECOND_FACTOR_ROLES = []  # tests about the second factor name them
ZX_PASSWORD_AGAIN_MINUTES = 0
# No question in the middle of a test: only a test that changes a target makes this process look at the targets.
ZX_WEBHOOK_LOOK_SECONDS = None
SETTLED_ASIDE = False
ZX_COCKPIT_FRESH = 0
