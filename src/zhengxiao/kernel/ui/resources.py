"""What machines may do with an app's rows, stated as data beside its pages.

A ledger, a scoped queryset and a workflow are enough: list, detail, lawful moves and moves follow from them, behind the
same policies and the same verbs. `surfaces/openapi` makes the operations and the document of every resource declared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Protocol

from django.db.models import QuerySet
from django.utils.functional import Promise

from zhengxiao.kernel.ui.ledger.declare import Column, Ledger
from zhengxiao.kernel.workflow.api import Field, workflows
from zhengxiao.kernel.workflow.api import move as workflow_move
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.registry import Registry

SEGMENT = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
TAKEN = frozenset({"id", "state", "state_label"})
"""Members of every row that no column may carry; a ledger's own column `state` is told as `state_label`."""


class VerbRun(Protocol):
    """Runs one verb: `obj` is the row within reach (None for verbs on the whole list); answers the row to be told."""

    def __call__(self, *, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any: ...


class MoveRun(Protocol):
    """Takes one transition of the workflow and answers the row as it then is."""

    def __call__(
        self, *, obj: Any, transition: str, data: Mapping[str, Any], actor: Actor, at: datetime
    ) -> Any: ...


class AttachRun(Protocol):
    """Stores a file for a row within reach and answers the stored file."""

    def __call__(self, *, obj: Any, stream: IO[bytes], name: str, actor: Actor, at: datetime) -> Any: ...


@dataclass(frozen=True, slots=True)
class Attachment:
    """Files that a row takes: `action` is the access action; a move then names the stored file by its number."""

    action: str
    run: AttachRun
    words: str = ""


@dataclass(frozen=True, slots=True)
class Many:
    """An input of a verb that holds several values: texts, or (with `fields`) rows of inputs; at most `most` of them."""

    name: str
    label: str | Promise
    fields: tuple[Field, ...] = ()
    required: bool = False
    most: int = 200
    longest: int = 200
    """Most signs of one text."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb beside the workflow, such as making a row or answering a claim.

    `name` is the last part of the address, in English; `action` the access action; `run` calls one service, which
    checks the actor's reach and refuses by name. `on_list`: the verb stands on the list and makes a row (201).
    `told`: extra members of the answer that are shown this once only, as names of strings; `run` then answers the row
    and a mapping of them. `keeps`: what the caller leaves out is left out of `data`, so that it stays as it was; an input
    that is yes or no may then also be null. `answers`: the verb answers these numbers and words instead of a row; `run`
    gives the mapping. `words`: what the document says of it, in English.
    """

    name: str
    label: str | Promise
    action: str
    run: VerbRun
    fields: tuple[Field | Many, ...] = ()
    on_list: bool = False
    told: tuple[str, ...] = ()
    keeps: bool = False
    answers: tuple[tuple[str, type[int] | type[str]], ...] = ()
    words: str = ""

    def __post_init__(self) -> None:
        if not SEGMENT.fullmatch(self.name) or self.name in {"moves", "timeline", "files"}:
            raise ValueError(f"verb {self.name!r} is no word of an address, or is taken")


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of row as machines see it.

    `name` and `singular` are the words of its addresses and operations (`/cards`, `get_card`); `view` is the access
    action of reading; `rows(actor, at)` answers the rows within the actor's reach, with what the columns read joined.
    Columns and filters of `ledger` are the members and the parameters; `extra` columns are told to machines only,
    `detail(row, at)` adds JSON values to the answer about one row. `key` is the field that names a row in its address.
    `workflow` adds the moves, through `move` when a service must wrap `workflow.move`. `subject_kind` adds the timeline,
    `files` a place to hand in files that moves name. `by_verb`: transitions that a verb takes instead, with others.
    """

    name: str
    singular: str
    label: str | Promise
    view: str
    rows: Callable[[Actor, datetime], QuerySet[Any]]
    ledger: Ledger
    key: str = "pk"
    extra: tuple[Column, ...] = ()
    detail: Callable[[Any, datetime], Mapping[str, Any]] | None = None
    workflow: str = ""
    move: MoveRun | None = None
    subject_kind: str = ""
    verbs: tuple[Verb, ...] = ()
    files: Attachment | None = None
    by_verb: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for word in (self.name, self.singular):
            if not SEGMENT.fullmatch(word):
                raise ValueError(f"resource {self.name!r}: {word!r} is no word of an address")
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys) or TAKEN & (set(keys) - {"state"}):
            raise ValueError(f"resource {self.name!r}: a column is named twice or like a member of every row")
        if len({verb.name for verb in self.verbs}) != len(self.verbs):
            raise ValueError(f"resource {self.name!r}: a verb is named twice")

    @property
    def columns(self) -> tuple[Column, ...]:
        """What a row tells, in order."""
        return (*self.ledger.columns, *self.extra)

    def take(self, *, obj: Any, transition: str, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
        """Take a transition through the app's own verb, or plainly."""
        if self.move is not None:
            return self.move(obj=obj, transition=transition, data=data, actor=actor, at=at)
        return workflow_move(
            workflow=self.workflow, transition=transition, obj=obj, actor=actor, at=at, data=data
        )


_resources: Registry[Resource] = Registry("resource")


def register_resource(resource: Resource) -> None:
    """Declare a resource; called from `apps.ready()` after the workflow has been registered."""
    if resource.workflow and resource.workflow not in workflows:
        raise RuntimeError(f"resource {resource.name!r} names the unknown workflow {resource.workflow!r}")
    _resources.add(resource.name, resource)


def resources() -> list[Resource]:
    """All declared resources, by name."""
    return _resources.values()


def close_resources() -> None:
    """No resource is declared after the start."""
    _resources.close()
