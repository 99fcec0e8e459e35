"""What comes in and goes out of items, parties and notices."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from zhengxiao.surfaces.openapi.schemas import In, UnitOut


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
