"""`zx calendar`: days come in, a second person confirms them, the horizon is checked, a year is shown.

`due` and `elapsed` live beside it in `dues` and are named here because the command table points here.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhengxiao.config.cli.dues import WEEKDAYS, as_json, due_command, elapsed_command, region_option, table_of
from zhengxiao.config.cli.output import FINDING, database_command, emit

if TYPE_CHECKING:
    from zhengxiao.kernel.calendar.api import Arrangement, CalendarVersion, DayTable
    from zhengxiao.lib.actors import Actor

__all__ = ["calendar_command", "due_command", "elapsed_command"]


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
@database_command
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
@database_command
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
@database_command
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
@database_command
def check_days(moment: str | None, as_json: bool) -> None:
    """Whether the calendar reaches far enough. Exit 1 when red: from 1 December without the next year."""
    from zhengxiao.kernel.calendar.api import horizon_findings, horizon_of

    at = _moment(moment)
    table, origin = table_of("CN")
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
@database_command
def show_days(region: str, year: int | None, as_json: bool) -> None:
    """The days of a year that differ from the ordinary week, each with its source, and the versions that
    wait.
    """
    table, origin = table_of(region)
    year = year or table.local_date(datetime.now(UTC)).year
    first, last = date(year, 1, 1), date(year, 12, 31)
    marks = [table.marks[day] for day in sorted(table.marks) if first <= day <= last]
    waiting = _waiting() if origin == "database" else []
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
        "waiting": waiting,
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
    text += [f"待确认版本 {one['id']}：{one['source']}" for one in waiting]
    emit(answer, as_json=as_json, text="\n".join(text))


def _waiting() -> list[dict[str, Any]]:
    from zhengxiao.kernel.calendar.api import versions_waiting

    return [_version(version) for version in versions_waiting()]
