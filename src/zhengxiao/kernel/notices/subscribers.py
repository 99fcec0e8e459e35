"""Reactions to the facts of clocks: whoever must act hears of it, once, at the fact's own moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from zhengxiao.kernel.clock.api import Clock, ClockRow, Verb
from zhengxiao.kernel.notices.queries import recipients_of
from zhengxiao.kernel.notices.rules import Level, level_of
from zhengxiao.kernel.notices.services import Telling, notices_tell_many
from zhengxiao.kernel.orgs.api import local_day
from zhengxiao.kernel.timeline.api import Entry

HEARD = ("clock.warned", "clock.breached", "clock.handed_over", "clock.due_moved")


def clock_told(entry: Entry) -> None:
    """Tell the owner and, by level, those above of a clock's warning, breach, hand-over or moved due day.

    People who did the thing themselves are not told of it.
    """
    clocks_told([entry])


def clocks_told(entries: Sequence[Entry]) -> None:
    """The same for many entries at once: clocks, people and posts are read once for all of them."""
    named = {entry.data.get("clock_id") for entry in entries}
    rows = Clock.objects.filter(pk__in=named - {None}).values_list("pk", "owner_id", "owner_unit_id")
    owned = {pk: (owner, unit) for pk, owner, unit in rows}
    known: dict[tuple[Level, int | None, int, date], frozenset[int]] = {}
    tellings: list[Telling] = []
    for entry in entries:
        level = level_of(entry.fact, str(entry.data.get("level", "")))
        owner_id, unit_id = _owner(entry, owned)
        if unit_id is None:
            raise LookupError(f"entry {entry.pk} names neither a clock nor a unit")
        key = (level, owner_id, unit_id, local_day(entry.at))
        if key not in known:
            known[key] = recipients_of(level, owner_id=owner_id, unit_id=unit_id, at=entry.at)
        told = known[key] - {entry.actor_id} if level == Level.INFO else known[key]
        tellings.append(Telling(entry, level, told, entry.at))
    notices_tell_many(tellings)


def _owner(entry: Entry, owned: Mapping[int, tuple[int | None, int | None]]) -> tuple[int | None, int | None]:
    """The owner person and unit: those the clock was handed to, or those who own it."""
    clock_id = entry.data.get("clock_id")
    if entry.fact == "clock.handed_over":
        rows = ClockRow.objects.filter(clock_id=clock_id, verb=Verb.HAND_OVER.value, at=entry.at)
        handed = rows.order_by("-number").values_list("to_user_id", "to_unit_id").first()
        if handed is not None and handed[1] is not None:
            return handed
    return owned.get(clock_id or 0) or (None, entry.unit_id)
