"""What every bench shares: set-up, timing, and a figure with its baseline."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Figure:
    """One measured figure. `ratio` is figure ÷ baseline, both run side by side; `goal` in words, `met` None without a goal."""

    name: str
    value: float
    unit: str
    baseline: str = ""
    baseline_value: float | None = None
    goal: str = ""
    met: bool | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline_value if self.baseline_value else None

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio}


def set_up() -> None:
    """Django on the database of ZX_TEST_DATABASE_URL, migrated."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengxiao.config.settings.test")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def seconds(work: Callable[[], Any]) -> float:
    """How long one call takes."""
    begins = perf_counter()
    work()
    return perf_counter() - begins


def times(work: Callable[[], Any], repeats: int) -> list[float]:
    return [seconds(work) for _ in range(repeats)]


def p95(values: Sequence[float]) -> float:
    """The 95th percentile, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, -(-95 * len(ordered) // 100) - 1)]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def analyze(*tables: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for table in tables:
            if connection.vendor == "postgresql":
                cursor.execute(f"VACUUM ANALYZE {table}")
            else:
                cursor.execute(f"ANALYZE {table}")


def tables() -> list[str]:
    """Every table of the product."""
    from django.db import connection

    return connection.introspection.table_names()
