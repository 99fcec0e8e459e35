"""`zx check-publicity FILE`: a table of double publicity against the field rules, cell by cell. Needs no database."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zhengxiao.config.cli.output import COULD_NOT, FINDING
from zhengxiao.lib.refusals import Refusal
from zhengxiao.lib.spreadsheets import Limits, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhengxiao.mechanisms.disclosures.checkfile import FileCheck
    from zhengxiao.mechanisms.disclosures.checking import Fault

HEADERS = ("行", "字段", "名称", "值", "原因")
LIMITS = Limits(max_bytes=16 << 30, max_ratio=200, memory=2 << 30, cpu_seconds=300, wall_seconds=300)


@click.command(name="check-publicity")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(["licence", "penalty"]), help="Told by the header unless given.")
@click.option("--sheet", default="", help="Sheet of an Excel file; the first one unless given.")
@click.option("--encoding", default="auto", show_default=True, help="Of a CSV file.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Judge days as of this day.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(0), help="Faults shown; 0: all.")
@click.option(
    "--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Write all faults to this Excel file."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def check_publicity_command(
    file: Path,
    kind: str | None,
    sheet: str,
    encoding: str,
    today: datetime | None,
    limit: int,
    xlsx: Path | None,
    as_json: bool,
) -> None:
    """Check FILE (CSV or XLSX, licences or penalties) against the field rules of double publicity.

    Each fault with its row, column, value (numbers of persons masked) and reason. Exit 0: sound; 1: faults; 2: unreadable.
    """
    from zhengxiao.mechanisms.disclosures.checkfile import FileCheck
    from zhengxiao.mechanisms.disclosures.rules import Kind

    day = today.date() if today else datetime.now().astimezone().date()
    checked = FileCheck(file, day, Kind(kind) if kind else None, sheet, encoding, LIMITS)
    try:
        if xlsx is not None:
            _excel(checked, xlsx)
        elif as_json:
            _json(checked, limit)
        else:
            _table(checked, limit)
    except Refusal as refusal:
        click.echo(refusal.text, err=True)
        sys.exit(COULD_NOT)
    sys.exit(FINDING if checked.count else 0)


def _shown(checked: FileCheck, limit: int) -> Iterator[Fault]:
    """The first faults; the rest is counted and not told."""
    for number, fault in enumerate(checked.faults()):
        if not limit or number < limit:
            yield fault


def _table(checked: FileCheck, limit: int) -> None:
    for fault in _shown(checked, limit):
        value = f"“{fault.value}”" if fault.value else "（空）"
        click.echo(f"第 {fault.row} 行 {fault.name} {fault.label} {value}：{fault.reason}")
    click.echo(_summary(checked, limit))


def _summary(checked: FileCheck, limit: int) -> str:
    kind = {"licence": "行政许可", "penalty": "行政处罚"}[checked.kind or "licence"]
    lines = [f"{kind}：{checked.rows:,} 行，{checked.faulty_rows:,} 行有错，共 {checked.count:,} 处"]
    if limit and checked.count > limit:
        lines[0] += f"（只列出前 {limit} 处）"
    for (name, reason), count in checked.counts.most_common(20):
        lines.append(f"  {count:>9,}  {name or '整行'}  {reason}")
    if checked.unknown:
        lines.append("未检查的列：" + "、".join(checked.unknown))
    return "\n".join(lines)


def _json(checked: FileCheck, limit: int) -> None:
    """Written as it is found: the memory does not grow with the faults."""
    click.echo('{"faults": [', nl=False)
    comma = ""
    for fault in _shown(checked, limit):
        told = {"row": fault.row, "field": fault.name, "value": fault.value, "reason": fault.reason}
        click.echo(comma + json.dumps(told, ensure_ascii=False), nl=False)
        comma = ",\n"
    end = {
        "kind": checked.kind,
        "rows": checked.rows,
        "faulty_rows": checked.faulty_rows,
        "count": checked.count,
        "counts": [
            {"field": name, "reason": reason, "count": count}
            for (name, reason), count in checked.counts.most_common()
        ],
        "unknown_columns": checked.unknown,
    }
    click.echo("], " + json.dumps(end, ensure_ascii=False)[1:])


def _excel(checked: FileCheck, path: Path) -> None:
    rows = ((fault.row, fault.name, fault.label, fault.value, fault.reason) for fault in checked.faults())
    with path.open("wb") as stream:
        write_xlsx(stream, "双公示检查", HEADERS, rows)
    click.echo(_summary(checked, 0))
    click.echo(f"全部原因已写入 {path}")
