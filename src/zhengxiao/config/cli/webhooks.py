"""`zx webhooks`: where events go, what could not be delivered, and sending it again."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import click

from zhengxiao.config.cli.output import COULD_NOT, FINDING, database_command, emit


@click.group("webhooks")
def webhooks_command() -> None:
    """Events to other systems."""


@webhooks_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def list_targets(as_json: bool) -> None:
    """Every target with what it is owed; exit 1 when something could not be delivered."""
    from zhengxiao.kernel.webhooks.api import targets_for
    from zhengxiao.lib.actors import SYSTEM

    names = ("name", "url", "state", "facts", "failures", "failing_since", "active_since")
    rows = [
        {name: getattr(row, name) for name in names}
        | {"account": row.user.username, "waiting": row.waiting_count, "dead": row.dead_count}  # type: ignore[attr-defined]
        for row in targets_for(SYSTEM).order_by("name")
    ]
    lines = [
        f"{r['name']}  {r['state']}  待送达 {r['waiting']}  未能送达 {r['dead']}  {r['url']}" for r in rows
    ]
    emit(rows, as_json=as_json, text="\n".join(lines) or "还没有推送目标")
    if any(row["dead"] for row in rows):
        sys.exit(FINDING)


@webhooks_command.command("dead")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def list_dead(as_json: bool) -> None:
    """What could not be delivered; exit 1 when there is any."""
    from zhengxiao.kernel.webhooks.api import MessageState, messages_for
    from zhengxiao.lib.actors import SYSTEM

    dead = messages_for(SYSTEM).filter(state=MessageState.DEAD).order_by("pk")[:1000]
    rows = [
        {
            "id": row.pk,
            "event": f"evt_{row.entry_id}",
            "target": row.target.name,
            "fact": row.fact,
            "subject": f"{row.subject_kind}/{row.subject_name}",
            "attempts": row.attempts,
        }
        for row in dead
    ]
    lines = [f"{r['id']}  {r['target']}  {r['fact']}  {r['subject']}  尝试 {r['attempts']} 次" for r in rows]
    emit(rows, as_json=as_json, text="\n".join(lines) or "没有未能送达的事件")
    if rows:
        sys.exit(FINDING)


@webhooks_command.command("resend")
@click.argument("target_name", metavar="TARGET")
@click.option("--message", "message_id", type=int, help="Only this one, by the id that `dead` prints.")
@click.option("--as", "username", help="In whose name; the platform itself by default.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def resend(target_name: str, message_id: int | None, username: str | None, as_json: bool) -> None:
    """Send again, under the same ids, what a target could not take."""
    from zhengxiao.kernel.webhooks.api import WebhookTarget, messages_resend

    at = datetime.now(UTC)
    target = WebhookTarget.objects.filter(name=target_name).first()
    if target is None:
        click.echo(f"没有名为“{target_name}”的推送目标", err=True)
        sys.exit(COULD_NOT)
    count = messages_resend(target=target, message_id=message_id, actor=_actor(username, at), at=at)
    emit({"resent": count}, as_json=as_json, text=f"已排队重新推送 {count} 条")


def _actor(username: str | None, at: datetime) -> Any:
    from zhengxiao.kernel.access.api import actor_for
    from zhengxiao.kernel.identity.api import user_by_username
    from zhengxiao.lib.actors import SYSTEM

    if username is None:
        return SYSTEM
    user = user_by_username(username)
    if user is None:
        click.echo(f"没有账号“{username}”", err=True)
        sys.exit(COULD_NOT)
    return actor_for(user, at=at)
