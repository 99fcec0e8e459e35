from __future__ import annotations

from datetime import datetime

import pytest

from zhengxiao.kernel.calendar.gazette import shipped_table
from zhengxiao.kernel.calendar.rules import DayTable


@pytest.fixture(scope="session")
def nation() -> DayTable:
    """The shipped table of the nation, 2007-2026."""
    return shipped_table()


@pytest.fixture(scope="session")
def at() -> datetime:
    """Monday 23 November 2026, in the morning."""
    return datetime.fromisoformat("2026-11-23T09:00+08:00")
