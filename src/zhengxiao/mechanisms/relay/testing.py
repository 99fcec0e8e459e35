"""Licences on their way for the tests of this package and those above. Not imported by the product."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from zhengxiao.backbone.cases.testing import CaseWorld
from zhengxiao.kernel.timeline.api import deliver_due
from zhengxiao.mechanisms.relay.models import Relayed

ZONE = ZoneInfo("Asia/Shanghai")
GRANT = {"result_no": "示许准〔2026〕1 号", "certificate_no": "示证 1"}


def at(day: str, hour: int = 10) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=ZONE)


def pushed(world: CaseWorld, *, day: str = "2026-03-02", number: int = 1, **changes: Any) -> Relayed:
    """A licence granted at ten o'clock of the day and pushed by its fact."""
    case = world.accepted(at=at(day, 9), **changes)
    case = world.move(case, "grant", at=at(day), data={**GRANT, "result_no": f"示许准〔2026〕{number} 号"})
    deliver_due(at=at(day, 11), limit=500)
    return Relayed.objects.get(case=case)
