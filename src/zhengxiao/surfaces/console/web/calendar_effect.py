"""The sample of moved deadlines in words: which cases, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhengxiao.backbone.cases.api import Case, case_url
from zhengxiao.lib.actors import Actor

LISTED = 20


@dataclass(frozen=True, slots=True)
class Move:
    """One deadline that would move; `url` empty and no case named when the reader may not see it."""

    label: str
    before: date | None
    after: date | None
    case: Case | None
    url: str

    @property
    def days(self) -> int:
        return (self.after - self.before).days if self.before and self.after else 0


@dataclass(frozen=True, slots=True)
class Shown:
    moves: tuple[Move, ...]
    hidden: int
    """Moves in the sample about things the reader may not see."""


def shown_moves(sample: Iterable[Any], actor: Actor) -> Shown:
    """The first moves about cases the actor may see. One query."""
    listed = list(sample)
    wanted = [move.subject_id for move in listed if move.subject_kind == "case"]
    cases = Case.objects.visible_to(actor).filter(pk__in=wanted).in_bulk() if wanted else {}
    moves = [
        Move(move.label, move.before, move.after, cases[move.subject_id], case_url(cases[move.subject_id]))
        for move in listed
        if move.subject_kind == "case" and move.subject_id in cases
    ]
    return Shown(tuple(moves[:LISTED]), len(listed) - len(moves))
