"""The sweep: looks only at clocks whose `next_look_at` has passed, so its cost follows the changes, not the open clocks.

Every rung that was reached since the last look fires in order, stamped with the moment the rule was broken. Two sweeps at
once: the conditional update on `next_look_at` and `revision` lets one claim a clock; the unique rung row is the second guard.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from zhengxiao.kernel.clock.models import Clock, ClockRow, ClockRung
from zhengxiao.kernel.clock.policies import POLICIES, Light
from zhengxiao.kernel.clock.projecting import caches, rows_of, table_of
from zhengxiao.kernel.clock.rules import FIRED_BIT, Row, Verb, level_moments, next_look
from zhengxiao.kernel.clock.writing import given_due
from zhengxiao.kernel.jobs.api import bulk_insert
from zhengxiao.kernel.timeline.api import FactRow, RowWrite, Subject, record_many
from zhengxiao.lib.actors import SYSTEM

log = logging.getLogger(__name__)

CHUNK = 250
BAD_ROW_DELAY = timedelta(hours=1)
LEVEL_WORDS = {Light.BLUE: "蓝灯", Light.YELLOW: "黄灯", Light.RED: "红灯"}


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What one pass did: clocks looked at, warnings and breaches told, pauses ended at their cap, clocks that failed."""

    looked: int = 0
    warned: int = 0
    breached: int = 0
    capped: int = 0
    failed: int = 0

    def __add__(self, other: SweepResult) -> SweepResult:
        return SweepResult(
            self.looked + other.looked,
            self.warned + other.warned,
            self.breached + other.breached,
            self.capped + other.capped,
            self.failed + other.failed,
        )


@dataclass(slots=True)
class _Finding:
    """What one clock owes at this look."""

    clock: Clock
    changes: dict[str, Any]
    rungs: list[ClockRung] = field(default_factory=list)
    cap: ClockRow | None = None
    facts: list[FactRow] = field(default_factory=list)


def _fact(clock: Clock, name: str, at: datetime, rows: Sequence[RowWrite], **more: Any) -> FactRow:
    data = {
        "clock": clock.label,
        "clock_id": clock.pk,
        "clock_kind": clock.kind,
        "due_on": clock.due_on,
        "provisional": clock.provisional,
        **more,
    }
    subject = Subject(clock.subject_kind, clock.subject_id)
    return FactRow(name, subject, SYSTEM, at, data, clock.owner_unit_id, rows)


def _end_pause_at_cap(clock: Clock, at: datetime, finding: _Finding) -> None:
    assert clock.paused_until is not None  # noqa: S101 - asked before calling
    cap = clock.paused_until
    rows = [*rows_of(clock), Row(Verb.RESUME, cap)]
    finding.cap = ClockRow(
        clock=clock,
        number=clock.rows.count() + 1,
        verb=Verb.RESUME.value,
        at=cap,
        recorded_at=at,
        actor_name=SYSTEM.name,
        ground="cap_reached",
    )
    written = [finding.cap, *given_due(clock)]
    finding.facts.append(_fact(clock, "clock.cap_reached", cap, written, since_at=cap))
    fresh = caches(clock, table_of(clock), rows, clock.fired)
    finding.changes |= {**fresh, "paused_since": None, "paused_until": None, "revision": clock.revision + 1}
    for name, value in finding.changes.items():
        if name != "revision":
            setattr(clock, name, value)


def _fire(clock: Clock, at: datetime, finding: _Finding, *, breaches_only: bool = False) -> int:
    """Gather the rungs reached by `at` and not yet fired; answers what is fired then."""
    fired = clock.fired
    breaching = {rung.level for rung in POLICIES[clock.rule.policy] if rung.breach}
    for level, moment in level_moments(clock.projection):
        breach = level in breaching
        if moment > at or fired & FIRED_BIT[level] or (breaches_only and not breach):
            continue
        fired |= FIRED_BIT[level]
        rung = ClockRung(clock=clock, level=level.value, at=moment, claimed_at=at, breach=breach)
        finding.rungs.append(rung)
        name = "clock.breached" if breach else "clock.warned"
        told = {"level": level.value, "level_name": LEVEL_WORDS[level]}
        finding.facts.append(_fact(clock, name, moment, [rung], **told))
    return fired


def _look(clock: Clock, at: datetime) -> _Finding:
    """Everything the clock owes by `at`, computed before anything is written."""
    finding = _Finding(clock=clock, changes={})
    if clock.paused_until is not None and clock.paused_until <= at:
        _end_pause_at_cap(clock, at, finding)
    fired = _fire(clock, at, finding)
    finding.changes |= {"fired": fired, "next_look_at": next_look(clock.projection, fired)}
    return finding


def fire_missed(clock: Clock, at: datetime) -> None:
    """Tell the breaches a stopping clock owes by `at` that no sweep has come by to tell, with their legal moments.

    For the verb that stops it, which holds the row: its claim knew what the sweeps had fired. A reminder of a clock that
    has stopped would remind nobody and is left out.
    """
    found = _Finding(clock=clock, changes={})
    clock.fired = _fire(clock, at, found, breaches_only=True)
    if found.rungs:
        Clock.objects.filter(pk=clock.pk).update(fired=clock.fired)
        _write([found], at)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A clock as it was read: the claim matches only while nobody has changed it since."""

    pk: int
    revision: int
    next_look_at: datetime | None
    calendar_version: str

    @classmethod
    def of(cls, clock: Clock) -> _Seen:
        return cls(clock.pk, clock.revision, clock.next_look_at, clock.calendar_version)

    def claim(self, changes: dict[str, Any]) -> bool:
        unchanged = Clock.objects.filter(stopped_at__isnull=True, **asdict(self))
        return unchanged.update(**changes) == 1


def _write(findings: Sequence[_Finding], at: datetime) -> None:
    caps = [finding.cap for finding in findings if finding.cap is not None]
    rungs = [rung for finding in findings for rung in finding.rungs]
    facts = sorted((fact for finding in findings for fact in finding.facts), key=lambda fact: fact.at)
    if caps:
        bulk_insert(ClockRow, caps)
    if rungs:
        bulk_insert(ClockRung, rungs)
    if facts:
        record_many(facts, recorded_at=at)


def _sweep_some(at: datetime, waiting: Sequence[Clock]) -> SweepResult:
    """Claim and write for these clocks in one transaction; any error is the whole transaction's."""
    claimed: list[_Finding] = []
    with transaction.atomic():
        for clock in waiting:
            seen = _Seen.of(clock)
            finding = _look(clock, at)
            if seen.claim(finding.changes):
                claimed.append(finding)
        _write(claimed, at)
    rungs = [rung for finding in claimed for rung in finding.rungs]
    breached = sum(1 for rung in rungs if rung.breach)
    return SweepResult(
        looked=len(claimed),
        warned=len(rungs) - breached,
        breached=breached,
        capped=sum(1 for finding in claimed if finding.cap is not None),
    )


def _sweep_one(at: datetime, clock: Clock) -> SweepResult:
    """One clock alone: when it fails it is looked at again in an hour and logged, and the others go on."""
    try:
        return _sweep_some(at, [clock])
    except Exception:
        log.exception("clock %s cannot be computed", clock.pk)
        Clock.objects.filter(pk=clock.pk, revision=clock.revision).update(next_look_at=at + BAD_ROW_DELAY)
        return SweepResult(looked=1, failed=1)


def _due(at: datetime, size: int) -> list[Clock]:
    """The clocks to look at, those longest overdue first; in key order, so that two sweeps never wait crosswise."""
    due = Clock.objects.running().filter(next_look_at__lte=at).select_related("rule")
    return sorted(due.order_by("next_look_at", "id")[:size], key=lambda clock: clock.pk)


def _sweep_chunk(at: datetime, size: int) -> SweepResult:
    """One chunk in one transaction; when one of its clocks fails, each of them in its own."""
    waiting = _due(at, size)
    if not waiting:
        return SweepResult()
    try:
        return _sweep_some(at, waiting)
    except Exception:
        log.exception("a chunk of %s clocks is looked at one by one", len(waiting))
    result = SweepResult()
    for clock in _due(at, size):
        result += _sweep_one(at, clock)
    return result


def sweep(*, at: datetime, limit: int = 100_000) -> SweepResult:
    """Look at every running clock whose next look has come by `at`, in chunks of one short transaction each."""
    total = SweepResult()
    while total.looked < limit:
        part = _sweep_chunk(at, min(CHUNK, limit - total.looked))
        total += part
        if part.looked == 0:
            break
    return total
