"""Reads a pasted notice of the State Council's General Office about the year's holidays.

The wording has changed over the years ("放假调休，共3天", "与周末连休", "公休日调至", "补休"); what stayed is: numbered items
with the holiday's name, dates, and a word that says rest or work. Whatever does not fit is refused with the
sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from zhengxiao.kernel.calendar.days import DayMark
from zhengxiao.kernel.calendar.gazette import Arrangement, is_complete, title_of, whole_year
from zhengxiao.lib.refusals import Refusal, gettext_noop


class NoticeYearMissing(Refusal):
    template = gettext_noop(
        "通知里没有写明年度。请把标题（例如“国务院办公厅关于2026年部分节假日安排的通知”）一起粘贴。"
    )


class NoticeUnreadable(Refusal):
    template = gettext_noop("无法读懂通知中的这一句：“{sentence}”（{reason}）。请改用日历文件导入。")


WEEKDAYS = "一二三四五六日"
_NORMAL = str.maketrans("０１２３４５６７８９（）：；，～－", "0123456789():;,~-")
_ITEM = re.compile(
    r"(?:^|(?<=[。;\n]))(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\))", re.MULTILINE
)
_DATE = r"(?:(?:\d{4})年)?(?:\d{1,2}月)?\d{1,2}日(?:\([^()]*\))?"
_SPAN = rf"{_DATE}(?:(?:至|到|[-—–~]+){_DATE})?"
_RUN = re.compile(rf"{_SPAN}(?:(?:、|和|及){_SPAN})*")
_ONE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^()]*)\))?")
_COUNT = re.compile(r"共(?:计)?(\d{1,2})天")
_TELLS = re.compile("放假|上班|补休|调休")
_ENDING = re.compile(r"\n?(?:节假日期间|国务院办公厅\n)")


@dataclass(slots=True)
class _Item:
    """What is being read: one numbered item. A month once named with a year keeps that year within the
    item.
    """

    name: str
    year: int
    month: int | None = None
    years: dict[int, int] = field(default_factory=dict)
    found: dict[date, bool] = field(default_factory=dict)


def read_notice(text: str, *, year: int | None = None, url: str = "") -> Arrangement:
    """The days of a notice. Refuses NoticeYearMissing and NoticeUnreadable (quoting the sentence it could
    not read).

    Weekdays in brackets and totals ("共3天") are checked against the dates. A notice without all of the
    year's holidays settles no whole year.
    """
    plain = re.sub(r"[ \t\u3000\r\xa0]", "", text).translate(_NORMAL)
    head = re.search(r"国务院(?:办公厅)?关于[^\n。]*?通知", plain)
    stated = re.search(r"(\d{4})年", head[0] if head else "") or re.search(r"现将(\d{4})年", plain)
    year = int(stated[1]) if stated else year
    if year is None:
        raise NoticeYearMissing(field="text")
    number = re.search(r"国办发明电〔\d{4}〕\d+号", plain)
    title = (head[0] if head else title_of(year)) + (f"（{number[0]}）" if number else "")
    marks: dict[date, DayMark] = {}
    for name, body in _items(plain, head[0] if head else ""):
        item = _Item(name=name, year=year)
        for sentence in re.split(r"[。;]", body):
            _read_sentence(item, sentence.strip())
        for day, works in item.found.items():
            marks[day] = DayMark(day, works, name, title, url)
    if not marks:
        raise NoticeUnreadable(field="text", sentence=plain[:60], reason="没有找到放假安排")
    complete = is_complete(year, {mark.name for mark in marks.values()})
    return Arrangement(title, url, tuple(marks.values()), whole_year(year) if complete else None)


def _items(plain: str, head: str) -> list[tuple[str, str]]:
    """Name and text of each numbered item; a notice of one sentence is one item named after its title."""
    body = plain[plain.find(head) + len(head) :] if head else plain
    starts = list(_ITEM.finditer(body))
    if not starts:
        named = re.search(r"\d{4}年([^\d]{2,20}?)(?:假期|放假|调休)", head)
        sentences = [
            part for part in re.split(r"(?<=。)|\n", body) if _RUN.search(part) and _TELLS.search(part)
        ]
        return [(named[1] if named else "", "".join(sentences))]
    result = []
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        words = body[start.end() : following.start() if following else len(body)]
        words = _ENDING.split(words, maxsplit=1)[0].replace("\n", "")
        name, colon, rest = words.partition(":")
        if not colon or len(name) > 30:
            name, rest = "", words
        if _TELLS.search(rest):
            result.append((name.strip("“”"), rest))
    return result


def _read_sentence(item: _Item, sentence: str) -> None:
    if "鼓励" in sentence:  # advice to employers, not an arrangement
        return
    runs = list(_RUN.finditer(sentence))
    if not runs:
        if re.search("放假|上班|补休", sentence):
            raise NoticeUnreadable(field="text", sentence=sentence, reason="没有日期")
        return
    waiting: list[date] = []
    moved_here = False
    rests: set[date] = set()
    for run, following in zip(runs, [*runs[1:], None], strict=True):
        waiting += _dates(item, run[0], sentence)
        words = sentence[run.end() : following.start() if following else len(sentence)]
        if "调至" in words:
            waiting, moved_here = [], True
        elif re.search("放假|补休|休假|法定节假日|公休|休息|调休", words) or (
            moved_here and "上班" not in words
        ):
            rests.update(waiting)
            item.found.update(dict.fromkeys(waiting, False))
            waiting, moved_here = [], False
        elif "上班" in words:
            item.found.update(dict.fromkeys(waiting, True))
            waiting, moved_here = [], False
    if waiting:
        raise NoticeUnreadable(field="text", sentence=sentence, reason="没有写明放假还是上班")
    total = _COUNT.search(sentence)
    if total and int(total[1]) != len(rests):
        raise NoticeUnreadable(field="text", sentence=sentence, reason=f"天数不符，按日期为 {len(rests)} 天")


def _dates(item: _Item, run: str, sentence: str) -> list[date]:
    days: list[date] = []
    for words in re.split(r"[、和及](?=\d)", run):
        ends = [_date(item, found, sentence) for found in _ONE.finditer(words)]
        if ends[-1] < ends[0] or (ends[-1] - ends[0]).days > 20:
            raise NoticeUnreadable(field="text", sentence=sentence, reason="起止日期不合理")
        days += [ends[0] + timedelta(days=n) for n in range((ends[-1] - ends[0]).days + 1)]
    return days


def _date(item: _Item, found: re.Match[str], sentence: str) -> date:
    stated_year, stated_month, day, remark = found.groups()
    month = int(stated_month) if stated_month else item.month
    if month is None:
        raise NoticeUnreadable(field="text", sentence=sentence, reason=f"“{found[0]}”没有月份")
    item.month = month
    if stated_year:
        item.years[month] = int(stated_year)
    try:
        result = date(item.years.get(month, item.year), month, int(day))
    except ValueError as error:
        raise NoticeUnreadable(field="text", sentence=sentence, reason=f"没有“{found[0]}”这一天") from error
    weekday = re.search(r"(?:星期|周)([一二三四五六日天])", remark or "")
    if weekday and WEEKDAYS[result.weekday()] != weekday[1].replace("天", "日"):
        reason = f"{result.isoformat()} 不是星期{weekday[1]}"
        raise NoticeUnreadable(field="text", sentence=sentence, reason=reason)
    return result
