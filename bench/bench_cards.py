"""Cards: one sweep that turns a thousand clocks, and the cards it issues, with sheets, windows and facts."""

from __future__ import annotations

from datetime import datetime, timedelta

from bench.common import ZONE, Figure, median, seconds
from bench.population import clear_clocks, make_clocks, make_place

AT = datetime(2026, 11, 20, 10, tzinfo=ZONE)
SIZES = {"full": (1_000_000, 1_000), "small": (5_000, 50)}
TICKS = 3


def figures(size: str) -> list[Figure]:
    """Seconds from the sweep to the last card, for a thousand clocks of a million; beside it the sweep alone."""
    from zhengxiao.kernel.clock.api import Clock, sweep
    from zhengxiao.kernel.timeline.api import deliver_due
    from zhengxiao.mechanisms.supervision.models import Card

    make_place(AT)
    clear_clocks()
    running, changed = SIZES[size]
    make_clocks(running, at=AT, unit="h")
    sweep(at=AT + timedelta(milliseconds=1))
    moment = AT
    whole, alone, issued = [], [], []
    for _ in range(TICKS):
        pending = (
            Clock.objects.running().filter(next_look_at__gt=moment, kind="promised").order_by("next_look_at")
        )
        moment = pending.values_list("next_look_at", flat=True)[changed - 1]
        before = Card.objects.count()
        swept = seconds(lambda at=moment: sweep(at=at))

        def hand_over(at: datetime = moment) -> None:
            while deliver_due(at=at, limit=0).done:
                pass

        whole.append(swept + seconds(hand_over))
        alone.append(swept)
        issued.append(Card.objects.count() - before)
    took = median(whole)
    return [
        Figure(
            f"cards.sweep_to_last_card.{running}", took, "s", "the sweep alone", median(alone),
            goal="≤ 5 s on PostgreSQL" if size == "full" else "", met=took <= 5 if size == "full" else None,
            note=f"{issued[-1]:,} cards for {changed:,} of {running:,} clocks",
        )
    ]  # fmt: skip
