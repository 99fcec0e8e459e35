"""`zx due`, `zx elapsed`: the arithmetic of the calendar on the command line.

Without a migrated database the shipped years answer, so `zx due` works in a fresh checkout; the answer says so.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhengxiao.config.cli.output import COULD_NOT, FINDING, django_command, emit

if TYPE_CHECKING:
    from zhengxiao.kernel.calendar.api import DayLine, DayTable

WEEKDAYS = "一二三四五六日"
VERSION_TABLE = "calendar_calendarversion"
as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document.")
region_option = click.option(
    "--region", default="CN", show_default=True, help="Calendar key or 12-digit region code."
)


def table_of(region: str) -> tuple[DayTable, str]:
    """The day table of a region, and where it comes from: "database", or "shipped" when none is set up."""
    from django.db import DatabaseError, connection

    from zhengxiao.kernel.calendar.api import UnknownCalendar, day_table, is_region_code, shipped_table

    path = str(connection.settings_dict["NAME"])
    is_absent = connection.vendor == "sqlite" and "memory" not in path and not Path(path).exists()
    if not is_absent:
        try:
            return day_table(region), "database"
        except DatabaseError as error:
            if VERSION_TABLE not in str(error):
                click.echo(str(error), err=True)
                sys.exit(COULD_NOT)
    if region != "CN" and not is_region_code(region):
        raise UnknownCalendar(field="region", key=region)
    return shipped_table(), "shipped"


@click.command("due")
@click.option(
    "--from", "start", help="Date, or date and time (local to the calendar unless an offset is given)."
)
@click.option("--term", help="20wd, 2wh, 48h, 15d, 3m, 1y, 22dom, 1qe, on2026-12-31.")
@region_option
@click.option(
    "--pause", "pauses", multiple=True, help="A:B or the open A: (dates or dates and times); repeatable."
)
@click.option("--explain", is_flag=True, help="Every day, counted or not, by which rule and source.")
@click.option(
    "--csv", "source", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Many at once."
)
@click.option("--out", "target", type=click.Path(dir_okay=False, path_type=Path), help="Where --csv writes.")
@as_json
@django_command
def due_command(
    start: str | None,
    term: str | None,
    region: str,
    pauses: tuple[str, ...],
    explain: bool,
    source: Path | None,
    target: Path | None,
    as_json: bool,
) -> None:
    """When a term ends. Exit 1 when a row of a CSV file could not be answered."""
    from zhengxiao.kernel.calendar.api import Term, due_csv, read_moment, read_pause

    if source is not None:
        if target is None or start or term or pauses:
            raise click.UsageError("--csv IN goes with --out OUT and nothing else but --region and --json")
        result = due_csv(table_of(region)[0], source, target)
        text = (
            f"{result.read} 行，已计算 {result.answered} 行，未能计算 {result.failed} 行（原因见 error 列）。"
        )
        emit({**asdict(result), "out": str(target)}, as_json=as_json, text=text)
        sys.exit(FINDING if result.failed else 0)
    if not start or not term:
        raise click.UsageError("--from and --term are needed (or --csv and --out)")
    wanted = Term.parse(term)
    table, origin = table_of(region)
    begins = read_moment(start, table.zone)
    held = [read_pause(text, table.zone) for text in pauses]
    due = table.due(begins, wanted, held)
    answer: dict[str, Any] = {
        "due": due.at if wanted.unit.is_hourly else due.on,
        "due_at": due.at,
        "provisional": due.provisional,
        "paused": due.at is None,
        "term": str(wanted),
        "from": begins,
        "region": region,
        "zone": table.zone.key,
        "calendar_version": table.version,
        "calendar_source": origin,
        "confirmed_through": table.confirmed_through,
    }
    lines = table.explain(begins, wanted, held) if explain else []
    if explain:
        answer["days"] = [_line(line) for line in lines]
    emit(answer, as_json=as_json, text=_due_text(answer, lines))


def _line(line: DayLine) -> dict[str, Any]:
    return {**asdict(line), "label": line.reason.label}


def _due_text(answer: dict[str, Any], lines: list[DayLine]) -> str:
    text = []
    for line in lines:
        mark = "到期" if line.is_due else ""
        number = f"{line.seconds / 3600:.2f}h" if line.seconds is not None else (line.index or "")
        words = f"{line.reason.label}{' ' + line.name if line.name else ''}"
        text.append(f"{line.date} 周{WEEKDAYS[line.date.weekday()]} {number!s:>6} {words} {mark}".rstrip())
        if line.source_url:
            text[-1] += f"  {line.source_url}"
    if answer["due"] is None:
        text.append("暂停中，恢复后才有到期日。")
    else:
        day = answer["due"] if type(answer["due"]) is date else answer["due"].date()
        text.append(f"{answer['due']}（周{WEEKDAYS[day.weekday()]}）")
    if answer["provisional"]:
        text.append(f"暂定：日历只确认至 {answer['confirmed_through']}，其后按周一至周五估算。")
    if answer["calendar_source"] == "shipped":
        text.append("日历取自随产品发布的年度表（尚未建立数据库）。")
    return "\n".join(text)


@click.command("elapsed")
@click.option("--from", "start", required=True, help="Date, or date and time.")
@click.option("--to", "until", required=True, help="Date, or date and time.")
@region_option
@click.option("--unit", type=click.Choice(["wd", "wh", "h", "d"]), help="Print only this one, in its unit.")
@click.option("--pause", "pauses", multiple=True, help="A:B, repeatable.")
@as_json
@django_command
def elapsed_command(
    start: str, until: str, region: str, unit: str | None, pauses: tuple[str, ...], as_json: bool
) -> None:
    """Working days, working seconds and calendar days between two moments; the first day does not count."""
    from zhengxiao.kernel.calendar.api import Unit, read_moment, read_pause

    table, origin = table_of(region)
    begins, ends = read_moment(start, table.zone), read_moment(until, table.zone)
    held = [read_pause(text, table.zone) for text in pauses]
    last = max(table.local_date(begins), table.local_date(ends))
    answer: dict[str, Any] = {
        "working_days": table.used(begins, ends, Unit.WORKDAY, held),
        "working_seconds": table.used_seconds(begins, ends, Unit.WORKHOUR, held),
        "calendar_days": table.used(begins, ends, Unit.DAY, held),
        "seconds": table.used_seconds(begins, ends, Unit.HOUR, held),
        "provisional": table.is_provisional(min(table.local_date(begins), last), last),
        "from": begins,
        "to": ends,
        "region": region,
        "calendar_version": table.version,
        "calendar_source": origin,
    }
    text = f"{answer['working_days']} 个工作日，{answer['calendar_days']} 个自然日，"
    text += f"工作时间 {answer['working_seconds'] / 3600:.2f} 小时" + (
        "（暂定）" if answer["provisional"] else ""
    )
    if unit is not None:
        answer = {**answer, "unit": unit, "value": table.used(begins, ends, Unit(unit), held)}
        text = str(answer["value"])
    emit(answer, as_json=as_json, text=text)
