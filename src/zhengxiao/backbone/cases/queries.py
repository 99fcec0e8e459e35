"""Reads of cases: what an actor has to do now, lists with their lights, and what the case page shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Self

from zhengxiao.backbone.cases.models import Case, CaseQuerySet
from zhengxiao.lib.actors import Actor

SHOWN_TOGETHER = ("party", "department", "unit", "handler", "promised_clock", "statutory_clock")
TODO_CAP = 1000
"""Counting what waits for one person stops here."""


class ShownCases(CaseQuerySet):
    """Cases to be shown: each row knows its light and its words at a moment, by two or three further queries for all rows.

    A row has `shown_light` (name of the light, "none" without a running clock), `shown_words`, `shown_short`, `shown_clock`.
    """

    shown_at: datetime | None = None

    def shown(self, at: datetime) -> Self:
        found = self.select_related(*SHOWN_TOGETHER)
        found.shown_at = at
        return found

    def _clone(self) -> Self:
        copy: Self = super()._clone()  # type: ignore[misc]
        copy.shown_at = self.shown_at
        return copy

    def _fetch_all(self) -> None:
        fresh = self._result_cache is None
        super()._fetch_all()
        if fresh and self.shown_at is not None:
            attach_lights([row for row in self._result_cache or () if isinstance(row, Case)], self.shown_at)

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        """Rows for a file: lights are read chunk by chunk."""
        if self.shown_at is None:
            yield from super().iterator(chunk_size)
            return
        waiting: list[Case] = []
        for row in super().iterator(chunk_size):
            waiting.append(row)
            if len(waiting) == 500:
                yield from attach_lights(waiting, self.shown_at)
                waiting = []
        yield from attach_lights(waiting, self.shown_at)


def cases_reached(actor: Actor, at: datetime) -> CaseQuerySet:
    """Cases within the actor's reach, bare: for whatever asks by id."""
    return Case.objects.visible_to(actor)
