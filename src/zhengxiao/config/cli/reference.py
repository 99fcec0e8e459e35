"""`zx facts` and `zx check`: who says what and who listens, and whether the installation is well."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from zhengxiao.config.cli.output import FINDING, database_command, emit
from zhengxiao.config.cli.selfcheck import GREEN, RED, YELLOW, Checked, installation_findings

LEVELS = {"ok": GREEN, "warning": YELLOW, "alarm": RED}
MARKS = {GREEN: "✓", YELLOW: "!", RED: "✗"}
SLOW, STUCK = timedelta(minutes=2), timedelta(minutes=15)
"""A fact that waits this long for its reactions is a warning, or red."""


@click.command("facts")
@click.option(
    "--workflows", "folder", type=click.Path(file_okay=False), help="Write a diagram per workflow here."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def facts_command(folder: str | None, as_json: bool) -> None:
    """Every declared fact with its text, the app that says it and who listens."""
    from zhengxiao.kernel.timeline.api import facts, subscribers_of

    rows: list[dict[str, Any]] = [
        {
            "fact": fact.name,
            "app": fact.name.split(".")[0],
            "subject": fact.subject,
            "label": str(fact.label),
            "text": str(fact.text),
            "listeners": [subscription.name for subscription in subscribers_of(fact.name)],
        }
        for fact in sorted(facts.values(), key=lambda fact: fact.name)
    ]
    if folder is not None:
        _write_diagrams(folder)
    lines = [
        f"{row['fact']:<32} {row['label']}  {row['text']}"
        + (f"  → {'、'.join(row['listeners'])}" if row["listeners"] else "")
        for row in rows
    ]
    emit(rows, as_json=as_json, text="\n".join(lines))


def _write_diagrams(folder: str) -> None:
    from pathlib import Path

    from zhengxiao.kernel.workflow.api import document, workflows

    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for workflow in workflows.values():
        path = target / f"{workflow.name}.md"
        path.write_text(document(workflow), encoding="utf-8")
        click.echo(str(path), err=True)


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def check_command(as_json: bool) -> None:
    """Health: runner, jobs, deliveries, calendar, migrations, configuration, durability, clocks. Exit 1 when something is red."""
    found = findings(datetime.now(UTC))
    counts = Counter(finding.level for finding in found)
    worst = next((level for level in (RED, YELLOW) if counts[level]), GREEN)
    lines = [f"{MARKS[finding.level]} {finding.name:<20} {finding.text}" for finding in found]
    result = {"level": worst, "findings": [asdict(finding) for finding in found]}
    emit(result, as_json=as_json, text="\n".join(lines))
    if worst == RED:
        sys.exit(FINDING)


def findings(at: datetime) -> list[Checked]:
    """All lines of the report at `at`. While migrations wait, what stands in the tables is not asked."""
    settled = [*_configuration(), *_subscriptions()]
    migrations = _migrations()
    if migrations.level == RED:
        return [migrations, *settled]
    state = [*_background(at), _deliveries(at), *_calendars(at)]
    return [migrations, *state, *settled, *installation_findings()]


def _migrations() -> Checked:
    from zhengxiao.config.cli.server import open_migrations

    waiting = open_migrations()
    if waiting:
        return Checked("migrations", RED, f"有 {len(waiting)} 个数据库迁移未执行，请运行 zx migrate")
    return Checked("migrations", GREEN, "数据库结构已是最新")


def _background(at: datetime) -> list[Checked]:
    from zhengxiao.kernel.jobs.api import health

    return [
        Checked(finding.name, LEVELS[finding.level], finding.text.format(**finding.params))
        for finding in health(at=at)
    ]


def _deliveries(at: datetime) -> Checked:
    from zhengxiao.kernel.timeline.api import backlog

    waiting = backlog(at=at)
    age = at - waiting.oldest if waiting.oldest else timedelta(0)
    text = f"待送达 {waiting.waiting} 条，最久等待 {int(age.total_seconds())} 秒，搁置 {waiting.parked} 条"
    level = RED if waiting.parked or age > STUCK else YELLOW if age > SLOW else GREEN
    return Checked("deliveries", level, text)


def _calendars(at: datetime) -> list[Checked]:
    from zhengxiao.kernel.calendar.api import horizon_findings

    return [
        Checked(f"calendar.{finding.key}", finding.level, finding.text) for finding in horizon_findings(at=at)
    ] or [Checked("calendar", RED, "没有任何已确认的工作日历")]


def _subscriptions() -> list[Checked]:
    from zhengxiao.kernel.timeline.api import unknown_subscriptions

    unknown = unknown_subscriptions()
    if unknown:
        return [Checked("subscriptions", RED, f"订阅了未声明的事实：{'、'.join(unknown)}")]
    return [Checked("subscriptions", GREEN, "每个订阅都有对应的事实")]


def _configuration() -> list[Checked]:
    """Django's own checks, and settings that do not belong on a real installation."""
    from django.conf import settings
    from django.core.checks import ERROR, run_checks

    found = [
        Checked(f"configuration.{message.id}", RED if message.level >= ERROR else YELLOW, str(message.msg))
        for message in run_checks()
    ]
    if settings.DEMO:
        found.append(Checked("configuration.demo", YELLOW, "演示模式：登录页列出示例账号，不得用于真实系统"))
    return found or [Checked("configuration", GREEN, "配置正常")]
