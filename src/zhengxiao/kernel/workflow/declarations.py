"""States and transitions as data. A workflow is a table; `services.move` is the only code that acts on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import models

from zhengxiao.kernel.timeline.api import RowWrite
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.registry import Registry

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise
else:
    Text = str


class Group(StrEnum):
    """What a state means to figures and lists: open ones are work, closed ones are not."""

    OPEN = "open"
    WAITING = "waiting"
    """Open, but not with us: the applicant or a special procedure has it."""
    DONE = "done"
    STOPPED = "stopped"
    """Ended without the result that was asked for."""


@dataclass(frozen=True, slots=True)
class State:
    """One state: value stored, word shown, colour token, group."""

    value: str
    label: Text
    group: Group
    colour: str = "neutral"


class FieldKind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    CHOICE = "choice"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a transition asks for. `choices` of a CHOICE field is a table of (value, label)."""

    name: str
    label: Text
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    help: Text = ""
    choices: tuple[tuple[str, Text], ...] = ()
    minimum: int = 0
    maximum: int = 100_000
    initial: str = ""
    longest: int = 0
    """Most signs of a text; 0: what its kind allows."""

    @property
    def most_signs(self) -> int:
        return self.longest or (2000 if self.kind is FieldKind.LONG_TEXT else 200)


@dataclass(slots=True)
class MoveContext:
    """What guards, effects and column setters see. `told` collects what the fact will say, `rows` the rows of record that
    effects write (the object's own changed columns are added by the move)."""

    obj: Any
    transition: Transition
    actor: Actor
    at: datetime
    data: Mapping[str, Any]
    told: dict[str, Any] = field(default_factory=dict)
    rows: list[RowWrite] = field(default_factory=list)


Guard = Callable[[MoveContext], None]
"""Raises a named Refusal when the move is not lawful now. Must not write: it also answers "what may I do now"."""

Effect = Callable[[MoveContext], None]
"""Touches clocks or child rows in the move's transaction, after the state has been claimed."""

Setter = Callable[[MoveContext], Mapping[str, Any]]
"""Columns of the object itself that change together with the state."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One lawful step. `action` is the access action; `fact` is recorded; `by_system` only the platform may take it.

    `target` None: the state stays (a step recorded, a request made, a correction).
    """

    name: str
    label: Text
    sources: tuple[str, ...]
    target: str | None
    action: str
    fact: str
    needs: tuple[Field, ...] = ()
    guards: tuple[Guard, ...] = ()
    sets: Setter | None = None
    effects: tuple[Effect, ...] = ()
    law: Text = ""
    emphasis: str = "normal"
    """primary, normal or danger: how the button looks."""
    by_system: bool = False


@dataclass(frozen=True, slots=True)
class Workflow:
    """A named table of states and transitions for one model whose `state` column it owns."""

    name: str
    label: Text
    model: Callable[[], type[models.Model]]
    subject_kind: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    initial: str

    def state(self, value: str) -> State:
        for state in self.states:
            if state.value == value:
                return state
        raise KeyError(f"workflow {self.name!r} has no state {value!r}")

    def transition(self, name: str) -> Transition:
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise KeyError(f"workflow {self.name!r} has no transition {name!r}")

    def values(self, *groups: Group) -> tuple[str, ...]:
        """The stored values of all states in the groups."""
        return tuple(state.value for state in self.states if state.group in groups)

    @property
    def choices(self) -> list[tuple[str, Text]]:
        return [(state.value, state.label) for state in self.states]


workflows: Registry[Workflow] = Registry("workflow")


def register(workflow: Workflow) -> None:
    """Declare a workflow. Refuses unknown states, doubled names, and states that no transition reaches."""
    known = {state.value for state in workflow.states}
    names: set[str] = set()
    for transition in workflow.transitions:
        if transition.name in names:
            raise RuntimeError(f"transition {transition.name!r} is declared twice in {workflow.name!r}")
        names.add(transition.name)
        strange = {*transition.sources, transition.target} - known - {None}
        if strange:
            raise RuntimeError(
                f"transition {transition.name!r} of {workflow.name!r} names unknown states {strange}"
            )
    if workflow.initial not in known:
        raise RuntimeError(f"workflow {workflow.name!r} begins in the unknown state {workflow.initial!r}")
    reached = {workflow.initial} | {transition.target for transition in workflow.transitions}
    if known - reached:
        raise RuntimeError(f"workflow {workflow.name!r} never reaches {sorted(known - reached)}")
    workflows.add(workflow.name, workflow)


def close_workflows() -> None:
    """No workflow is declared after the start."""
    workflows.close()
