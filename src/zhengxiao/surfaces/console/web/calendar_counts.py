"""What the navigation says beside the calendar."""

from __future__ import annotations

from datetime import datetime

from zhengxiao.kernel.access.api import allows
from zhengxiao.kernel.calendar.api import versions_waiting
from zhengxiao.lib.actors import Actor


def waiting_count(actor: Actor, at: datetime) -> int | None:
    """How many versions wait for this actor's confirmation; nothing for those who may not confirm."""
    if not allows(actor, "calendar.confirm"):
        return None
    return versions_waiting().exclude(proposed_by_id=actor.user_id).count() or None
