"""Invented histories: plain rows for the loops that know better, and the same as columns for the detectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import strategies as st

from zhengxiao.kernel.calendar.gazette import shipped_table
from zhengxiao.mechanisms.detection.histories import (
    NOBODY,
    RESULTS,
    Activity,
    Cases,
    Histories,
    Hits,
    Steps,
    Told,
)

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Monday 2026-03-02, nine o'clock in Shanghai."""


@dataclass
class Row:
    """A case as a loop reads it."""

    id: int = 1
    handler: int | None = 7
    unit: int = 3
    item: int = 5
    applicant: int | None = 11
    result: str = ""
    promised: int = 10
    received: datetime = START
    accepted: datetime | None = None
    decided: datetime | None = None
    finished: datetime | None = None
    promised_due: datetime | None = None
    statutory_due: datetime | None = None
    steps: list[tuple[int, datetime, bool]] = field(default_factory=list)
    """(rank, ended, sent back)"""
    pauses: list[datetime] = field(default_factory=list)
    requests: list[datetime] = field(default_factory=list)
    decider: int | None = None


def moments(values: Sequence[datetime | None]) -> Any:
    plain = [None if value is None else value.astimezone(UTC).replace(tzinfo=None) for value in values]
    return np.array(["NaT" if value is None else value for value in plain], dtype="datetime64[us]")


def numbers(values: Sequence[int | None]) -> Any:
    return np.array([NOBODY if value is None else value for value in values], dtype=np.int64)


def histories(rows: Sequence[Row], activity: Sequence[tuple[int, Any, int]] = ()) -> Histories:
    """The columns of these rows; one calendar, the nation's."""
    cases = Cases(
        id=numbers([row.id for row in rows]),
        department=numbers([2 for _ in rows]),
        unit=numbers([row.unit for row in rows]),
        item=numbers([row.item for row in rows]),
        region=numbers([1 for _ in rows]),
        applicant=numbers([row.applicant for row in rows]),
        handler=numbers([row.handler for row in rows]),
        result=numbers([RESULTS.index(row.result) for row in rows]),
        promised=numbers([row.promised for row in rows]),
        calendar=numbers([0 for _ in rows]),
        **{
            name: moments([getattr(row, name) for row in rows])
            for name in ("received", "accepted", "decided", "finished", "promised_due", "statutory_due")
        },
    )
    steps = [(place, ended, rank, back) for place, row in enumerate(rows) for rank, ended, back in row.steps]
    pauses = [(place, at) for place, row in enumerate(rows) for at in row.pauses]
    requests = [(place, at) for place, row in enumerate(rows) for at in row.requests]
    return Histories(
        cases=cases,
        zone=ZONE,
        steps=Steps(
            numbers([s[0] for s in steps]), moments([s[1] for s in steps]), numbers([s[2] for s in steps]),
            numbers([s[2] + 100 for s in steps]), numbers([int(s[3]) for s in steps]),
        ),
        pauses=Told(numbers([p[0] for p in pauses]), moments([p[1] for p in pauses])),
        requests=Told(numbers([r[0] for r in requests]), moments([r[1] for r in requests])),
        decider=numbers([row.decider for row in rows]),
        activity=Activity(
            numbers([a[0] for a in activity]),
            np.array([a[1] for a in activity], dtype="datetime64[D]"),
            numbers([a[2] for a in activity]),
        ),
        calendars=(shipped_table(),),
    )  # fmt: skip


def found(hits: Hits, cases: Cases) -> list[tuple[int, datetime]]:
    """(case, moment) of each finding, in order of the case."""
    ids = cases.id[hits.row].tolist()
    return sorted(zip(ids, [at.replace(tzinfo=UTC) for at in hits.at.tolist()], strict=True))


MINUTES = st.integers(0, 60 * 24 * 40).map(lambda minutes: START + timedelta(minutes=minutes))
NEAR = st.integers(0, 240).map(lambda minutes: START + timedelta(minutes=minutes))


def sometimes(values: Any) -> Any:
    return st.none() | values


def rows(**fields: Any) -> Any:
    """Lists of rows with the fields drawn and the ids numbered."""
    drawn = st.lists(st.builds(Row, **fields), max_size=14)
    return drawn.map(lambda made: [_numbered(row, number) for number, row in enumerate(made, start=1)])


def _numbered(row: Row, number: int) -> Row:
    row.id = number
    return row
