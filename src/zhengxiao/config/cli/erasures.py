"""`zx erase`: personal data of a case or an applicant out of the record; leaves and proofs stay valid."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from zhengxiao.config.cli.output import FINDING, database_command, emit


@click.command("erase")
@click.argument("kind")
@click.argument("number")
@click.option("--as", "username", required=True, help="The security administrator who answers for it.")
@click.option(
    "--ground", required=True, help="For example day and number of the request. It stays on the timeline."
)
@click.option("--yes", is_flag=True, help="Erase for good; without it, only how much there is.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def erase_command(kind: str, number: str, username: str, ground: str, yes: bool, as_json: bool) -> None:
    """Erase the personal data of KIND (case, party) NUMBER. Exit 1 when it only looked."""
    from zhengxiao.kernel.access.api import actor_for
    from zhengxiao.kernel.identity.api import user_by_username
    from zhengxiao.kernel.proof.api import personal_count, personal_erase, subject_to_erase

    at = datetime.now(UTC)
    actor = actor_for(user_by_username(username), at=at)
    subject = subject_to_erase(kind=kind, number=number, actor=actor)
    if yes:
        count = personal_erase(subject=subject, ground=ground, actor=actor, at=at)
        text = f"已清除 {count} 处个人信息。散列和证明保持有效。"
    else:
        count = personal_count(subject)
        text = f"现有 {count} 处个人信息。确认清除请加 --yes，清除后不能恢复。"
    emit({"kind": subject.kind, "id": subject.id, "values": count, "erased": yes}, as_json=as_json, text=text)
    if not yes:
        sys.exit(FINDING)
