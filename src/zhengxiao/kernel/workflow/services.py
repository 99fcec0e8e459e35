"""`move`: the only writer of a state column.

In one transaction: permission and scope, guards, conditional update from the expected state, clocks and other effects, fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.database.api import joined
from zhengxiao.kernel.timeline.api import Changed, Subject, changed, record, records
from zhengxiao.kernel.workflow import refusals
from zhengxiao.kernel.workflow.declarations import (
    Field,
    FieldKind,
    MoveContext,
    Transition,
    Workflow,
    workflows,
)
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import NotPermitted, Refusal, StaleState

LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class Move:
    """A transition as offered to an actor now: allowed, or why not (a refusal)."""

    transition: Transition
    allowed: bool
    why_not: Refusal | None = None


def _clean_field(field: Field, raw: Any) -> Any:
    """One input as its kind wants it. Refuses NeedsField and FieldMalformed, naming the field."""
    text = raw.strip() if isinstance(raw, str) else raw
    if text in (None, ""):
        if field.required and field.kind is not FieldKind.BOOLEAN:
            raise refusals.NeedsField(field=field.name, label=field.label)
        return (
            False if field.kind is FieldKind.BOOLEAN else ("" if field.kind is not FieldKind.NUMBER else None)
        )
    if field.kind is FieldKind.NUMBER:
        return _clean_number(field, text)
    if field.kind is FieldKind.BOOLEAN:
        return text in (True, "1", "on", "true", "yes")
    if field.kind is FieldKind.CHOICE and str(text) not in {value for value, _ in field.choices}:
        raise refusals.FieldMalformed(field=field.name, label=field.label, why=str(text))
    if "\x00" in str(text):
        raise refusals.FieldMalformed(field=field.name, label=field.label, why="U+0000")
    if len(str(text)) > field.most_signs:
        raise refusals.FieldMalformed(field=field.name, label=field.label, why=f"> {field.most_signs}")
    return str(text)


def _clean_number(field: Field, text: Any) -> int:
    plain = str(text)
    readable = plain.isascii() and plain.isdigit() and len(plain) <= LONGEST_NUMBER
    if not readable or not field.minimum <= int(plain) <= field.maximum:
        raise refusals.FieldMalformed(
            field=field.name, label=field.label, why=f"{field.minimum}–{field.maximum}"
        )
    return int(plain)


def clean(transition: Transition, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The transition's input, checked against its declared fields; anything undeclared is refused (UnknownInput)."""
    strange = sorted(set(raw) - {field.name for field in transition.needs})
    if strange:
        raise refusals.UnknownInput(names="、".join(strange))
    return {field.name: _clean_field(field, raw.get(field.name)) for field in transition.needs}


def _in_scope(workflow: Workflow, obj: models.Model, actor: Actor, action: str) -> bool:
    rows: Any = workflow.model()._default_manager
    return bool(rows.visible_to(actor, action).filter(pk=obj.pk).exists())


def _check(workflow: Workflow, transition: Transition, obj: Any, actor: Actor) -> None:
    """Permission, scope and state."""
    if transition.by_system and not actor.is_system:
        raise NotPermitted(action=transition.label)
    if not actor.is_system:
        require(actor, transition.action)
        if not _in_scope(workflow, obj, actor, transition.action):
            raise NotPermitted(action=transition.label)
    if obj.state not in transition.sources:
        raise refusals.MoveNotLawful(state=workflow.state(obj.state).label, move=transition.label)


def move(
    *,
    workflow: str,
    transition: str,
    obj: Any,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any] | None = None,
) -> Any:
    """Take one transition and return the object as it now is.

    Raises NotPermitted, MoveNotLawful, NeedsField, FieldMalformed, UnknownInput, any guard's refusal, and StaleState when
    somebody moved the object meanwhile. On any refusal nothing is written.
    """
    flow = workflows[workflow]
    step = flow.transition(transition)
    context = MoveContext(obj=obj, transition=step, actor=actor, at=at, data={})
    kept: dict[str, Any] = {}
    try:
        with joined():
            _check(flow, step, obj, actor)
            context.data = clean(step, data or {})
            for guard in step.guards:
                guard(context)
            _take(flow, context, kept)
    except BaseException:
        # The database has forgotten the move; the object in memory must not remember it either.
        for name, value in kept.items():
            setattr(obj, name, value)
        raise
    return obj


def _take(flow: Workflow, context: MoveContext, kept: dict[str, Any]) -> None:
    """Claim the object from its expected state, touch what goes along with it, and record the fact."""
    step, obj = context.transition, context.obj
    columns = {**(step.sets(context) if step.sets else {}), "state": step.target or obj.state}
    rows: Any = flow.model()._default_manager
    if rows.filter(pk=obj.pk, state=obj.state).update(**columns) != 1:
        raise StaleState()
    before = obj.state
    kept |= {name: getattr(obj, name) for name in columns}
    for name, value in columns.items():
        setattr(obj, name, value)
    for effect in step.effects:
        effect(context)
    record(
        fact=step.fact,
        subject=Subject(flow.subject_kind, obj.pk),
        actor=context.actor,
        at=context.at,
        data={**context.told, "from_state": before, "to_state": obj.state},
        unit_id=getattr(obj, "unit_id", None),
        rows=[*_own(obj, columns), *context.rows],
    )


def _own(obj: Any, columns: Mapping[str, Any]) -> list[Changed]:
    """The columns that changed with the state, by attribute name."""
    if not isinstance(obj, models.Model) or obj._meta.label not in records:
        return []
    fields: list[Any] = [obj._meta.get_field(name) for name in columns]
    return [changed(obj, *(field.attname for field in fields))]


def lawful_moves(*, workflow: str, obj: Any, actor: Actor, at: datetime) -> list[Move]:
    """Every transition that leaves the object's state, with whether the actor may take it now and, if not, why.

    Transitions the actor's posts never allow are left out; so are the platform's own.
    """
    flow = workflows[workflow]
    offered: list[Move] = []
    for step in flow.transitions:
        if obj.state not in step.sources or step.by_system:
            continue
        try:
            _check(flow, step, obj, actor)
        except NotPermitted:
            continue
        context = MoveContext(obj=obj, transition=step, actor=actor, at=at, data={})
        try:
            for guard in step.guards:
                guard(context)
        except Refusal as refusal:
            offered.append(Move(step, allowed=False, why_not=refusal))
        else:
            offered.append(Move(step, allowed=True))
    return offered
