"""Where units go: each kind of import registers its target, a pure parser and a batch writer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from zhengxiao.kernel.exchange.profile import Profile, Unit
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal
from zhengxiao.lib.registry import Registry


class Verdict(StrEnum):
    """What became of a unit."""

    ACCEPTED = "accepted"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """One reason why a unit cannot come in. `row` narrows it to one row of the unit."""

    reason: str
    field: str = ""
    code: str = "Refused"
    row: int | None = None


class RowRefusals(Exception):
    """Raised by a target's parser with every reason it found."""

    def __init__(self, refusals: Sequence[RowRefusal]) -> None:
        super().__init__("; ".join(refusal.reason for refusal in refusals))
        self.refusals = tuple(refusals)

    @classmethod
    def of(cls, refusal: Refusal, *, field: str = "", row: int | None = None) -> RowRefusals:
        """One named refusal as the only reason."""
        return cls([row_refusal(refusal, field=field, row=row)])


def row_refusal(refusal: Refusal, *, field: str = "", row: int | None = None) -> RowRefusal:
    """A named refusal as a reason."""
    return RowRefusal(reason=refusal.text, field=field or refusal.field or "", code=refusal.code, row=row)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A unit that passed the parser, with what the parser made of it."""

    unit: Unit
    value: Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the target did with one unit, in the order of the batch."""

    verdict: Verdict
    subject_id: int | None = None
    refusals: tuple[RowRefusal, ...] = ()
    warnings: tuple[RowRefusal, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """How units of one kind become subjects.

    - `prepare(profile, actor, at) -> context`: look-ups made once per run; may refuse (the run does not
    start). - `parse_unit(unit, profile, context) -> value`: pure, no database; raises RowRefusals or a
    single Refusal. - `write_batch(parsed, existing, context, actor, at) -> outcomes`: inside one
    transaction; `existing` gives the subject id of every source id that came in before. One outcome per
    unit, in order. A Refusal or a violated constraint raised here makes the engine try the units one by one
    and refuse those at fault. - `fields` and `options`: what a profile may map and set; empty means
    anything.
    """

    kind: str
    subject_kind: str
    parse_unit: Callable[[Unit, Profile, Any], Any]
    write_batch: Callable[[Sequence[Parsed], Mapping[str, int], Any, Actor, datetime], list[Outcome]]
    prepare: Callable[[Profile, Actor, datetime], Any] = lambda profile, actor, at: None
    label: str = ""
    fields: frozenset[str] = frozenset()
    options: frozenset[str] = frozenset()


TARGETS: Registry[ImportTarget] = Registry("import target")


def register_target(target: ImportTarget) -> None:
    """Declare a target in `apps.ready()`."""
    TARGETS.add(target.kind, target)


def close_registry() -> None:
    """No target is taken after the start."""
    TARGETS.close()
