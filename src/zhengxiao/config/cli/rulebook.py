"""`zx rules`: the clock rules in force, and a warning preset from a coming day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from zhengxiao.config.cli.output import database_command, emit

if TYPE_CHECKING:
    from zhengxiao.kernel.clock.api import ClockRule

DAY = click.DateTime(formats=["%Y-%m-%d"])


def _row(rule: ClockRule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "version": rule.version,
        "term": rule.term or None,
        "policy": rule.policy,
        "legal_ground": rule.legal_ground,
        "valid_from": rule.valid_from,
    }


@click.command("rules")
@click.option("--preset", help="Adopt a warning preset: two-limit, remind-warn-alarm, green-yellow-red.")
@click.option("--from", "valid_from", type=DAY, help="First day of the new versions; tomorrow by default.")
@click.option("--as", "username", help="The person who adopts it (with --preset).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def rules_command(
    preset: str | None, valid_from: datetime | None, username: str | None, as_json: bool
) -> None:
    """The clock rules in force; with --preset new versions that warn otherwise. Running clocks keep their version."""
    from django.utils import timezone

    from zhengxiao.kernel.access.api import actor_for
    from zhengxiao.kernel.clock.api import preset_adopt, rules_in_force
    from zhengxiao.kernel.identity.api import user_by_username
    from zhengxiao.lib.actors import SYSTEM

    at = datetime.now(UTC)
    today = timezone.localtime(at).date()
    if preset is None:
        rules = rules_in_force(today)
    else:
        actor = actor_for(user_by_username(username), at=at) if username else SYSTEM
        first = valid_from.date() if valid_from else today + timedelta(days=1)
        rules = preset_adopt(preset=preset, valid_from=first, actor=actor, at=at)
    rows = [_row(rule) for rule in rules]
    text = "\n".join(
        f"{row['code']:<18} V{row['version']} {row['term'] or '—':<6} {row['policy']:<22} {row['legal_ground']}"
        for row in rows
    )
    emit(rows, as_json=as_json, text=text)
