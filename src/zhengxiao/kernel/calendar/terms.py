"""What is promised, when it stood still, and what follows: terms, pauses and due moments as plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from zhengxiao.lib.refusals import Refusal, gettext_noop


class TermUnreadable(Refusal):
    template = gettext_noop(
        "无法识别期限“{text}”。请写成 20wd（工作日）、2wh（工作小时）、48h（小时）、15d（日）、3m（月）、1y（年）。"
    )


class TermOutOfRange(Refusal):
    template = gettext_noop("期限“{text}”超出可计算的范围（{least} 至 {most}）。请核对数量和单位。")


class DateOutOfReach(Refusal):
    template = gettext_noop("日期“{text}”超出日历可计算的范围（1900 年至 2299 年）。请核对起算时间和期限。")


class NaiveMoment(Refusal):
    template = gettext_noop("时间“{text}”没有时区，不能起算。请给出带时区的时间。")


class PauseBackwards(Refusal):
    template = gettext_noop("暂停的结束时间早于开始时间（{start} 至 {end}）。请核对暂停记录。")


class Unit(StrEnum):
    """The unit is data of the rule (domain: a statute says which one it means)."""

    WORKDAY = "wd"
    WORKHOUR = "wh"
    HOUR = "h"
    DAY = "d"
    MONTH = "m"
    YEAR = "y"
    DAY_OF_MONTH = "dom"
    QUARTER_END = "qe"
    FIXED = "on"

    @property
    def is_hourly(self) -> bool:
        """Compared by instant; every other unit is compared by date."""
        return self in (Unit.HOUR, Unit.WORKHOUR)

    @property
    def is_fixed(self) -> bool:
        """Names a date instead of a length, so no pause moves it."""
        return self in (Unit.DAY_OF_MONTH, Unit.QUARTER_END, Unit.FIXED)

    @property
    def label(self) -> str:
        """The Chinese word (a message id)."""
        return UNIT_LABELS[self]


UNIT_LABELS: dict[Unit, str] = {
    Unit.WORKDAY: gettext_noop("个工作日"),
    Unit.WORKHOUR: gettext_noop("个工作小时"),
    Unit.HOUR: gettext_noop("小时"),
    Unit.DAY: gettext_noop("日"),
    Unit.MONTH: gettext_noop("个月"),
    Unit.YEAR: gettext_noop("年"),
    Unit.DAY_OF_MONTH: gettext_noop("日（每月）前"),
    Unit.QUARTER_END: gettext_noop("个季度末"),
    Unit.FIXED: gettext_noop("（固定日期）前"),
}

LIMITS: dict[Unit, tuple[int, int]] = {
    # About a hundred years each: whatever is longer is a typing error, and the table must not grow without
    # end.
    Unit.WORKDAY: (0, 26_000),
    Unit.WORKHOUR: (0, 210_000),
    Unit.HOUR: (0, 880_000),
    Unit.DAY: (0, 36_600),
    Unit.MONTH: (0, 1_200),
    Unit.YEAR: (0, 100),
    Unit.DAY_OF_MONTH: (1, 31),
    Unit.QUARTER_END: (1, 400),
    Unit.FIXED: (date(1900, 1, 1).toordinal(), date(2299, 12, 31).toordinal()),
}

_AMOUNT_FIRST = re.compile(r"(\d{1,9})(wd|wh|h|d|m|y|dom|qe|on)", re.ASCII)
_FIXED_DATE = re.compile(r"(?:on)?(\d{4}-\d{2}-\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    """An amount of a unit. For FIXED the amount is the ordinal of the date; 1qe is the end of the running
    quarter.

    Refuses TermOutOfRange when the amount is negative or longer than about a hundred years.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        least, most = LIMITS[self.unit]
        if not least <= self.amount <= most:
            raise TermOutOfRange(field="term", text=f"{self.amount}{self.unit.value}", least=least, most=most)

    @classmethod
    def parse(cls, text: str) -> Term:
        """Read 20wd, 2wh, 48h, 15d, 3m, 1y, 22dom, 1qe, on2026-12-31. Refuses TermUnreadable,
        TermOutOfRange.
        """
        plain = text.strip().lower()
        if found := _AMOUNT_FIRST.fullmatch(plain):
            return cls(int(found[1]), Unit(found[2]))
        if found := _FIXED_DATE.fullmatch(plain):
            try:
                return cls(date.fromisoformat(found[1]).toordinal(), Unit.FIXED)
            except ValueError as error:
                raise TermUnreadable(field="term", text=text) from error
        raise TermUnreadable(field="term", text=text)

    def __str__(self) -> str:
        if self.unit is Unit.FIXED:
            return f"on{date.fromordinal(self.amount).isoformat()}"
        return f"{self.amount}{self.unit.value}"


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from `start` until `end` (exclusive; None while it still stands). Aware
    datetimes.
    """

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        for moment in (self.start, self.end):
            if moment is not None and moment.tzinfo is None:
                raise NaiveMoment(field="pause", text=moment.isoformat())
        if self.end is not None and self.end < self.start:
            raise PauseBackwards(field="pause", start=self.start.isoformat(), end=self.end.isoformat())


@dataclass(frozen=True, slots=True)
class Due:
    """`at`: the last moment still on time; on time means moment <= at. None while an open pause holds it.

    Day-like terms: the end (23:59:59.999999, local) of the day `on`. Hour terms: the instant, `on` its
    local date. `provisional`: some day between start and due lies outside the confirmed calendar, so the
    date is an estimate.
    """

    at: datetime | None
    on: date | None
    provisional: bool


def merged(pauses: Iterable[Pause]) -> list[tuple[datetime, datetime | None]]:
    """Pauses in order as half-open intervals, overlapping and touching ones joined."""
    result: list[tuple[datetime, datetime | None]] = []
    for pause in sorted(pauses, key=lambda p: p.start):
        if result:
            begins, ends = result[-1]
            if ends is None:
                break
            if pause.start <= ends:
                result[-1] = (begins, None if pause.end is None else max(ends, pause.end))
                continue
        result.append((pause.start, pause.end))
    return result
