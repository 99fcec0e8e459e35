"""`zx keys`: the keys personal data is sealed with, by the operator of the machine."""

from __future__ import annotations

from datetime import datetime

import click

from zhengxiao.config.cli.output import database_command, emit
from zhengxiao.lib.actors import SYSTEM

_json = click.option("--json", "as_json", is_flag=True, help="One JSON document.")


@click.group("keys")
def keys_command() -> None:
    """Keys of personal data: list, rotate, reseal. The keys themselves are never printed."""


@keys_command.command("list")
@_json
@database_command
def list_(as_json: bool) -> None:
    """Every key by name, whether it seals now, and how many rows hold something sealed by it."""
    from zhengxiao.backbone.parties.api import keys_in_use

    rows = [{"name": k.name, "current": k.is_current, "rows": k.rows} for k in keys_in_use()]
    lines = [
        f"{row['name'] or '（由安装密钥派生）'}  {'当前' if row['current'] else '    '}  {row['rows']}"
        for row in rows
    ]
    emit(rows, as_json=as_json, text="\n".join(lines))


@keys_command.command("rotate")
@_json
@database_command
def rotate(as_json: bool) -> None:
    """Make a key that seals from now on, and have everything sealed anew in the background."""
    from zhengxiao.backbone.parties.api import key_rotate

    name = key_rotate(actor=SYSTEM, at=_now())
    emit(
        {"name": name},
        as_json=as_json,
        text=f"新密钥 {name} 已启用；换用由 zx work 在后台进行。请立即备份密钥。",
    )


@keys_command.command("reseal")
@_json
@database_command
def reseal(as_json: bool) -> None:
    """Ask again for everything to be sealed under the current key, in the background."""
    from zhengxiao.backbone.parties.api import reseal_request

    job = reseal_request(actor=SYSTEM, at=_now())
    emit({"job": job}, as_json=as_json, text=f"已排入后台任务 {job}，由 zx work 执行。")


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()
