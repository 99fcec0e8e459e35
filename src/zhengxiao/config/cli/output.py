"""What every command shares: Django set-up, JSON or plain output, refusals turned into exit code 2."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from typing import Any, TypeVar

import click

from zhengxiao.lib.refusals import Refusal

F = TypeVar("F", bound=Callable[..., Any])

FINDING = 1
COULD_NOT = 2


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return str(value)


def emit(result: Any, *, as_json: bool, text: str = "") -> None:
    """Print `result` as one JSON document, or `text` (JSON as well when no text is given)."""
    if as_json or not text:
        click.echo(json.dumps(result, ensure_ascii=False, default=_plain, indent=None if as_json else 2))
    else:
        click.echo(text)


def prepare_fresh_database() -> bool:
    """Bring an untouched database to life: tables and the shipped calendar years. False when it has tables already.

    So every command works right after installation; a database that merely lacks newer migrations is left to `zx migrate`.
    """
    from datetime import UTC

    from django.conf import settings
    from django.db import connection

    from zhengxiao.config.cli.migrating import apply_all

    settings.HOME.mkdir(parents=True, exist_ok=True)
    if "django_migrations" in connection.introspection.table_names():
        return False
    apply_all()

    from zhengxiao.kernel.calendar.api import install_shipped

    install_shipped(at=datetime.now(UTC))
    return True


READ_ONLY_HINT = (
    "系统只读。请恢复较新的备份；若无法找回，请由系统管理员运行 zx accept-loss --as 账号 --ground 依据。"
)


def compare_with_outside() -> None:
    """Whether the database is as far as what was witnessed outside. If not, it is shown, but takes nothing new.

    Said on stderr. Nothing is compared before `zx migrate` has brought the tables of today. Refuses HashChanged.
    """
    from datetime import UTC

    from django.conf import settings
    from django.db.migrations.recorder import MigrationRecorder

    from zhengxiao.kernel.proof.api import require_hash, standing_note, standstill

    proof = MigrationRecorder.Migration.objects.filter(app="proof").values_list("name", flat=True)
    if "0005_history_hash" not in proof:
        return
    require_hash()
    if not settings.CHECKPOINT_DIR:
        return
    found = standing_note(at=datetime.now(UTC), starting=True)
    if found is not None:
        click.echo(f"{found.text}\n{READ_ONLY_HINT}", err=True)
    elif standstill() is not None:
        click.echo(f"外部目录里没有检查点，此前的只读状态仍在。{READ_ONLY_HINT}", err=True)


def database_command(function: F) -> F:
    """A `django_command` that prepares an untouched database first, and compares any other with the outside."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        if not prepare_fresh_database():
            compare_with_outside()
        return function(*args, **kwargs)

    return django_command(run)  # type: ignore[return-value]


def django_command(function: F) -> F:
    """Set Django up before the command runs; a refusal ends it with exit code 2 and its text on stderr."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        import django

        django.setup()
        try:
            return function(*args, **kwargs)
        except Refusal as refusal:
            click.echo(refusal.text, err=True)
            sys.exit(COULD_NOT)

    return run  # type: ignore[return-value]
