"""Time limits of items: reading them as written, and comparing limits of different units. No Django."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from zhengxiao.kernel.calendar.api import Term, Unit
from zhengxiao.lib.refusals import Refusal, gettext_noop


@dataclass(frozen=True, slots=True)
class Conversion:
    """How limits of different units are made comparable. CONFIG: jurisdictions differ; ratios depend on it.

    Default as in two cities' public indicator scripts: a month is 22 working days, a year 250. A natural day
    is then 250/365 of a working day. Only for comparing; due dates are counted on the calendar.
    """

    workdays_per_month: int = 22
    workdays_per_year: int = 250
    days_per_year: int = 365
    workhours_per_workday: int = 8

    def workdays(self, term: Term) -> Fraction | None:
        """The term in working days; None for terms that name a date."""
        factor = {
            Unit.WORKDAY: Fraction(1),
            Unit.WORKHOUR: Fraction(1, self.workhours_per_workday),
            Unit.DAY: Fraction(self.workdays_per_year, self.days_per_year),
            Unit.HOUR: Fraction(self.workdays_per_year, self.days_per_year * 24),
            Unit.MONTH: Fraction(self.workdays_per_month),
            Unit.YEAR: Fraction(self.workdays_per_year),
        }.get(term.unit)
        return None if factor is None else factor * term.amount


DEFAULT_CONVERSION = Conversion()


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as stated: a term; `none` where the text says there is none; neither where nothing is said."""

    term: Term | None = None
    none: bool = False

    @property
    def is_stated(self) -> bool:
        return self.none or self.term is not None


UNSTATED = Limit()
NO_LIMIT = Limit(none=True)
INSTANT = Limit(term=Term(0, Unit.WORKDAY))


class LimitUnreadable(Refusal):
    """Nothing is guessed: a limit that cannot be read is put before a person."""

    template = gettext_noop("看不懂时限“{text}”。请写成“20个工作日”“15天”“1个月”“即时办结”或“无”。")


_NONE = frozenset(
    {
        "无",
        "无期限",
        "无时限",
        "无法定时限",
        "无法定期限",
        "不设时限",
        "未规定",
        "没有规定",
        "/",
        "-",
        "--",
        "—",
        "none",
    }
)
_INSTANT = frozenset(
    {"即时办结", "即时", "即办", "即办件", "当场办结", "当场", "马上办", "立等可取", "即时办理", "atonce"}
)
_UNITS = {
    "工作日": Unit.WORKDAY,
    "工作天": Unit.WORKDAY,
    "工作小时": Unit.WORKHOUR,
    "日": Unit.DAY,
    "天": Unit.DAY,
    "自然日": Unit.DAY,
    "日历日": Unit.DAY,
    "小时": Unit.HOUR,
    "月": Unit.MONTH,
    "年": Unit.YEAR,
    # What a page in English shows, a form in English takes back.
    "workingdays": Unit.WORKDAY,
    "workingday": Unit.WORKDAY,
    "workinghours": Unit.WORKHOUR,
    "workinghour": Unit.WORKHOUR,
    "days": Unit.DAY,
    "day": Unit.DAY,
    "hours": Unit.HOUR,
    "hour": Unit.HOUR,
    "months": Unit.MONTH,
    "month": Unit.MONTH,
    "years": Unit.YEAR,
    "year": Unit.YEAR,
}
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_LIMIT = re.compile(
    "(?:自.{0,20}?起)?(?:不超过|最长|在)?"
    "(?P<amount>[0-9]{1,5}|[零〇一二两三四五六七八九十百]{1,7})个?"
    "(?P<unit>" + "|".join(sorted(_UNITS, key=len, reverse=True)) + ")"
    "(?:以?内)?(?:办结|完成)?"
)


def _amount(text: str) -> int:
    if text.isdigit():
        return int(text)
    total = part = 0
    for sign in text:
        if sign in ("十", "百"):
            total += (part or 1) * (10 if sign == "十" else 100)
            part = 0
        else:
            part = _DIGITS[sign]
    return total + part


def limit_from_text(text: str | None) -> Limit:
    """Read a limit as lists write it: "30(工作日)", "20个工作日", "十五日", "1个月", "15天", "即时办结", "无", "20 working days".

    "日" and "天" are natural days unless the text says 工作日. Empty text is a limit not stated, which is not
    the same as "无". Raises LimitUnreadable.
    """
    plain = re.sub(r"[\s()\[\]【】。]", "", unicodedata.normalize("NFKC", text or "")).lower()
    if not plain:
        return UNSTATED
    if plain in _NONE:
        return NO_LIMIT
    if plain in _INSTANT:
        return INSTANT
    found = _LIMIT.fullmatch(plain)
    if found is None:
        raise LimitUnreadable(field="limit", text=text)
    return Limit(term=Term(_amount(found["amount"]), _UNITS[found["unit"]]))


NATIONAL_UNITS = {"0": Unit.DAY, "1": Unit.WORKDAY, "2": Unit.MONTH, "3": Unit.YEAR}
"""Unit codes of feeds that give amount and unit in two columns."""


def limit_from_parts(amount: str, unit: str) -> Limit:
    """A limit from two columns, the unit as a code of `NATIONAL_UNITS` or in words. Raises LimitUnreadable."""
    plain = unicodedata.normalize("NFKC", amount).strip()
    if not plain:
        return UNSTATED
    code = NATIONAL_UNITS.get(unicodedata.normalize("NFKC", unit).strip())
    if code is None or not (plain.isascii() and plain.isdigit()):
        return limit_from_text(f"{amount}{unit}")
    return Limit(term=Term(int(plain), code))


def is_longer(limit: Limit, than: Limit, conversion: Conversion = DEFAULT_CONVERSION) -> bool:
    """Whether `limit` promises later than `than`. No limit is longer than any; unstated compares with nothing."""
    if not limit.is_stated or than.none or not than.is_stated:
        return False
    if limit.none:
        return True
    return _compare(limit, than, conversion) > 0


def is_shorter(limit: Limit, than: Limit, conversion: Conversion = DEFAULT_CONVERSION) -> bool:
    """The other way round: `than` is longer than `limit`."""
    return is_longer(than, limit, conversion)


def _compare(first: Limit, second: Limit, conversion: Conversion) -> Fraction:
    if first.term is None or second.term is None:
        return Fraction(0)
    one, two = conversion.workdays(first.term), conversion.workdays(second.term)
    # Terms that name a date have no length; they are left to a person.
    return Fraction(0) if one is None or two is None else one - two
