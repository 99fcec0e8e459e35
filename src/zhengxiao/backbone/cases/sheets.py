"""Clocks of a case as a page shows them: the calculation sheet with its words, who held the matter, how much is used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.remaining import remaining_words, speaking_clock
from zhengxiao.backbone.cases.words import HOLDERS, VERBS
from zhengxiao.kernel.calendar.api import DayLine, Reason, Term, Unit, amount_in_words
from zhengxiao.kernel.clock.api import (
    CalculationSheet,
    Clock,
    ClockRow,
    Light,
    clocks_of,
    explain,
    grounds_of,
    term_of,
)
from zhengxiao.lib.actors import SYSTEM

LIMITS = ("promised", "statutory")
NOTHING_COUNTED = frozenset({Reason.START_DAY, Reason.PAUSED})


def term_words(term: Term) -> str:
    """ "10 个工作日"; a term of nothing is done at once."""
    if term.amount == 0:
        return gettext("即办")
    return amount_in_words(term.amount, term.unit)


def amount_words(amount: Decimal | None, unit: str) -> str:
    """A used or remaining amount with its unit; months and years are used up in days."""
    if amount is None:
        return "–"
    shown = amount.quantize(Decimal("0.1")).normalize()
    return amount_in_words(f"{shown:f}", unit if unit in ("wd", "wh", "h") else Unit.DAY)


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of a clock in words."""

    at: datetime
    verb: str
    ground: str
    law: str
    document: str
    detail: str
    actor_name: str


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A clock with its sheet as of a moment, ready for a template."""

    clock: Clock
    sheet: CalculationSheet
    words: str

    @property
    def label(self) -> str:
        return gettext(self.clock.label)

    @property
    def term(self) -> str:
        return term_words(self.sheet.term)

    @property
    def light(self) -> str:
        return str(self.sheet.light or "none")

    @property
    def due_on(self) -> date | None:
        """The due day; None while the clock stands still, for it moves with every day."""
        return None if self.sheet.light is Light.GREY else self.clock.due_on

    @property
    def lines(self) -> tuple[DayLine, ...]:
        """The days to show: of a clock that stands still only those up to today, since the rest depends on its end."""
        if self.sheet.light is not Light.GREY:
            return self.sheet.lines
        today = self.sheet.until.date()
        return tuple(line for line in self.sheet.lines if line.date <= today)

    @property
    def in_days(self) -> bool:
        return self.clock.term_unit in ("wd", "d")

    @property
    def used_amount(self) -> Decimal:
        """What is used up. A day counts at its close, so the running day of a running clock is not used yet."""
        if not self.in_days or self.clock.stopped_at:
            return self.sheet.used
        today = self.sheet.until.date()
        return Decimal(sum(1 for line in self.sheet.lines if line.counted and line.date < today))

    @property
    def used(self) -> str:
        return amount_words(self.used_amount, self.clock.term_unit)

    @property
    def left(self) -> str:
        if self.sheet.remaining is None:
            return ""
        remaining = Decimal(self.sheet.term.amount) - self.used_amount
        return "" if remaining < 0 else amount_words(remaining, self.clock.term_unit)

    @property
    def held(self) -> list[tuple[str, int]]:
        """Who held the matter for how many working days; the running day not counted."""
        days = {held.holder: held.days for held in self.sheet.held}
        if self.clock.term_unit == "wd":
            days["department"] = int(self.used_amount)
        return [(str(HOLDERS.get(holder, holder)), count) for holder, count in days.items()]

    @property
    def started_on(self) -> date:
        return self.sheet.lines[0].date if self.sheet.lines else self.clock.started_at.date()

    @property
    def until(self) -> date | None:
        """The last day of a stopped clock; None while it runs."""
        return self.sheet.until.date() if self.clock.stopped_at else None

    @property
    def legal_ground(self) -> str:
        return gettext(self.sheet.legal_ground)

    @property
    def paused_days(self) -> int:
        return sum(1 for line in self.lines if line.reason is Reason.PAUSED)

    @property
    def rest_days(self) -> int:
        return sum(1 for line in self.lines if not line.counted and line.reason not in NOTHING_COUNTED)

    @property
    def grounds(self) -> list[str]:
        """The grounds of its pauses, each once, with the law."""
        known = grounds_of(self.clock.rule)
        codes = dict.fromkeys(pause.ground for pause in self.sheet.pauses)
        return [
            f"{gettext(known[code].label)}，{gettext(known[code].law)}" for code in codes if code in known
        ]

    @property
    def rows(self) -> list[ShownRow]:
        return [self._row(row) for row in self.sheet.rows]

    def _row(self, row: ClockRow) -> ShownRow:
        known = grounds_of(self.clock.rule)
        ground = gettext(known[row.ground].label) if row.ground in known else row.ground
        detail = ""
        if row.verb == "extend":
            detail = f"+{amount_in_words(row.amount or 0, self.clock.term_unit)}"
        elif row.verb == "hand_over" and row.to_unit is not None:
            detail = row.to_unit.short_name or row.to_unit.name
        return ShownRow(
            row.at,
            str(VERBS.get(row.verb, row.verb)),
            ground,
            gettext(row.legal_ground) if row.legal_ground else "",
            row.document,
            detail,
            gettext(row.actor_name) if row.actor_name == SYSTEM.name else row.actor_name,
        )


def shown_clock(clock: Clock, at: datetime) -> ShownClock:
    return ShownClock(clock, explain(clock, at=at), remaining_words(clock, at))


@dataclass(frozen=True, slots=True)
class CaseClocks:
    """All clocks of a case: the two limits, the others that run, those that are over, and who speaks for the light."""

    promised: ShownClock | None
    statutory: ShownClock | None
    running: tuple[ShownClock, ...]
    over: tuple[Clock, ...]
    speaking: Clock | None
    words: str
    light: str
    held: tuple[tuple[str, int], ...]

    @property
    def limits(self) -> list[ShownClock]:
        return [clock for clock in (self.promised, self.statutory) if clock is not None]


def case_clocks(case: Case, at: datetime) -> CaseClocks:
    """The clocks of a case at `at`. Two queries and up to two per clock shown."""
    clocks = list(clocks_of("case", case.pk))
    limits = {clock.pk: shown_clock(clock, at) for clock in clocks if clock.kind in LIMITS}
    promised = limits.get(case.promised_clock_id or 0)
    statutory = limits.get(case.statutory_clock_id or 0)
    running = tuple(
        shown_clock(clock, at) for clock in clocks if clock.stopped_at is None and clock.pk not in limits
    )
    speaking = speaking_clock(clocks, at)
    return CaseClocks(
        promised=promised,
        statutory=statutory,
        running=running,
        over=tuple(clock for clock in clocks if clock.stopped_at and clock.pk not in limits),
        speaking=speaking,
        words=remaining_words(speaking, at) if speaking else "",
        light=str((speaking.light(at) if speaking else None) or "none"),
        held=_held(statutory or promised, clocks, at),
    )


def _held(limit: ShownClock | None, clocks: Iterable[Clock], at: datetime) -> tuple[tuple[str, int], ...]:
    """Working days by holder: department and procedures from the limit, the applicant's from supplements."""
    days = {str(HOLDERS["department"]): 0, str(HOLDERS["applicant"]): 0}
    days |= dict(limit.held) if limit is not None else {}
    for clock in clocks:
        if clock.kind == "supplement":
            days[str(HOLDERS["applicant"])] += int(shown_clock(clock, at).used_amount)
        elif clock.kind == "intake" and limit is None:
            days[str(HOLDERS["department"])] += int(shown_clock(clock, at).used_amount)
    return tuple(days.items())


def line_words(line: DayLine) -> str:
    """Why a day counts or not."""
    return gettext(line.reason.label)


def sheet_json(shown: ShownClock) -> dict[str, Any]:
    """The calculation sheet as data: the same days, rows and totals as on the page."""
    clock, sheet = shown.clock, shown.sheet
    return {
        "clock": {"id": clock.pk, "kind": clock.kind, "label": clock.label, "calendar": clock.region},
        "as_of": sheet.at,
        "started_at": clock.started_at,
        "stopped_at": clock.stopped_at,
        "term": str(term_of(clock)),
        "extension": sheet.extension,
        "due_on": clock.due_on,
        "due_at": clock.due_at,
        "provisional": clock.provisional,
        "light": sheet.light,
        "used": sheet.used,
        "remaining": sheet.remaining,
        "legal_ground": sheet.legal_ground,
        "calendar_version": sheet.calendar_version,
        "held": {held.holder: held.days for held in sheet.held},
        "days": [
            {
                "date": line.date,
                "counted": line.counted,
                "index": line.index,
                "reason": line.reason.value,
                "words": line.reason.label,
                "name": line.name,
                "source": line.source,
                "source_url": line.source_url,
                "due": line.is_due,
                "provisional": line.provisional,
            }
            for line in sheet.lines
        ],
        "rows": [
            {
                "number": row.number,
                "verb": row.verb,
                "at": row.at,
                "recorded_at": row.recorded_at,
                "actor": row.actor_name,
                "ground": row.ground,
                "legal_ground": row.legal_ground,
                "document": row.document,
                "amount": row.amount,
                "until": row.until,
            }
            for row in sheet.rows
        ],
    }
