"""Profiles as TOML files: strict reading (an unknown key is refused with its path) and the folders they lie
in.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
import zoneinfo
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zhengxiao.kernel.exchange.moments import SHIFTS, MomentFormats, check_format
from zhengxiao.kernel.exchange.profile import Column, EventLog, LimitSource, Profile
from zhengxiao.lib.refusals import Refusal, gettext_noop
from zhengxiao.lib.registry import Registry

FORMATS = ("csv", "xlsx", "ndjson", "xes")
FOLDERS: Registry[Path] = Registry("profile folder")
_MAX_PROFILE = 1 << 20


class BadProfile(Refusal):
    template = gettext_noop("导入配置有误：{path}：{why}。")


class NoSuchProfile(Refusal):
    template = gettext_noop("没有名为“{name}”的导入配置，现有：{known}。")


def register_profiles(app: str, folder: Path) -> None:
    """Make the *.toml profiles of `folder` known by name (the file's name without ending)."""
    FOLDERS.add(app, folder)


def profile_names(kind: str = "") -> list[tuple[str, str]]:
    """(name, title) of the profiles known by name, of one kind if given; faulty ones are left out."""
    found = []
    for name, path in sorted(_files().items()):
        try:
            profile = profile_read(path)
        except BadProfile:
            continue
        if not kind or profile.kind == kind:
            found.append((name, profile.title))
    return found


def profile_load(name: str) -> Profile:
    """The profile of that name or path. Raises NoSuchProfile, BadProfile."""
    known = _files()
    if name in known:
        return profile_read(known[name])
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return profile_read(path)
    raise NoSuchProfile(name=name, known="、".join(sorted(known)) or "—")


def profile_read(path: Path) -> Profile:
    """The profile in one file. Raises BadProfile with the path of the key at fault."""
    try:
        content = path.read_bytes()
        if len(content) > _MAX_PROFILE:
            raise BadProfile(path=path.name, why="> 1 MB")
        data = tomllib.loads(content.decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadProfile(path=path.name, why=str(error)) from error
    return profile_from(data, name=path.stem)


def profile_from(data: Mapping[str, Any], *, name: str) -> Profile:
    """A profile from parsed TOML. Raises BadProfile."""
    top = _Table(data, "")
    form = top.choice("format", FORMATS)
    source, times, limit = top.table("file"), top.table("times"), top.table("limit")
    tables = {key: top.table("tables").texts(key) for key in top.table("tables").data}
    columns = {key: _column(top.table("columns"), key, tables) for key in top.table("columns").data}
    if "source_id" not in columns:
        raise BadProfile(path="columns.source_id", why=gettext_noop("缺少来源编号"))
    profile = Profile(
        name=name,
        title=top.text("title", name),
        kind=top.text("kind"),
        system=top.text("system"),
        format=form,
        columns=columns,
        encoding=source.text("encoding", "auto"),
        delimiter=source.text("delimiter", ","),
        sheet=source.text("sheet", ""),
        header_row=source.number("header_row", 1),
        calendar=top.text("calendar", "CN"),
        moments=_moments(times),
        states=top.texts("states"),
        limit=_limit(limit),
        events=_events(top.table("events")) if "events" in data else None,
        options=top.options("options"),
        fingerprint=hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest(),
    )
    for table in (top.table("tables"), top.table("columns"), source, times, limit, top):
        table.all_known()
    if len(profile.delimiter) != 1 or profile.header_row < 1:
        raise BadProfile(path="file", why=f"delimiter={profile.delimiter!r} header_row={profile.header_row}")
    return profile


def _files() -> dict[str, Path]:
    return {path.stem: path for folder in FOLDERS.values() for path in sorted(folder.glob("*.toml"))}


def _column(columns: _Table, key: str, tables: Mapping[str, Mapping[str, str]]) -> Column:
    value = columns.take(key)
    if isinstance(value, str):
        return Column(columns=(value,))
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return Column(columns=tuple(value))
    if not isinstance(value, dict):
        raise BadProfile(path=f"columns.{key}", why=repr(value)[:60])
    entry = _Table(value, f"columns.{key}.")
    names = entry.take("column", [])
    table = entry.text("table", "")
    if table and table not in tables:
        raise BadProfile(path=f"columns.{key}.table", why=table)
    column = Column(
        columns=tuple([names] if isinstance(names, str) else names),
        constant=entry.take("constant", None),
        default=entry.text("default", ""),
        table=tables[table] if table else None,
        strict=bool(entry.take("strict", True)),
        required=bool(entry.take("required", False)),
    )
    entry.all_known()
    if (column.constant is None) == (not column.columns):
        raise BadProfile(path=f"columns.{key}", why="column | constant")
    return column


def _moments(times: _Table) -> MomentFormats:
    formats = times.take("formats", ["iso"])
    zone = times.text("zone", "Asia/Shanghai")
    try:
        for pattern in formats:
            check_format(pattern)
        zoneinfo.ZoneInfo(zone)
    except (ValueError, TypeError, OSError, zoneinfo.ZoneInfoNotFoundError) as error:
        raise BadProfile(path="times", why=str(error)) from error
    shift = times.take("shift", "none")
    if shift not in SHIFTS:
        raise BadProfile(path="times.shift", why=f"{shift} ∉ {SHIFTS}")
    return MomentFormats(formats=tuple(formats), zone=zone, shift=shift)


def _limit(limit: _Table) -> LimitSource:
    source = LimitSource(
        term=limit.text("term", ""),
        column=limit.text("column", ""),
        due=limit.text("due", ""),
        default_unit=limit.text("default_unit", ""),
    )
    if sum(map(bool, (source.term, source.column, source.due))) > 1:
        raise BadProfile(path="limit", why="term | column | due")
    return source


def _events(events: _Table) -> EventLog:
    log = EventLog(
        case=events.text("case"),
        activity=events.text("activity", ""),
        moment=events.text("moment", ""),
        resource=events.text("resource", ""),
        lifecycle=events.text("lifecycle", ""),
        adjacent=bool(events.take("adjacent", False)),
        milestones=events.texts("milestones"),
    )
    events.all_known()
    return log


class _Table:
    """One TOML table that remembers which keys were asked for."""

    def __init__(self, data: Mapping[str, Any], path: str) -> None:
        self.data = data
        self.path = path
        self._asked: set[str] = set()
        self._tables: dict[str, _Table] = {}

    def take(self, key: str, *default: Any) -> Any:
        self._asked.add(key)
        if key in self.data:
            return self.data[key]
        if default:
            return default[0]
        raise BadProfile(path=self.path + key, why=gettext_noop("缺少此项"))

    def text(self, key: str, *default: str) -> str:
        value = self.take(key, *default)
        if not isinstance(value, str):
            raise BadProfile(path=self.path + key, why=repr(value)[:60])
        return value

    def number(self, key: str, default: int) -> int:
        value = self.take(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise BadProfile(path=self.path + key, why=repr(value)[:60])
        return value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in allowed:
            raise BadProfile(path=self.path + key, why=f"{value} ∉ {', '.join(allowed)}")
        return value

    def table(self, key: str) -> _Table:
        if key not in self._tables:
            value = self.take(key, {})
            if not isinstance(value, dict):
                raise BadProfile(path=self.path + key, why=repr(value)[:60])
            self._tables[key] = _Table(value, f"{self.path}{key}.")
        return self._tables[key]

    def texts(self, key: str) -> dict[str, str]:
        value = self.take(key, {})
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise BadProfile(path=self.path + key, why=repr(value)[:60])
        return value

    def options(self, key: str) -> dict[str, str | int | float | bool]:
        value = self.take(key, {})
        plain = isinstance(value, dict) and all(
            isinstance(v, (str, int, float, bool)) for v in value.values()
        )
        if not plain:
            raise BadProfile(path=self.path + key, why=repr(value)[:60])
        return dict(value)

    def all_known(self) -> None:
        unknown = sorted(set(self.data) - self._asked)
        if unknown:
            raise BadProfile(path=self.path + unknown[0], why=gettext_noop("不认识的项"))
