"""`zx import KIND FILE --profile P`: bring a file of another system in."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhengxiao.config.cli.output import COULD_NOT, FINDING, database_command, emit

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhengxiao.kernel.exchange.api import ImportRun, Progress
    from zhengxiao.lib.actors import Actor

SHOWN_REJECTIONS = 20


@click.command(name="import")
@click.argument("kind")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--profile", "profile_name", required=True, help="Name of a profile, or a TOML file.")
@click.option("--dry-run", is_flag=True, help="Check everything, write no subject.")
@click.option(
    "--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Write refused rows to this CSV."
)
@click.option(
    "--batch", default=500, show_default=True, type=click.IntRange(1, 10_000), help="Units per transaction."
)
@click.option("--as", "username", help="Act as this user; the system itself unless given.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def import_command(
    kind: str,
    file: Path,
    profile_name: str,
    dry_run: bool,
    rejects: Path | None,
    batch: int,
    username: str | None,
    as_json: bool,
) -> None:
    """Bring FILE in through a profile. KIND: items, cases, penalties, receipts. Counts are in these, rows beside them.

    Interrupted, the same command goes on where it stopped; repeated, it changes nothing. Exit 0: all in; 1:
    some were refused; 2: it could not be done.
    """
    from django.db import DatabaseError

    from zhengxiao.kernel.exchange.api import profile_for, run_import

    at = datetime.now(UTC)
    profile = profile_for(profile_name, kind=kind)
    try:
        run = run_import(
            profile=profile,
            path=file,
            dry_run=dry_run,
            actor=_actor(username, at),
            at=at,
            batch_size=batch,
            on_progress=_bar(file.name) if sys.stderr.isatty() else None,
            now=lambda: datetime.now(UTC),
        )
    except DatabaseError as error:
        click.echo(str(error), err=True)
        sys.exit(COULD_NOT)
    if rejects is not None:
        _write_rejects(run, rejects)
    emit(_answer(run), as_json=as_json, text=_summary(run, rejects))
    sys.exit(FINDING if run.rejected else 0)


def _actor(username: str | None, at: datetime) -> Actor:
    from zhengxiao.kernel.access.api import actor_for, require
    from zhengxiao.kernel.identity.api import user_by_username
    from zhengxiao.lib.actors import SYSTEM

    if username is None:
        return SYSTEM
    actor = actor_for(user_by_username(username), at=at)
    require(actor, "imports.run")
    return actor


def _bar(name: str) -> Callable[[Progress], None]:
    def show(progress: Progress) -> None:
        filled = progress.percent * 30 // 100
        bar = "█" * filled + "░" * (30 - filled)
        ending = "\n" if progress.percent >= 99 else ""
        line = f"\r{name} {bar} {progress.percent:3d}% {progress.units:,} / {progress.rows:,}{ending}"
        click.echo(line, err=True, nl=False)

    return show


def _answer(run: ImportRun) -> dict[str, Any]:
    from zhengxiao.kernel.exchange.api import rejections_of, run_counts, warnings_of

    first = rejections_of(run)[:SHOWN_REJECTIONS]
    return {
        **run_counts(run),
        "run": run.pk,
        "dry_run": run.dry_run,
        "warnings": warnings_of(run).count(),
        "rejections": [
            {
                "row_from": rejection.row_from,
                "row_to": rejection.row_to,
                "source_id": rejection.source_id,
                "field": rejection.field,
                "code": rejection.code,
                "reason": rejection.reason,
            }
            for rejection in first
        ],
    }


def _summary(run: ImportRun, rejects: Path | None) -> str:
    answer = _answer(run)
    lines = [
        ("试导入（未写入）" if run.dry_run else "导入")
        + f"批次 {run.pk}：读取 {run.read}（{run.rows_read} 行）",
        f"新增 {run.accepted}，更新 {run.updated}，未变 {run.unchanged}，拒收 {run.rejected}，"
        f"提醒 {answer['warnings']}",
        *(
            f"  第 {entry['row_from']} 行 {entry['source_id']}：{entry['reason']}"
            for entry in answer["rejections"]
        ),
    ]
    if run.rejected > SHOWN_REJECTIONS:
        lines.append("  ……")
    if rejects is not None:
        lines.append(f"拒收的行已写入 {rejects}")
    return "\n".join(lines)


def _write_rejects(run: ImportRun, path: Path) -> None:
    from zhengxiao.kernel.exchange.api import rejected_rows
    from zhengxiao.lib.spreadsheets import write_csv

    headers, rows = rejected_rows(run)
    with path.open("wb") as stream:
        write_csv(stream, headers, rows)
