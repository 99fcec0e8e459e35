"""Windows of due process that run out by themselves. An appeal not made in time is no breach: its clock ends with the window."""

from __future__ import annotations

from datetime import datetime

from zhengxiao.kernel.clock.api import Clock, ClockStopped, clock_stop
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.lib.refusals import StaleState

AT_ONCE = 2000


def appeal_windows_close(at: datetime) -> int:
    """End every appeal clock whose last moment has passed, with that moment as its end; returns how many.

    A window whose end is provisional (its year has no holiday notice yet) stays open: the notice may still move it. An
    appeal on the last moment is in time, so only what lies before `at` is ended. Two runners end each clock once.
    """
    over = Clock.objects.running().filter(kind="card_appeal", provisional=False, due_at__lt=at)
    ended = 0
    for clock in over.order_by("due_at", "pk").only("due_at")[:AT_ONCE]:
        try:
            clock_stop(clock_id=clock.pk, actor=SYSTEM, at=clock.due_at or at)
        except (ClockStopped, StaleState):  # somebody appealed or ruled meanwhile, or another runner was here
            continue
        ended += 1
    return ended
