"""The frozen calculation sheet of a card, back from its stored form: what was shown when the card was issued, whatever
calendars were published since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from zhengxiao.backbone.cases.api import amount_words, term_words
from zhengxiao.kernel.calendar.api import DayLine, Reason, Term


@dataclass(frozen=True, slots=True)
class FrozenSheet:
    """The days and totals of the sheet as of the moment of the card."""

    lines: tuple[DayLine, ...]
    until: date
    term: str
    used: str
    due_on: date | None
    legal_ground: str
    calendar: str
    calendar_version: str

    @property
    def counted(self) -> int:
        return sum(1 for line in self.lines if line.counted and line.date <= self.until)


def frozen_sheet(stored: Mapping[str, Any] | None) -> FrozenSheet | None:
    """The sheet of a card; None for a card that rests on no clock."""
    if not stored:
        return None
    clock = stored["clock"]
    term = Term.parse(stored["term"])
    due = stored.get("due_on")
    return FrozenSheet(
        lines=tuple(_line(day) for day in stored["days"]),
        until=timezone.localtime(datetime.fromisoformat(stored["as_of"])).date(),
        term=term_words(term),
        used=amount_words(Decimal(str(stored["used"])), str(term.unit)),
        due_on=date.fromisoformat(due) if due else None,
        legal_ground=gettext(stored["legal_ground"]),
        calendar=clock["calendar"],
        calendar_version=stored["calendar_version"],
    )


def _line(day: Mapping[str, Any]) -> DayLine:
    return DayLine(
        date=date.fromisoformat(day["date"]),
        counted=day["counted"],
        index=day["index"],
        reason=Reason(day["reason"]),
        name=day["name"],
        source=day["source"],
        source_url=day["source_url"],
        is_due=day["due"],
        provisional=day["provisional"],
    )
