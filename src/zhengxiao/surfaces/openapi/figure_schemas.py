"""What goes out of lights, figures and imports."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ninja import Schema
from pydantic import Field


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
