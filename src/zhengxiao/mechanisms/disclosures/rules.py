"""Pure rules of double publicity: what creates a duty, how a report stands, how long a record stays public. No Django.

Source: the double-publicity duty (行政许可、行政处罚信息双公示), domain reference 5.1 and 5.5; 行政处罚法 art. 48.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from zhengxiao.lib.refusals import gettext_noop


class Kind(StrEnum):
    """What was decided. The letters open the field codes of the upper platform's tables (XK_, CF_)."""

    LICENCE = "licence"
    PENALTY = "penalty"


CODE_OF_KIND: Mapping[Kind, str] = MappingProxyType({Kind.LICENCE: "XK", Kind.PENALTY: "CF"})


class SubjectKind(StrEnum):
    """Whom a decision is about (行政相对人类别)."""

    ORGANISATION = "organisation"
    INDIVIDUAL = "individual"
    PERSON = "person"


LICENCE_ITEM = "01"
"""The item type 行政许可 (domain reference 2.1); confirmations, services and the like are not double-published."""

GRANTED = "granted"
"""CONFIG: a refused application is not reported; a jurisdiction that wants it adds "denied" here."""


def creates_duty(*, task_type: str, result: str, decided_on: date, since: date | None) -> bool:
    """Whether a case decision has to be double-published.

    `since`: decisions before this day were the business of an earlier system (None: all of them count).
    """
    if since is not None and decided_on < since:
        return False
    return task_type == LICENCE_ITEM and result == GRANTED


class Verdict(StrEnum):
    """How a duty stands at a moment; computed from dated facts, stored nowhere."""

    NOT_DUE = "not_due"
    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    EXEMPT = "exempt"


VERDICT_WORDS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.NOT_DUE: gettext_noop("未到期"),
        Verdict.ON_TIME: gettext_noop("及时"),
        Verdict.LATE: gettext_noop("迟报"),
        Verdict.MISSING: gettext_noop("漏报"),
        Verdict.EXEMPT: gettext_noop("依法不公开"),
    }
)


def verdict(
    *, due_at: datetime | None, reported_at: datetime | None, ended_at: datetime | None, at: datetime
) -> Verdict:
    """On time ⇔ reported no later than the last moment of the seventh working day.

    `ended_at`: when the duty fell away before any report (lawfully not published, or the decision was revoked in time).
    What was reported after `at` is not known yet at `at`.
    """
    if reported_at is not None and reported_at <= at:
        return Verdict.LATE if due_at is not None and reported_at > due_at else Verdict.ON_TIME
    if ended_at is not None and ended_at <= at and (due_at is None or ended_at <= due_at):
        return Verdict.EXEMPT
    return Verdict.MISSING if due_at is not None and due_at < at else Verdict.NOT_DUE


class Grade(StrEnum):
    """Gravity of a penalised offence (信用修复管理办法, 2026): decides for how long the penalty is shown."""

    LIGHT = "light"
    ORDINARY = "ordinary"
    SERIOUS = "serious"


GRADE_WORDS: Mapping[Grade, str] = MappingProxyType(
    {
        Grade.LIGHT: gettext_noop("轻微"),
        Grade.ORDINARY: gettext_noop("一般"),
        Grade.SERIOUS: gettext_noop("严重"),
    }
)


@dataclass(frozen=True, slots=True)
class Period:
    """Months of publicity counted from the decision; `shown` is what this installation applies (CONFIG)."""

    least: int
    most: int
    shown: int


PERIODS: Mapping[Grade, Period] = MappingProxyType(
    {
        # Light offences are in principle not published; if they must be, for three months at most.
        Grade.LIGHT: Period(least=0, most=3, shown=0),
        Grade.ORDINARY: Period(least=3, most=12, shown=12),
        Grade.SERIOUS: Period(least=12, most=36, shown=36),
    }
)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last day of a shorter month stands for a day it lacks."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    month += 1
    for candidate in range(day.day, 27, -1):
        try:
            return date(year, month, candidate)
        except ValueError:
            continue
    return date(year, month, day.day)


def shown_since(grade: Grade, today: date) -> date | None:
    """Penalties of the grade decided after this day are still public today; None: none is."""
    months = PERIODS[grade].shown
    return months_before(today, months) if months else None


def repair_from(grade: Grade, decided_on: date) -> date:
    """The first day on which the credit of the penalised may be repaired: the least period of publicity has passed.

    Counted in months from the decision (信用修复管理办法, 2026); a light offence may be repaired as soon as it is cured.
    """
    return months_before(decided_on, -PERIODS[grade].least)


WARNING_ONLY = "警告"


def grade_of(classes: str, *, fine: float = 0.0) -> Grade:
    """A first proposal from the classes of a penalty and the fine in 10,000 yuan; the office may set another. CONFIG.

    A warning alone is light; revocation, closure, detention and fines of a million yuan or more are serious.
    """
    named = {
        part.strip() for part in classes.replace("，", ";").replace("；", ";").split(";") if part.strip()
    }
    if named <= {WARNING_ONLY, "通报批评"}:
        return Grade.LIGHT
    grave = ("责令停产停业", "吊销", "行政拘留", "限制从业")
    if fine >= 100 or any(word in name for name in named for word in grave):
        return Grade.SERIOUS
    return Grade.ORDINARY
