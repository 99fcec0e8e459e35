"""The sweep: its cost follows the clocks that changed, not the clocks that run."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bench.common import ZONE, Figure, median, seconds
from bench.population import clear_clocks, make_clocks, make_place

AT = datetime(2026, 11, 20, 10, tzinfo=ZONE)
SIZES = {"full": (10_000, 100_000, 1_000_000), "small": (1_000, 5_000)}
TICKS = {10_000: 40, 100_000: 12}


def figures(size: str) -> list[Figure]:
    """Time per changed clock at each number of running clocks; one clock in a thousand changes per tick."""
    make_place(AT)
    found: list[Figure] = []
    first = 0.0
    for running in SIZES[size]:
        clear_clocks()
        make_clocks(running, at=AT, unit="h")
        per_change, bare = _measure(running, TICKS.get(running, 5))
        first = first or per_change
        largest = running == SIZES["full"][-1]
        found.append(
            Figure(
                f"sweep.time_per_change.{running}", per_change * 1e3, "ms", "bare UPDATE of as many rows by key", bare * 1e3,
                goal="≤ 1.3 × that at 10,000 running clocks" if largest else "",
                met=per_change <= 1.3 * first if largest else None,
                note=f"{per_change / first:.2f} × that at {SIZES[size][0]:,} running clocks",
            )
        )  # fmt: skip
    return found


def _measure(running: int, ticks: int) -> tuple[float, float]:
    """Seconds per changed clock by the sweep and by a bare update of as many rows; medians of `ticks`."""
    from django.db import connection, transaction

    from zhengxiao.kernel.clock.api import sweep
    from zhengxiao.kernel.clock.models import Clock

    changed, moment = running // 1000, AT
    sweep(at=AT + timedelta(milliseconds=1))
    swept, bare = [], []
    for _ in range(ticks):
        pending = Clock.objects.running().filter(next_look_at__gt=moment).order_by("next_look_at")
        moment = pending.values_list("next_look_at", flat=True)[changed - 1]
        results: list[Any] = []
        took = seconds(lambda at=moment, into=results: into.append(sweep(at=at)))
        swept.append(took / results[0].looked)
        keys = list(pending.values_list("pk", flat=True)[:changed])

        def update(keys: list[int] = keys) -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(
                    "UPDATE clock_clock SET fired = fired + 0 WHERE id = %s", [(key,) for key in keys]
                )

        bare.append(seconds(update) / changed)
    return median(swept), median(bare)
