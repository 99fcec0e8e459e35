"""What comes in and what goes out. Bodies refuse fields they do not declare."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

Id = Annotated[int, Field(ge=1, le=2**53)]
Limit = Annotated[int, Field(ge=1, le=200, description="rows of one page")]
Cursor = Annotated[str, Field(min_length=1, max_length=1000, description="next_cursor of the page before")]
Code = Annotated[str, Field(min_length=1, max_length=80)]
Light = Literal["green", "blue", "yellow", "red", "grey"]


class In(Schema):
    """A body: nothing undeclared, no silent change of type."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class UnitOut(Schema):
    code: str
    name: str


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


class PartyIn(In):
    name: str = Field(min_length=1, max_length=300)
    kind: str = Field("", max_length=20)
    credit_code: str = Field("", max_length=30)
    id_type: str = Field("", max_length=20)
    id_number: str = Field("", max_length=60)
    contact_name: str = Field("", max_length=100)
    contact_phone: str = Field("", max_length=40)
    region: str | None = Field(None, max_length=12, description="12-digit region code")


class PartyOut(Schema):
    """A party with its numbers masked."""

    id: int
    kind: str
    name: str
    credit_code: str
    id_masked: str
    warnings: list[dict[str, Any]]


class AccountIn(In):
    username: str = Field(min_length=1, max_length=64, description="user name of the person concerned")


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


class MoveIn(In):
    """The inputs of a transition as `moves` lists them; an undeclared name is refused."""

    data: dict[str, str | int | bool] = Field(default_factory=dict, max_length=20)


class AssignIn(In):
    handler: str = Field(min_length=1, max_length=64, description="user name")


class MaterialFileIn(In):
    """Which material the body is: `material_id` of the case, or the `name` of one that was not registered."""

    file_name: str = Field(
        min_length=3, max_length=200, description="its ending says what kind of file it is"
    )
    material_id: Id | None = None
    name: str = Field("", max_length=100)


class FileIn(In):
    file_name: str = Field(
        min_length=3, max_length=200, description="its ending says what kind of file it is"
    )


class FileOut(Schema):
    """A stored file; `id` is what a move takes as `file`."""

    id: int
    media_type: str
    size: int
    sha256: str
    scan: str


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


class MoveField(Schema):
    name: str
    label: str
    kind: str
    required: bool
    choices: list[str]
    help: str


class MoveOut(Schema):
    transition: str
    label: str
    allowed: bool
    code: str | None = Field(description="code of the refusal when not allowed")
    why_not: str | None
    fields: list[MoveField]


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


class FactOut(Schema):
    """One fact about a row: its name, when it counts, and the words for people."""

    at: datetime
    fact: str
    label: str
    text: str
    actor_name: str


class LightOut(Schema):
    light: str = Field(description="green, blue, yellow, red, grey, or none")
    words: str


class ItemOut(Schema):
    code: str
    name: str
    department: UnitOut
    region: str
    kind: str
    task_type: str
    version: int
    valid_from: date | None
    valid_to: date | None
    statutory: str | None = Field(description="a term such as 20wd")
    promised: str | None


class ItemPage(Schema):
    results: list[ItemOut]
    next_cursor: str | None


class ItemMaterialOut(Schema):
    name: str
    necessity: str


class ItemVersionOut(ItemOut):
    legal_basis: str
    conditions: str
    process_text: str
    result_name: str
    consult_phone: str
    complaint_phone: str
    location: str
    office_hours: str
    has_fee: bool | None
    fee_standard: str
    visits: int | None
    materials: list[ItemMaterialOut]


class DepartmentLightsOut(Schema):
    code: str
    department: str
    total: int
    green: int
    blue: int
    yellow: int
    red: int
    grey: int


class LightsOut(Schema):
    at: datetime
    total: int
    lights: dict[str, int]
    by_department: list[DepartmentLightsOut]


class MetricOut(Schema):
    name: str
    label: str
    kind: str
    unit: str
    direction: str
    source: str
    dimensions: list[str]


class FigureOut(Schema):
    key: str | None
    label: str
    value: Decimal | None = Field(description="None is no data; a ratio is a fraction")
    numerator: Decimal
    denominator: Decimal | None
    n: int
    small_n: bool


class FiguresOut(Schema):
    name: str
    as_of: datetime
    period_from: datetime
    period_to: datetime
    by: str | None
    figures: list[FigureOut]


class NumberPage(Schema):
    results: list[str]
    next_cursor: str | None


class RunOut(Schema):
    id: int
    kind: str
    profile: str
    source_system: str
    file_name: str
    dry_run: bool
    state: str
    percent: int
    read: int
    accepted: int
    updated: int
    unchanged: int
    rejected: int
    error: str
    started_at: datetime
    finished_at: datetime | None


class RunPage(Schema):
    results: list[RunOut]
    next_cursor: str | None


class RefusalOut(Schema):
    unit: int
    row_from: int
    row_to: int
    source_id: str
    field: str
    code: str
    reason: str
    warning: bool


class RefusalPage(Schema):
    results: list[RefusalOut]
    next_cursor: str | None


class NoticeOut(Schema):
    id: int
    title: str
    level: str
    fact: str
    url: str
    created_at: datetime
    read_at: datetime | None


class NoticePage(Schema):
    results: list[NoticeOut]
    next_cursor: str | None


class ReadOut(Schema):
    read: int


class ProblemField(Schema):
    field: str
    detail: str


class ProblemOut(Schema):
    """RFC 9457. `code` is stable; `detail` is in the language of Accept-Language."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    field: str | None
    instance: str
    errors: list[ProblemField] | None = None
