"""`zx calendar`, `zx due`, `zx elapsed`: the working-day calendar and its arithmetic on the command line.

Without a migrated database the shipped years answer, so `zx due` works in a fresh checkout; the answer says
so.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhengxiao.config.cli.output import COULD_NOT, FINDING, django_command, emit

if TYPE_CHECKING:
    from zhengxiao.kernel.calendar.api import Arrangement, CalendarVersion, DayLine, DayTable
    from zhengxiao.lib.actors import Actor

WEEKDAYS = "一二三四五六日"
VERSION_TABLE = "calendar_calendarversion"
as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document.")
region_option = click.option(
    "--region", default="CN", show_default=True, help="Calendar key or 12-digit region code."
)


def _table(region: str) -> tuple[DayTable, str]:
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


def _actor(username: str | None, action: str, at: datetime) -> Actor:
    """The person named, if their posts allow the action; the system itself when nobody is named."""
    from zhengxiao.kernel.access.api import actor_for, require
    from zhengxiao.kernel.identity.api import user_by_username
    from zhengxiao.lib.actors import SYSTEM

    if username is None:
        return SYSTEM
    actor = actor_for(user_by_username(username), at=at)
    require(actor, action)
    return actor


def _moment(text: str | None) -> datetime:
    from zhengxiao.kernel.calendar.api import read_moment, shipped_table

    return datetime.now(UTC) if text is None else read_moment(text, shipped_table().zone)


# --- zx due, zx elapsed ------------------------------------------------------------------------------------------


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
        result = due_csv(_table(region)[0], source, target)
        text = (
            f"{result.read} 行，已计算 {result.answered} 行，未能计算 {result.failed} 行（原因见 error 列）。"
        )
        emit({**asdict(result), "out": str(target)}, as_json=as_json, text=text)
        sys.exit(FINDING if result.failed else 0)
    if not start or not term:
        raise click.UsageError("--from and --term are needed (or --csv and --out)")
    wanted = Term.parse(term)
    table, origin = _table(region)
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

    table, origin = _table(region)
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


# --- zx calendar -------------------------------------------------------------------------------------------------


@click.group("calendar")
def calendar_command() -> None:
    """Working days: import or propose a version, confirm it as another person, check the horizon, show the
    days.
    """


@calendar_command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@region_option
@click.option("--url", default="", help="Address of the notice, when FILE is its text.")
@click.option("--as", "username", help="Who proposes; the platform itself when left out.")
@click.option("--at", "moment", help="The moment it happens; now when left out.")
@as_json
@django_command
def import_days(
    file: Path, region: str, url: str, username: str | None, moment: str | None, as_json: bool
) -> None:
    """Propose what a yearly JSON, a TOML or the text of a notice says. It counts once a person confirms it."""
    _propose(_text_of(file), region=region, url=url, username=username, moment=moment, as_json=as_json)


@calendar_command.command("propose")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--text", help="The text of the notice itself.")
@region_option
@click.option("--url", default="", help="Address of the notice.")
@click.option("--as", "username", required=True, help="Who proposes; another person must confirm.")
@click.option("--at", "moment", help="The moment it happens; now when left out.")
@as_json
@django_command
def propose_days(
    file: Path | None,
    text: str | None,
    region: str,
    url: str,
    username: str,
    moment: str | None,
    as_json: bool,
) -> None:
    """Put a version forward as a person."""
    if (file is None) == (text is None):
        raise click.UsageError("give either FILE or --text")
    content = _text_of(file) if file is not None else str(text)
    _propose(content, region=region, url=url, username=username, moment=moment, as_json=as_json)


def _text_of(file: Path) -> str:
    content = file.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _propose(
    content: str, *, region: str, url: str, username: str | None, moment: str | None, as_json: bool
) -> None:
    from zhengxiao.kernel.calendar.api import day_table, read_arrangements
    from zhengxiao.kernel.clock.api import calendar_propose_recorded

    at = _moment(moment)
    actor = _actor(username, "calendar.propose", at)
    made, unchanged = [], []
    for arrangement in read_arrangements(content, url=url):
        if username is None and _holds_already(day_table(region), arrangement):
            unchanged.append(arrangement.title)
            continue
        span = arrangement.confirmed or (None, None)
        version = calendar_propose_recorded(
            key=region,
            days=arrangement.marks,
            source_title=arrangement.title,
            source_url=arrangement.url,
            confirmed_from=span[0],
            confirmed_through=span[1],
            actor=actor,
            at=at,
        )
        made.append(_version(version))
    text = "\n".join(
        [f"已提出版本 {one['id']}：{one['source']}（{one['days']} 天），待另一人确认。" for one in made]
        + [f"没有变化：{title} 已经生效。" for title in unchanged]
    )
    emit({"versions": made, "unchanged": unchanged}, as_json=as_json, text=text)


def _holds_already(table: DayTable, arrangement: Arrangement) -> bool:
    marks = table.marks
    same = all(
        mark.date in marks and marks[mark.date].is_workday == mark.is_workday for mark in arrangement.marks
    )
    return same and (arrangement.confirmed is None or not table.is_provisional(*arrangement.confirmed))


def _version(version: CalendarVersion) -> dict[str, Any]:
    return {
        "id": version.pk,
        "region": version.calendar.key,
        "number": version.number,
        "state": str(version.state),
        "sequence": version.sequence,
        "source": version.source_title,
        "url": version.source_url,
        "confirmed_from": version.confirmed_from,
        "confirmed_through": version.confirmed_through,
        "days": version.days.count(),
    }


@calendar_command.command("confirm")
@click.argument("version", type=int)
@click.option("--as", "username", required=True, help="Who confirms; not the person who proposed.")
@click.option("--at", "moment", help="The moment it happens; now when left out.")
@as_json
@django_command
def confirm_days(version: int, username: str, moment: str | None, as_json: bool) -> None:
    """Put a proposed version into force (VERSION: the id that import or propose printed); running deadlines
    move.
    """
    from zhengxiao.kernel.calendar.api import CalendarVersion
    from zhengxiao.kernel.clock.api import calendar_confirm

    at = _moment(moment)
    moved = calendar_confirm(version_id=version, actor=_actor(username, "calendar.confirm", at), at=at)
    confirmed = _version(CalendarVersion.objects.select_related("calendar").get(pk=version))
    text = f"版本 {version} 已生效：{confirmed['source']}。{moved} 个在办时限的到期日变动。"
    emit({**confirmed, "moved": moved}, as_json=as_json, text=text)


@calendar_command.command("check")
@click.option("--at", "moment", help="The moment to judge; now when left out.")
@as_json
@django_command
def check_days(moment: str | None, as_json: bool) -> None:
    """Whether the calendar reaches far enough. Exit 1 when red: from 1 December without the next year."""
    from zhengxiao.kernel.calendar.api import horizon_findings, horizon_of

    at = _moment(moment)
    table, origin = _table("CN")
    findings = horizon_findings(at=at) if origin == "database" else [horizon_of(table, at=at)]
    level = max((finding.level for finding in findings), key=["green", "yellow", "red"].index)
    answer = {
        "level": level,
        "findings": [asdict(finding) for finding in findings],
        "calendar_source": origin,
    }
    emit(answer, as_json=as_json, text="\n".join(f"{one.level}  {one.text}" for one in findings))
    sys.exit(FINDING if level == "red" else 0)


@calendar_command.command("show")
@region_option
@click.option("--year", type=click.IntRange(1900, 2299), help="This year when left out.")
@as_json
@django_command
def show_days(region: str, year: int | None, as_json: bool) -> None:
    """The days of a year that differ from the ordinary week, each with its source, and the versions that
    wait.
    """
    table, origin = _table(region)
    year = year or table.local_date(datetime.now(UTC)).year
    first, last = date(year, 1, 1), date(year, 12, 31)
    marks = [table.marks[day] for day in sorted(table.marks) if first <= day <= last]
    answer = {
        "region": region,
        "year": year,
        "zone": table.zone.key,
        "calendar_version": table.version,
        "calendar_source": origin,
        "confirmed": not table.is_provisional(first, last),
        "confirmed_from": table.confirmed_from,
        "confirmed_through": table.confirmed_through,
        "working_days": table.workdays_between(date(year - 1, 12, 31), last),
        "days": [asdict(mark) for mark in marks],
        "sessions": [f"{one.opens:%H:%M}-{one.closes:%H:%M}" for one in table.sessions],
        "waiting": _waiting() if origin == "database" else [],
    }
    text = [
        f"{region} {year} 年：{answer['working_days']} 个工作日"
        + ("" if answer["confirmed"] else "（未公布，估算）")
    ]
    for mark in marks:
        what = "上班" if mark.is_workday else "放假"
        text.append(
            f"{mark.date} 周{WEEKDAYS[mark.date.weekday()]} {what} {mark.name}  {mark.source_url}".rstrip()
        )
    text += [f"待确认版本 {one['id']}：{one['source']}" for one in answer["waiting"]]
    emit(answer, as_json=as_json, text="\n".join(text))


def _waiting() -> list[dict[str, Any]]:
    from zhengxiao.kernel.calendar.api import versions_waiting

    return [_version(version) for version in versions_waiting()]
