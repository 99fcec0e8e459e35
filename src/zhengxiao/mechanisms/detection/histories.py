"""The past of many cases as columns: what detectors look at. Plain numpy arrays; no storage, no framework.

Moments are datetime64[us] in UTC, NaT where there is none. NOBODY stands where a person, an item or a limit is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from zhengxiao.kernel.calendar.rules import DayTable

Ints = NDArray[np.int64]
Moments = NDArray[Any]
Mask = NDArray[np.bool_]

NOBODY = np.iinfo(np.int64).min
RESULTS = ("", "granted", "denied", "withdrawn", "terminated", "lapsed", "refused", "not_required")
"""A result is its place in this list."""
DECIDED = (RESULTS.index("granted"), RESULTS.index("denied"))
GIVEN_UP = tuple(RESULTS.index(name) for name in ("withdrawn", "terminated", "lapsed"))
MINUTE = np.timedelta64(1, "m")


@dataclass(frozen=True, slots=True)
class Cases:
    """One row per case. `applicant` is a key that equal applicants share; `promised` counts working days."""

    id: Ints
    department: Ints
    unit: Ints
    item: Ints
    region: Ints
    applicant: Ints
    handler: Ints
    result: Ints
    promised: Ints
    calendar: Ints
    received: Moments
    accepted: Moments
    decided: Moments
    finished: Moments
    promised_due: Moments
    statutory_due: Moments

    def __len__(self) -> int:
        return len(self.id)


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


def _never() -> Moments:
    return np.zeros(0, dtype="datetime64[us]")


@dataclass(frozen=True, slots=True)
class Steps:
    """Finished steps, by case and time. `row`: place of the case; `rank`: place of the step in the item's own process,
    -1 where the process does not name it; `returned`: it sent the case back."""

    row: Ints = field(default_factory=_none)
    ended: Moments = field(default_factory=_never)
    rank: Ints = field(default_factory=_none)
    name: Ints = field(default_factory=_none)
    returned: Ints = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class Told:
    """Things told of cases, by case and time: pauses begun, supplements asked for."""

    row: Ints = field(default_factory=_none)
    at: Moments = field(default_factory=_never)


@dataclass(frozen=True, slots=True)
class Activity:
    """What people did, as (person, local day, case or NOBODY): decisions are left out, they are what is judged."""

    person: Ints = field(default_factory=_none)
    day: Moments = field(default_factory=lambda: np.zeros(0, dtype="datetime64[D]"))
    subject: Ints = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class Histories:
    """All that detectors see. `calendars`: the day tables that `cases.calendar` counts; `zone`: of days and months."""

    cases: Cases
    zone: ZoneInfo
    steps: Steps = field(default_factory=Steps)
    pauses: Told = field(default_factory=Told)
    requests: Told = field(default_factory=Told)
    decider: Ints = field(default_factory=_none)
    """Per case the person who decided it, NOBODY where that is not known."""
    activity: Activity = field(default_factory=Activity)
    calendars: tuple[DayTable, ...] = ()


Parameters = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Hits:
    """What a detector found, one row per finding, in order of the moment.

    `row`: the case that carries it; `at`: when the rule was broken; `key`: what it may be found for once only (the case,
    or the group that it stands for); `evidence`: columns by name; `members`: where a finding is about several cases, their
    rows.
    """

    row: Ints
    at: Moments
    key: Ints
    evidence: Mapping[str, NDArray[Any]]
    members: tuple[Ints, ...] | None = None

    def __len__(self) -> int:
        return len(self.row)

    def only(self, mask: Mask) -> Hits:
        """The findings where the mask holds."""
        kept = None
        if self.members is not None:
            kept = tuple(member for member, keep in zip(self.members, mask.tolist(), strict=True) if keep)
        evidence = {name: values[mask] for name, values in self.evidence.items()}
        return Hits(self.row[mask], self.at[mask], self.key[mask], evidence, kept)


def hits_of(cases: Cases, row: Ints, at: Moments, evidence: Mapping[str, NDArray[Any]]) -> Hits:
    """Findings that are about one case each, in order of the moment."""
    order = np.lexsort((cases.id[row], at))
    row = row[order]
    return Hits(row, at[order], cases.id[row], {name: values[order] for name, values in evidence.items()})


def minutes_between(begins: Moments, ends: Moments) -> Ints:
    """Whole minutes; both moments must be there."""
    minutes: Ints = ((ends - begins) // MINUTE).astype(np.int64)
    return minutes
