"""A notice for next year comes out: every running clock is brought to the new calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bench.common import ZONE, Figure, seconds
from bench.population import clear_clocks, make_clocks, make_place

AT = datetime(2026, 11, 20, 10, tzinfo=ZONE)
SIZES = {"full": 1_000_000, "small": 3_000}
HOLIDAYS = ((date(2027, 1, 1), 3), (date(2027, 2, 5), 7), (date(2027, 4, 3), 3), (date(2027, 5, 1), 5))
MAKE_UP = (date(2027, 1, 31), date(2027, 2, 14), date(2027, 4, 25))


def figures(size: str) -> list[Figure]:
    """Preview and re-projection of all running clocks after a made-up 2027, beside a bare UPDATE of as many rows."""
    from django.db import connection, transaction

    from zhengxiao.kernel.calendar.api import DayMark, calendar_confirm_version, calendar_propose
    from zhengxiao.kernel.clock.api import calendar_effect
    from zhengxiao.kernel.clock.reprojection import reproject
    from zhengxiao.lib.actors import SYSTEM

    running = SIZES[size]
    make_place(AT)
    clear_clocks()
    make_clocks(running, at=AT, unit="wd")
    days = [
        DayMark(first + timedelta(days=n), False, "示例假日")
        for first, count in HOLIDAYS
        for n in range(count)
    ]
    days += [DayMark(day, True, "示例调休") for day in MAKE_UP]
    version = calendar_propose(
        key="CN",
        days=days,
        source_title="示例通知",
        confirmed_through=date(2027, 12, 31),
        actor=SYSTEM,
        at=AT,
    )
    effects = []
    preview = seconds(lambda: effects.append(calendar_effect(version.pk)))
    calendar_confirm_version(version_id=version.pk, actor=SYSTEM, at=AT)
    moved = []
    took = seconds(lambda: moved.append(reproject(why="示例通知", at=AT)))

    def bare() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE clock_clock SET calendar_version = calendar_version WHERE stopped_at IS NULL"
            )

    baseline = seconds(bare)
    effect = effects[0]
    if moved[0] != effect.moved:
        raise SystemExit(f"the preview told {effect.moved} moved clocks, re-projection moved {moved[0]}")
    words = f"{running:,} running clocks, {moved[0]:,} due days moved, {effect.settled:,} only became certain"
    return [
        Figure(
            "reprojection.seconds", took, "s", "one bare UPDATE of as many rows", baseline,
            goal="≤ 90 s at 1,000,000" if size == "full" else "", met=took <= 90 if size == "full" else None, note=words,
        ),
        Figure("reprojection.preview_seconds", preview, "s", "one bare UPDATE of as many rows", baseline),
    ]  # fmt: skip
