"""What comes in and what goes out everywhere; the rooms have their own beside it. Bodies refuse fields they do not declare."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

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


class MoveIn(In):
    """The inputs of a transition as `moves` lists them; an undeclared name is refused."""

    data: dict[str, str | int | bool] = Field(default_factory=dict, max_length=20)


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
