"""Reactions to the facts of clocks: whoever must act hears of it, once, at the fact's own moment."""

from __future__ import annotations

from zhengxiao.kernel.clock.api import Clock, ClockRow, Verb
from zhengxiao.kernel.notices.queries import recipients_of
from zhengxiao.kernel.notices.rules import Level, level_of
from zhengxiao.kernel.notices.services import notices_tell
from zhengxiao.kernel.timeline.api import Entry

HEARD = ("clock.warned", "clock.breached", "clock.handed_over", "clock.due_moved")


def clock_told(entry: Entry) -> None:
    """Tell the owner and, by level, those above of a clock's warning, breach, hand-over or moved due day.

    People who did the thing themselves are not told of it.
    """
    level = level_of(entry.fact, str(entry.data.get("level", "")))
    owner_id, unit_id = _owner(entry)
    if unit_id is None:
        raise LookupError(f"entry {entry.pk} names neither a clock nor a unit")
    told = recipients_of(level, owner_id=owner_id, unit_id=unit_id, at=entry.at)
    if level == Level.INFO:
        told -= {entry.actor_id}
    notices_tell(entry=entry, level=level, recipient_ids=told, at=entry.at)


def _owner(entry: Entry) -> tuple[int | None, int | None]:
    """The owner person and unit: those the clock was handed to, or those who own it."""
    clock_id = entry.data.get("clock_id")
    if entry.fact == "clock.handed_over":
        rows = ClockRow.objects.filter(clock_id=clock_id, verb=Verb.HAND_OVER.value, at=entry.at)
        handed = rows.order_by("-number").values_list("to_user_id", "to_unit_id").first()
        if handed is not None and handed[1] is not None:
            return handed
    owned = Clock.objects.filter(pk=clock_id).values_list("owner_id", "owner_unit_id").first()
    return owned or (None, entry.unit_id)
