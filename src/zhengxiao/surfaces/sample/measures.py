"""How a real city's lists are made up, as numbers: what the sample city is drawn from. Counts of published public lists."""

from __future__ import annotations

LIMITS: tuple[tuple[int, int, int], ...] = (
    # statutory working days, promised working days, how many of 238 items in force of a city (measured 2026)
    (20, 1, 49),
    (30, 1, 41),
    (60, 1, 39),
    (20, 3, 19),
    (20, 4, 12),
    (30, 15, 8),
    (10, 1, 8),
    (20, 9, 8),
    (30, 10, 5),
    (30, 2, 4),
    (30, 3, 4),
    (30, 8, 4),
    (20, 8, 3),
    (20, 10, 3),
    (30, 5, 3),
    (20, 5, 3),
    (180, 20, 3),
    (90, 1, 2),
    (40, 1, 2),
    (5, 3, 2),
    (10, 3, 2),
    (60, 3, 2),
    (180, 35, 1),
    (180, 25, 1),
    (30, 12, 1),
    (3, 1, 1),
    (2, 1, 1),
    (30, 6, 1),
    (20, 20, 1),
    (15, 1, 1),
    (20, 7, 1),
    (20, 2, 1),
    (30, 9, 1),
    (60, 14, 1),
)

TASK_TYPES: tuple[tuple[str, int], ...] = (
    # item type code, how many of 1,135 items of a district
    ("01", 536),
    ("20", 348),
    ("10", 182),
    ("07", 50),
    ("05", 9),
    ("09", 8),
    ("08", 2),
)

INSTANT_SHARE = 0.14
"""Of the one-day promises, how many are kept on the spot."""
NO_STATUTORY_SHARE = 0.30
"""Of public services, how many have no limit in law."""
NATURAL_DAYS: tuple[tuple[int, int], ...] = ((30, 15), (45, 30), (20, 10))
"""A few items whose limits count natural days."""
NATURAL_SHARE = 0.025

MONTH_WEIGHTS = (0.95, 0.55, 1.15, 1.05, 1.0, 1.1, 1.05, 1.0, 1.15, 0.8, 1.1, 1.2)
"""Arrivals by month: little around the Spring Festival and the October week, much at the end of the year."""
WEEKDAY_WEIGHTS = (1.25, 1.1, 1.0, 0.95, 0.85, 0.5, 0.5)
"""Arrivals by weekday; the last two are make-up working days."""

NIGHT_SHARE = 0.02
"""Filed online in the evening or on the eve of a working day."""
CHANNELS = (("window", 62), ("online", 27), ("mobile", 8), ("self_service", 3))

LATE_SHARE = 0.014
"""Decided after the promised day; of these so many after the statutory one:"""
PAST_STATUTORY_SHARE = 0.06
SUPPLEMENT_SHARE = 0.06
PROCEDURE_SHARE = 0.04
EXTENSION_SHARE = 0.02
ENDINGS = (
    # how a case ends that is not granted, per 10,000
    ("denied", 90),
    ("withdrawn", 110),
    ("refused", 110),
    ("not_required", 20),
    ("terminated", 25),
    ("lapsed", 30),
    ("deemed", 15),
)

OPEN_SHARE = 0.045
"""Running cases set up on purpose, beside those that are in hand anyway."""
OPEN_TARGETS = (
    # what a running case shows, in percent
    ("green", 37),
    ("blue", 18),
    ("yellow", 6),
    ("red", 3),
    ("suspended", 10),
    ("supplementing", 8),
    ("received", 10),
    ("overlooked", 1),
    ("extended", 4),
    ("undelivered", 3),
)

SIZES = {"S": 2_000, "M": 20_000, "L": 200_000, "XL": 1_000_000}
