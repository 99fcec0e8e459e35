"""What comes in and goes out of working calendars."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import AwareDatetime, Field

from zhengxiao.surfaces.openapi.schemas import In

Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2299, 12, 31))]
Address = Annotated[str, Field(max_length=500, pattern=r"^(https?://[^\s<>\"]+)?$")]


class PauseIn(In):
    start: AwareDatetime
    end: AwareDatetime | None = None


class DueIn(In):
    start: AwareDatetime
    term: str = Field(
        min_length=2, max_length=20, description="20wd, 2wh, 48h, 15d, 3m, 1y, 22dom, 1qe, on2026-12-31"
    )
    calendar: str = Field("CN", min_length=1, max_length=40)
    version: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    pauses: list[PauseIn] = Field(default_factory=list, max_length=100)
    days: bool = Field(False, description="also list the days")


class DayOut(Schema):
    date: date
    counted: bool
    index: int | None
    reason: str
    name: str


class DueOut(Schema):
    """`at` is the last moment still on time; None while an open pause lasts."""

    at: datetime | None
    on: date | None
    provisional: bool
    calendar: str
    calendar_version: int
    confirmed_through: date
    days: list[DayOut] | None


class CalendarVersionOut(Schema):
    calendar: str
    number: int
    state: str
    sequence: int | None
    source_title: str
    source_url: str
    confirmed_from: date | None
    confirmed_through: date | None
    proposed_at: datetime
    decided_at: datetime | None


class MarkIn(In):
    """One day that differs from the ordinary week; `is_workday` null takes an earlier mark back."""

    date: Day
    is_workday: bool | None
    name: str = Field("", max_length=100)


class ProposalIn(In):
    """A version: its days, the document behind them, and the span that the document settles."""

    days: list[MarkIn] = Field(default_factory=list, max_length=400)
    source_title: str = Field(min_length=1, max_length=300)
    source_url: Address = ""
    confirmed_from: Day | None = None
    confirmed_through: Day | None = None
    note: str = Field("", max_length=500)


class CalendarDayOut(Schema):
    date: date
    is_workday: bool | None
    name: str


class CalendarVersionDaysOut(CalendarVersionOut):
    """`digest` says in one word what a version states: two persons can compare what they saw."""

    note: str
    digest: str
    days: list[CalendarDayOut]


class CalendarConfirmedOut(Schema):
    moved: int = Field(description="running deadlines that moved")


class ReasonIn(In):
    reason: str = Field(min_length=1, max_length=500)
