"""`zx files`: what people handed in, by the operator of the machine."""

from __future__ import annotations

from datetime import datetime

import click

from zhengxiao.config.cli.output import database_command, emit
from zhengxiao.lib.actors import SYSTEM


@click.group("files")
def files_command() -> None:
    """Uploaded files: scan them again."""


@files_command.command("rescan")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def rescan(as_json: bool) -> None:
    """Ask for every file to be scanned again, in the background."""
    from zhengxiao.kernel.files.api import rescan_request

    job = rescan_request(actor=SYSTEM, at=_now())
    emit({"job": job}, as_json=as_json, text=f"已排入后台任务 {job}，由 zx work 执行。")


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()
