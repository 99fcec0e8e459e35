"""`zx accept-loss`: the history goes on from what is here, and what was witnessed beyond it is given up for everybody to see."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from zhengxiao.config.cli.output import COULD_NOT, FINDING, database_command, emit


@click.command("accept-loss")
@click.option("--as", "username", required=True, help="The system administrator who answers for it.")
@click.option("--ground", required=True, help="Which failure, and who approved that the history goes on.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def accept_loss_command(username: str, ground: str, as_json: bool) -> None:
    """Go on although the checkpoint outside is ahead of the database. The lost leaves are named on the timeline and outside."""
    from zhengxiao.kernel.access.api import actor_for
    from zhengxiao.kernel.identity.api import user_by_username
    from zhengxiao.kernel.proof.api import checkpoint_issue, loss_accept, loss_lay_down

    at = datetime.now(UTC)
    try:
        loss = loss_accept(ground=ground, actor=actor_for(user_by_username(username), at=at), at=at)
    except OSError as error:
        click.echo(f"外部目录无法读取：{error}", err=True)
        sys.exit(COULD_NOT)
    lost, size, said = loss.standing, 0, ""
    try:
        loss_lay_down(loss)
        head = checkpoint_issue(at=at)
        size = head.size if head else 0
    except OSError as error:
        said = f"外部目录写入失败（{error}）：请把下列文字另行存为 {loss.path.name}，并运行 zx checkpoint。\n{loss.text}"
    result = {"lost": lost.lost, "kept": lost.kept, "root": lost.root, "size": size, "note": loss.text}
    text = f"{lost.text}\n已接受丢失并记入时间线；新的检查点大小 {size}。"
    emit({**result, "outside": not said}, as_json=as_json, text=text)
    if said:
        click.echo(said, err=True)
        sys.exit(FINDING)
