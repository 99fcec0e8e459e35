"""What comes in and goes out of cases, their clocks and materials."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from zhengxiao.surfaces.openapi.schemas import Id, In, UnitOut


class CaseOut(Schema):
    """A case as lists show it; names of natural persons are masked. `revision` grows with every change."""

    number: str
    state: str
    state_label: str
    item: str = Field(description="code of the item")
    item_name: str
    kind: str
    channel: str
    applicant: str
    department: UnitOut
    unit: UnitOut
    window: UnitOut | None
    handler: str | None
    received_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    finished_at: datetime | None
    delivered_at: datetime | None
    result: str
    light: str = Field(description="green, blue, yellow, red, grey, or none without a running clock")
    remaining: str
    promised_due_on: date | None
    statutory_due_on: date | None
    revision: int


class CasePage(Schema):
    """`next_updated_since` is what to ask for next time; see docs/api.md on changes told twice."""

    results: list[CaseOut]
    next_cursor: str | None
    next_updated_since: str


class CodeOut(Schema):
    """What a receipt carries: with both, the applicant opens the own page."""

    number: str
    code: str


class MaterialIn(In):
    name: str = Field(min_length=1, max_length=300)
    required: bool = True


class ReceiveIn(In):
    """An application. Say who asks by `party_id` (see parties) or by `applicant_name`."""

    item: str = Field(min_length=1, max_length=80, description="code of an item in force")
    applicant_name: str = Field("", max_length=200)
    party_id: Id | None = None
    summary: str = Field("", max_length=300)
    channel: str = Field("online", min_length=1, max_length=20)
    unit: str | None = Field(None, max_length=80, description="code of the section that will handle it")
    window: str | None = Field(None, max_length=80, description="code of the window")
    handler: str | None = Field(None, max_length=64, description="user name")
    materials: list[MaterialIn] = Field(default_factory=list, max_length=200)
    accept: bool = Field(False, description="accept on the spot: everything is in order (needs cases.accept)")


class AssignIn(In):
    handler: str = Field(min_length=1, max_length=64, description="user name")


class MaterialFileIn(In):
    """Which material the body is: `material_id` of the case, or the `name` of one that was not registered."""

    file_name: str = Field(
        min_length=3, max_length=200, description="its ending says what kind of file it is"
    )
    material_id: Id | None = None
    name: str = Field("", max_length=100)


class MaterialVersionOut(Schema):
    """`scan`: unscanned, waiting, clean or refused; the last is not handed out."""

    id: int
    version: int
    filed_at: datetime
    media_type: str
    size: int
    sha256: str
    scan: str


class MaterialOut(Schema):
    id: int
    name: str
    required: bool
    origin: str
    status: str
    versions: list[MaterialVersionOut]


class RevealIn(In):
    """Why a full value is needed; the person concerned can read it."""

    field: Literal["id", "name", "phone"]
    purpose: Literal["verify", "contact", "document", "complaint", "investigation"]
    note: str = Field(min_length=4, max_length=200)


class RevealOut(Schema):
    field: str
    value: str


class ClockOut(Schema):
    id: int
    kind: str
    label: str
    term: str
    extension: int | None
    calendar: str
    calendar_version: int | None
    started_at: datetime
    stopped_at: datetime | None
    due_at: datetime | None
    due_on: date | None
    provisional: bool
    light: str


class SheetOut(Schema):
    """The calculation sheet: every day with why it counts or not, and every row of the clock."""

    clock: dict[str, Any]
    as_of: datetime
    started_at: datetime
    stopped_at: datetime | None
    term: str
    extension: int | None
    due_on: date | None
    due_at: datetime | None
    provisional: bool
    light: str | None
    used: Decimal
    remaining: Decimal | None
    legal_ground: str
    calendar_version: int | None
    held: dict[str, int]
    days: list[dict[str, Any]]
    rows: list[dict[str, Any]]


class TimelineOut(Schema):
    at: datetime
    label: str
    text: str
    actor_name: str
    light: str
