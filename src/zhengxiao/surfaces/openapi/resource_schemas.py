"""What comes in and goes out of declared resources: models made from columns, filters and fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field, create_model

from zhengxiao.kernel.ui.api import LIGHT_WORDS, Column, Filter, Many, Resource, Verb, applied
from zhengxiao.kernel.workflow.api import Field as Asked
from zhengxiao.kernel.workflow.api import FieldKind, workflows
from zhengxiao.surfaces.openapi import schemas
from zhengxiao.surfaces.openapi.case_queries import PageIn
from zhengxiao.surfaces.openapi.gate import Call
from zhengxiao.surfaces.openapi.problems import BadParameter

KINDS: Mapping[str, Any] = {
    "text": str | None,
    "link": str | None,
    "date": date | None,
    "datetime": datetime | None,
    "number": int | Decimal | None,
    "light": schemas.LightOut,
}

TOLD_ONCE = Annotated[
    str | None,
    Field(
        description="Told this once only and kept nowhere: null when the same key is answered again. "
        "Whoever lost it asks for a new one."
    ),
]
"""A secret in the answer of a verb."""


@dataclass(frozen=True, slots=True)
class VerbShapes:
    """What a verb takes (None: nothing) and answers."""

    body: Any
    answer: Any


@dataclass(frozen=True, slots=True)
class Shapes:
    """The models of one resource."""

    asked: Any
    page: Any
    detail: Any
    verbs: Mapping[str, VerbShapes]


def shapes_of(resource: Resource) -> Shapes:
    """Make the models of one resource."""
    camel = _camel(resource.singular)
    members: dict[str, Any] = {"id": (int if resource.key == "pk" else str, ...)}
    if resource.workflow:
        known: Any = {"enum": [state.value for state in workflows[resource.workflow].states]}
        members["state"] = (Annotated[str, Field(json_schema_extra=known)], ...)
        members["state_label"] = (str, ...)
    elif any(column.key == "state" for column in resource.columns):
        members["state"] = (str, ...)
    for column in resource.columns:
        name = _member(column)
        if name not in members:
            members[name] = (KINDS[column.kind], ...)
    row = create_model(f"{camel}Row", __base__=Schema, **members)
    paged: dict[str, Any] = {"results": (list[row], ...), "next_cursor": (str | None, ...)}  # type: ignore[valid-type]
    page = create_model(f"{camel}Page", __base__=Schema, **paged)
    more: dict[str, Any] = {"detail": (dict[str, Any], ...)} if resource.detail else {}
    detail = create_model(f"{camel}Detail", __base__=row, **more) if more else row
    verbs = {verb.name: _verb(camel, verb, detail) for verb in resource.verbs}
    return Shapes(_asked(camel, resource), page, detail, verbs)


def told(resource: Resource, row: Any, at: datetime, *, detail: bool = False) -> dict[str, Any]:
    """One row as its columns tell it."""
    found: dict[str, Any] = {_member(column): _value(column, row, at) for column in resource.columns}
    found["id"] = getattr(row, resource.key)
    if "state_label" in found or resource.workflow:
        found["state"] = row.state
    if resource.workflow:
        found["state_label"] = str(workflows[resource.workflow].state(row.state).label)
    if detail and resource.detail is not None:
        found["detail"] = dict(resource.detail(row, at))
    return found


def narrowed(resource: Resource, asked: Any, call: Call) -> QuerySet[Any]:
    """The rows within reach that meet the conditions. Raises BadParameter for a choice nobody offers."""
    rows = resource.rows(call.actor, call.at)
    for item in resource.ledger.filters:
        values = [getattr(asked, name) for name in item.names]
        if all(value is None for value in values):
            continue
        if item.choices is not None and values[0] not in {
            str(key) for key, _label in item.choices(call.actor)
        }:
            raise BadParameter(field=item.key, name=item.key)
        rows = applied(item, rows, tuple(values) if item.is_range else values[0], call.at)
    return rows


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))


def _member(column: Column) -> str:
    return "state_label" if column.key == "state" else column.key.replace("-", "_")


def _value(column: Column, row: Any, at: datetime) -> Any:
    value = column.read(row, at)
    if column.kind == "light":
        light, words = value if isinstance(value, tuple) else (value, "")
        name = str(light or "none")
        return {"light": name, "words": str(words or LIGHT_WORDS[name])}
    if column.kind in {"text", "link"}:
        return None if value is None else str(value)
    return None if value == "" else value


def _asked(camel: str, resource: Resource) -> Any:
    fields: dict[str, Any] = {}
    for item in resource.ledger.filters:
        fields |= {name: (_condition(item), None) for name in item.names}
    return create_model(f"{camel}Asked", __base__=PageIn, **fields)


def _condition(item: Filter) -> Any:
    if item.is_range:
        return date | None
    if item.kind == "bool":
        return bool | None
    return Annotated[str, Field(min_length=1, max_length=100)] | None


def _verb(camel: str, verb: Verb, detail: Any) -> VerbShapes:
    name = f"{camel}{_camel(verb.name)}"
    body = None
    if verb.fields:
        inputs = {field.name: _given(name, field, verb.keeps) for field in verb.fields}
        body = create_model(f"{name}In", __base__=schemas.In, **inputs)
    if verb.answers:
        members: dict[str, Any] = {key: (kind, ...) for key, kind in verb.answers}
        return VerbShapes(body, create_model(f"{name}Out", __base__=Schema, **members))
    if not verb.told:
        return VerbShapes(body, detail)
    once: dict[str, Any] = dict.fromkeys(verb.told, (TOLD_ONCE, ...))
    return VerbShapes(body, create_model(f"{name}Out", __base__=detail, **once))


def _given(name: str, field: Asked | Many, keeps: bool) -> Any:
    """Type and default of one input of a verb, be it one value or many."""
    if isinstance(field, Asked):
        return (bool | None, None) if keeps and field.kind is FieldKind.BOOLEAN else _input(field)
    one: Any = Annotated[str, Field(min_length=1, max_length=field.longest)]
    if field.fields:
        inner = {part.name: _input(part) for part in field.fields}
        one = create_model(f"{name}{_camel(field.name.replace('_', '-'))}In", __base__=schemas.In, **inner)
    many: Any = Annotated[list[one], Field(min_length=1 if field.required else 0, max_length=field.most)]
    return (many, ... if field.required else [])


def _input(field: Asked) -> Any:
    """Type and default of one input, as strict as its declaration."""
    kind: Any
    empty: Any = ""
    if field.kind is FieldKind.NUMBER:
        kind, empty = Annotated[int, Field(ge=field.minimum, le=field.maximum)], None
        kind = kind if field.required else kind | None
    elif field.kind is FieldKind.BOOLEAN:
        return (bool, False)
    elif field.kind is FieldKind.CHOICE:
        values = tuple(value for value, _label in field.choices)
        kind, empty = Literal[values if field.required else ("", *values)], field.initial
    else:
        kind = Annotated[str, Field(min_length=1 if field.required else 0, max_length=field.most_signs)]
    return (kind, ... if field.required else empty)
