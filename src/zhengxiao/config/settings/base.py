"""Settings common to every way of running. Environment names are listed in docs/operate.md."""

from __future__ import annotations

import shlex
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from zhengxiao.config.settings import environ
from zhengxiao.surfaces.operation.logs import logging_settings

PACKAGE = Path(__file__).resolve().parents[2]
HOME = Path(environ.text("ZX_HOME", "var")).resolve()

DEBUG = False
DEMO = environ.flag("ZX_DEMO", False)
SECRET_KEY = environ.text("ZX_SECRET_KEY")
ALLOWED_HOSTS = environ.words("ZX_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = environ.words("ZX_TRUSTED_ORIGINS")
SETTLED_ASIDE = True
"""Serial numbers of a call are settled on a connection beside its transaction (kernel/database/aside.py)."""
DATABASES = {
    "default": environ.database(environ.text("ZX_DATABASE_URL", "sqlite:///zhengxiao.sqlite3"), HOME)
}

KERNEL_APPS = [
    "zhengxiao.kernel.calendar",
    "zhengxiao.kernel.jobs",
    "zhengxiao.kernel.identity",
    "zhengxiao.kernel.orgs",
    "zhengxiao.kernel.access",
    "zhengxiao.kernel.files",
    "zhengxiao.kernel.timeline",
    "zhengxiao.kernel.signin",
    "zhengxiao.kernel.proof",
    "zhengxiao.kernel.clock",
    "zhengxiao.kernel.workflow",
    "zhengxiao.kernel.ui",
    "zhengxiao.kernel.metrics",
    "zhengxiao.kernel.exchange",
    "zhengxiao.kernel.notices",
    "zhengxiao.kernel.webhooks",
    "zhengxiao.kernel.exports",
]
BACKBONE_APPS = [
    "zhengxiao.backbone.catalogue",
    "zhengxiao.backbone.parties",
    "zhengxiao.backbone.cases",
]
MECHANISM_APPS = [
    "zhengxiao.mechanisms.detection",
    "zhengxiao.mechanisms.supervision",
    "zhengxiao.mechanisms.disclosures",
    "zhengxiao.mechanisms.relay",
]
SURFACE_APPS = [
    "zhengxiao.surfaces.portal",
    "zhengxiao.surfaces.citizen",
    "zhengxiao.surfaces.desk",
    "zhengxiao.surfaces.cockpit",
    "zhengxiao.surfaces.screen",
    "zhengxiao.surfaces.process",
    "zhengxiao.surfaces.console",
    "zhengxiao.surfaces.openapi",
    "zhengxiao.surfaces.sample",
    "zhengxiao.surfaces.operation",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_include_bootstrap",
    "lucide",
    *KERNEL_APPS,
    *BACKBONE_APPS,
    *MECHANISM_APPS,
    *SURFACE_APPS,
]
MIDDLEWARE = [
    "zhengxiao.surfaces.operation.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhengxiao.kernel.ui.middleware.MomentAndActorMiddleware",
    "zhengxiao.surfaces.portal.middleware.DoorMiddleware",
    "zhengxiao.surfaces.operation.middleware.SignInGate",
]
ROOT_URLCONF = "zhengxiao.config.urls"
WSGI_APPLICATION = "zhengxiao.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhengxiao.kernel.ui.context.shell",
            ],
            "builtins": ["zhengxiao.kernel.ui.templatetags.zx"],
        },
    },
]

AUTH_USER_MODEL = "identity.User"
LOGIN_URL = "portal:sign-in"
LOGIN_REDIRECT_URL = "desk:home"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": environ.integer("ZX_PASSWORD_LENGTH", 12, least=8)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Passwords: how many old ones are remembered, and after how many days staff choose a new one (0: never).
ZX_PASSWORD_HISTORY = environ.integer("ZX_PASSWORD_HISTORY", 5, least=0)
ZX_PASSWORD_DAYS = environ.integer("ZX_PASSWORD_DAYS", 180, least=0)
# Sign-in: so many failures from one place close the door there for so many minutes; proxies whose word about
# the caller's address counts; roles that owe a second factor.
ZX_SIGN_IN_FAILURES = environ.integer("ZX_SIGN_IN_FAILURES", 10, least=1)
ZX_SIGN_IN_LOCK_MINUTES = environ.integer("ZX_SIGN_IN_LOCK_MINUTES", 15, least=1)
ZX_TRUSTED_PROXIES = environ.networks("ZX_TRUSTED_PROXIES", "127.0.0.0/8,::1")
ZX_SECOND_FACTOR_ROLES = environ.words(
    "ZX_SECOND_FACTOR_ROLES", "" if DEMO else "system_admin,security_admin,auditor,supervisor"
)
# Sessions: minutes without a request, hours altogether, how many at once (0: any number), and minutes after
# which a grave step asks for the password again (0: never).
ZX_SESSION_IDLE_MINUTES = environ.integer("ZX_SESSION_IDLE_MINUTES", 30, least=1)
ZX_SESSION_HOURS = environ.integer("ZX_SESSION_HOURS", 12, least=1)
ZX_SESSIONS_AT_ONCE = environ.integer("ZX_SESSIONS_AT_ONCE", 0 if DEMO else 10, least=0)
ZX_PASSWORD_AGAIN_MINUTES = environ.integer("ZX_PASSWORD_AGAIN_MINUTES", 15, least=0)
# The office's own OpenID Connect provider (extra `oidc`); which claim names the account, whose second factor counts.
ZX_OIDC_ISSUER = environ.text("ZX_OIDC_ISSUER")
ZX_OIDC_CLIENT_ID = environ.text("ZX_OIDC_CLIENT_ID")
ZX_OIDC_CLIENT_SECRET = environ.text("ZX_OIDC_CLIENT_SECRET")
ZX_OIDC_CLAIM = environ.text("ZX_OIDC_CLAIM", "preferred_username")
ZX_OIDC_SCOPES = environ.text("ZX_OIDC_SCOPES", "openid profile")
ZX_OIDC_ACR = environ.words("ZX_OIDC_ACR")
SESSION_ENGINE = "zhengxiao.kernel.signin.sessions"
SESSION_COOKIE_AGE = ZX_SESSION_HOURS * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "zx_session"
CSRF_COOKIE_NAME = "zx_csrf"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英文"))]
LANGUAGE_COOKIE_NAME = "zx_language"
LOCALE_PATHS = [PACKAGE / "config" / "locale"]
TIME_ZONE = environ.text("ZX_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# What pages take for "now": None is the wall clock; an offset or a fixed moment makes a training sandbox (kernel.ui.moment).
ZX_MOMENT = None
ZX_EXPORT_ROWS = environ.integer("ZX_EXPORT_ROWS", 100_000)
ZX_PRINT_ROWS = environ.integer("ZX_PRINT_ROWS", 2_000)
# Rows one account may take in files and prints in a day without a second person; hours in which an approved file is there.
ZX_EXPORT_QUOTA = environ.integer("ZX_EXPORT_QUOTA", 10_000, least=0)
ZX_EXPORT_HOURS = environ.integer("ZX_EXPORT_HOURS", 72, least=1)
# What one uploaded file may hold.
ZX_FILE_PAGES = environ.integer("ZX_FILE_PAGES", 2_000, least=1)
ZX_FILE_PIXELS = environ.integer("ZX_FILE_PIXELS", 80_000_000, least=1)
# The scanner of uploaded files: a command that gets the file's place as its last word; none: files count as unscanned.
ZX_SCAN_COMMAND = shlex.split(environ.text("ZX_SCAN_COMMAND"))
ZX_SCAN_SECONDS = environ.integer("ZX_SCAN_SECONDS", 60, least=1)
ZX_UNSCANNED = environ.choice("ZX_UNSCANNED", "allow", ("allow", "hold"))
# Full numbers of persons one account may look at in sixty minutes; for how long a lawful exemption hides such a look.
ZX_REVEALS_PER_HOUR = environ.integer("ZX_REVEALS_PER_HOUR", 200, least=0)
ZX_LOOKS_HIDDEN_DAYS = environ.integer("ZX_LOOKS_HIDDEN_DAYS", 90, least=1)
ZX_API_RATE = environ.integer("ZX_API_RATE", 200)
CALENDAR_REGION = environ.text("ZX_CALENDAR_REGION", "CN")
# From which decision day this installation answers for double publicity; earlier ones were reported elsewhere.
PUBLICITY_SINCE = environ.day("ZX_PUBLICITY_SINCE")
# Signed heads of the timeline: whose they are, and the folder (kept by somebody else) they are laid down in.
CHECKPOINT_ORIGIN = environ.text("ZX_CHECKPOINT_ORIGIN", "zhengxiao")
CHECKPOINT_DIR = environ.text("ZX_CHECKPOINT_DIR")
# The hash of the history, chosen when the database is made; whether heads are signed with SM2 as well (needs the extra gm).
HISTORY_HASH = environ.choice("ZX_HISTORY_HASH", "sha256", ("sha256", "sm3"))
CHECKPOINT_SM2 = environ.flag("ZX_CHECKPOINT_SM2", False)

# Hosts inside that events may be sent to, also without TLS; and how long a process may not know of a new target.
ZX_WEBHOOK_ALLOW = environ.words("ZX_WEBHOOK_ALLOW")
ZX_WEBHOOK_LOOK_SECONDS: float | None = 5.0
# Who may read /metrics, judged by the real peer; and how many passwords a process checks at once.
# So many seconds a cockpit is shown as it is before the next one is made; 0 makes it at every look.
ZX_COCKPIT_FRESH = environ.integer("ZX_COCKPIT_FRESH", 60, least=0)
# Regions whose hall screens are open to everybody (twelve-digit codes).
ZX_SCREENS = environ.words("ZX_SCREENS", "990100000000,990102000000" if DEMO else "")
ZX_METRICS_ALLOW = environ.networks("ZX_METRICS_ALLOW", "127.0.0.0/8,::1")
ZX_SIGN_INS_AT_ONCE = environ.integer("ZX_SIGN_INS_AT_ONCE", 2, least=1)
# How many requests a process works on at once (`zx serve --threads`), and how long others may wait (operation/shedding.py).
ZX_THREADS = environ.integer("ZX_THREADS", 3, least=1)
ZX_WAIT_MS = environ.integer("ZX_WAIT_MS", 60, least=1)
LOGGING = logging_settings(
    log_format=environ.choice("ZX_LOG_FORMAT", "text" if DEMO else "json", ("json", "text")),
    level=environ.text("ZX_LOG_LEVEL", "WARNING"),
)
