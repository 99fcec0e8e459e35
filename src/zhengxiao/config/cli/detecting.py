"""`zx detection`: install the shipped supervision rules, hold rules against the past, look now."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from zhengxiao.config.cli.output import database_command, emit


@click.group("detection")
def detection_command() -> None:
    """Supervision rules beyond time."""


@detection_command.command("install")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def install_command(as_json: bool) -> None:
    """The shipped rules as drafts; those that are there stay as they are."""
    from zhengxiao.mechanisms.detection.api import install_rules

    made = [version.rule.code for version in install_rules(at=datetime.now(UTC))]
    emit({"installed": made}, as_json=as_json, text="\n".join(made) or "所有随附规则都已在库中。")


@detection_command.command("look")
@click.option("--all", "everything", is_flag=True, help="All cases, not only those of the last two months.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def look_command(everything: bool, as_json: bool) -> None:
    """Hold the rules on trial and in force against the cases now, as the nightly run does."""
    from zhengxiao.mechanisms.detection.api import look_at_all, look_nightly

    now = datetime.now(UTC)
    looked = look_at_all(at=now) if everything else look_nightly(now)
    emit(
        {"cases": looked.cases, "found": looked.found},
        as_json=as_json,
        text=f"检查办件 {looked.cases:,} 件，新发现 {looked.found:,} 项。",
    )
