"""Published arrangements as plain values: the shipped years, the yearly JSON of holiday data sets, and our
own TOML.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

from zhengxiao.kernel.calendar.days import DayMark, overlay
from zhengxiao.kernel.calendar.table import DayTable, build_table
from zhengxiao.lib.refusals import Refusal, gettext_noop

NATION = "CN"
HOLIDAY_NAMES = (
    gettext_noop("元旦"),
    gettext_noop("春节"),
    gettext_noop("清明节"),
    gettext_noop("劳动节"),
    gettext_noop("端午节"),
    gettext_noop("中秋节"),
    gettext_noop("国庆节"),
    gettext_noop("国庆节、中秋节"),
    gettext_noop("中秋节、国庆节"),
)
"""As the yearly notices name them; pages show them in the language of the reader."""

HOLIDAYS = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")
"""What a whole year's notice arranges since 2008; a notice with less does not confirm the year."""


class YearNotPublished(Refusal):
    template = gettext_noop("{year} 年的文件里没有任何放假安排：该年度尚未公布，不能导入。")


class YearFileUnreadable(Refusal):
    template = gettext_noop("无法读取日历文件：{reason}。")


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What one document says: its days, and the span of dates it settles (None when it settles no whole
    year).
    """

    title: str
    url: str
    marks: tuple[DayMark, ...]
    confirmed: tuple[date, date] | None


def is_complete(year: int, names: Iterable[str]) -> bool:
    """Whether the named holidays make up a whole year's arrangement (before 2008 the list was shorter)."""
    together = "、".join(names)
    wanted = HOLIDAYS if year >= 2008 else ("元旦", "春节")
    return all(holiday in together for holiday in wanted)


def whole_year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def title_of(year: int) -> str:
    return f"国务院办公厅关于{year}年部分节假日安排的通知"


def read_json(text: str) -> Arrangement:
    """A yearly JSON file (year, papers, days with name, date, isOffDay).

    Refuses YearNotPublished for a year without days, YearFileUnreadable with the entry it could not read.
    """
    try:
        content = json.loads(text)
        year, papers, days = int(content["year"]), content.get("papers") or [], content["days"]
    except (ValueError, KeyError, TypeError) as error:
        raise YearFileUnreadable(field="file", reason=f"不是年度节假日 JSON（{error}）") from error
    if not days:
        raise YearNotPublished(field="file", year=year)
    title, url = title_of(year), str(papers[-1]) if papers else ""
    marks: dict[date, DayMark] = {}
    for entry in days:
        mark = _json_mark(entry, title, url)
        if abs(mark.date.year - year) > 1 or mark.date in marks:
            raise YearFileUnreadable(field="file", reason=f"日期重复或不属于该年度：{entry}")
        marks[mark.date] = mark
    complete = is_complete(year, {mark.name for mark in marks.values()})
    return Arrangement(title, url, tuple(marks.values()), whole_year(year) if complete else None)


def _json_mark(entry: Any, title: str, url: str) -> DayMark:
    try:
        day, off = date.fromisoformat(entry["date"]), entry["isOffDay"]
        if not isinstance(off, bool):
            raise TypeError("isOffDay")
        return DayMark(day, not off, str(entry.get("name", "")), title, url)
    except (ValueError, KeyError, TypeError) as error:
        raise YearFileUnreadable(field="file", reason=f"{entry}（{error}）") from error


def read_toml(text: str) -> list[Arrangement]:
    """Our own form: a table per year as in data/cn.toml, or `title`, `url` and [[days]] (date, works, name)
    of a place.

    `works` is true, false, or "ordinary" to take an earlier day of the same place back.
    """
    try:
        content = tomllib.loads(text)
        years = [_year(int(key), content[key]) for key in content if key.isdecimal()]
        if content.get("days"):
            years.append(_local(content))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise YearFileUnreadable(field="file", reason=str(error)) from error
    if not years:
        raise YearFileUnreadable(field="file", reason="没有年度表，也没有 [[days]]")
    return years


def _local(content: dict[str, Any]) -> Arrangement:
    title, url = str(content.get("title", "")), str(content.get("url", ""))
    marks = []
    for entry in content["days"]:
        works = None if entry["works"] == "ordinary" else entry["works"]
        if works not in (None, True, False):
            raise ValueError(f"works = {works!r}")
        day = entry["date"] if isinstance(entry["date"], date) else date.fromisoformat(entry["date"])
        marks.append(DayMark(day, works, str(entry.get("name", "")), title, url, local=True))
    return Arrangement(title, url, tuple(marks), None)


def _year(year: int, content: dict[str, Any]) -> Arrangement:
    papers = content["papers"]
    marks = []
    for group in content["days"]:
        changed = group.get("paper", 1) > 1
        title = content["changed_by"] if changed else title_of(year)
        url = papers[group.get("paper", 1) - 1]
        for works, key in ((False, "off"), (True, "work")):
            for day in (day for words in group.get(key, ()) for day in _span(words, year)):
                marks.append(DayMark(day, works, group["name"], title, url))
    if not marks:
        raise YearNotPublished(field="file", year=year)
    complete = is_complete(year, {mark.name for mark in marks})
    return Arrangement(title_of(year), papers[0], tuple(marks), whole_year(year) if complete else None)


def _span(words: str, year: int) -> list[date]:
    ends = [date.fromisoformat(word if len(word) == 10 else f"{year}-{word}") for word in words.split("..")]
    return [ends[0] + timedelta(days=n) for n in range((ends[-1] - ends[0]).days + 1)]


@lru_cache(maxsize=1)
def shipped_years() -> tuple[Arrangement, ...]:
    """The years that come with the product, each under its own notice."""
    text = files("zhengxiao.kernel.calendar").joinpath("data", "cn.toml").read_text(encoding="utf-8")
    return tuple(read_toml(text))


@lru_cache(maxsize=1)
def shipped_table() -> DayTable:
    """The nation's day table as shipped (version 0); needs no database."""
    years = shipped_years()
    return build_table(
        region=NATION,
        version=0,
        marks=overlay({}, (year.marks for year in years)),
        confirmed=[year.confirmed for year in years if year.confirmed],
    )
