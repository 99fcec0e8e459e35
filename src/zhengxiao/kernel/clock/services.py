"""The verbs of a clock. Each appends one dated row, recomputes the caches and records a fact, in one transaction.

Two verbs at once: the conditional update on `revision` lets one win; the other is refused (StaleState) with nothing written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from zhengxiao.kernel.calendar.api import DayTable, Term, Unit, day_table
from zhengxiao.kernel.clock import refusals
from zhengxiao.kernel.clock.declarations import PauseGround, extension_rule_of, grounds_of, rules_by_code
from zhengxiao.kernel.clock.models import Clock, ClockRow, ClockRule
from zhengxiao.kernel.clock.projecting import caches, plain_rows, table_of, unit_of_use, used_of
from zhengxiao.kernel.clock.rules import Row, Verb, cap_moment, open_pause
from zhengxiao.kernel.clock.sweeping import fire_missed
from zhengxiao.kernel.clock.writing import append, load, tell, words
from zhengxiao.kernel.database.api import joined
from zhengxiao.kernel.jobs.api import bulk_insert, row_maker
from zhengxiao.kernel.timeline.api import FactRow, Subject, record_many
from zhengxiao.lib.actors import Actor


@dataclass(frozen=True, slots=True)
class Start:
    """What a new clock is: about what, by which rule, whose."""

    subject: Subject
    rule_code: str
    owner_unit_id: int
    region: str
    kind: str = ""
    label: str = ""
    term: Term | None = None
    owner_id: int | None = None
    parent_id: int | None = None


def clock_start(start: Start, *, actor: Actor, at: datetime, started_at: datetime | None = None) -> Clock:
    """Start a clock. `started_at` is the legal moment of start when it differs from `at` (deemed acceptance).

    The rule version in force on the day of start governs it for life. Facts: clock.started.
    """
    return clocks_start([start], actor=actor, at=at, started_at=started_at)[0]


def clocks_start(
    starts: Sequence[Start], *, actor: Actor, at: datetime, started_at: datetime | None = None
) -> list[Clock]:
    """Start many clocks at one moment, in a few statements; the same rows and facts as by `clock_start`, in order."""
    begins = started_at or at
    tables = {region: day_table(region) for region in sorted({start.region for start in starts})}
    days = {region: begins.astimezone(table.zone).date() for region, table in tables.items()}
    rules = {
        day: rules_by_code((start.rule_code for start in starts if days[start.region] == day), day, at=at)
        for day in set(days.values())
    }
    clocks = [
        _begun(start, rules[days[start.region]][start.rule_code], tables[start.region], begins)
        for start in starts
    ]
    row = row_maker(ClockRow)
    with joined():
        bulk_insert(Clock, clocks)
        rows = [
            row(
                clock_id=clock.pk,
                number=1,
                verb=Verb.START.value,
                at=begins,
                recorded_at=at,
                actor_id=actor.user_id,
                actor_name=actor.name,
                legal_ground=clock.rule.legal_ground,
            )
            for clock in clocks
        ]
        bulk_insert(ClockRow, rows)
        facts = [_started(clock, own, actor) for clock, own in zip(clocks, rows, strict=True)]
        record_many(facts, recorded_at=at)
    return clocks


def _begun(start: Start, rule: ClockRule, table: DayTable, begins: datetime) -> Clock:
    """The unsaved clock with its caches."""
    term = start.term or Term.parse(rule.term)
    clock = Clock(
        subject_kind=start.subject.kind,
        subject_id=start.subject.id,
        kind=start.kind or rule.kind,
        label=start.label or rule.label,
        rule=rule,
        parent_id=start.parent_id,
        term_amount=term.amount,
        term_unit=term.unit.value,
        region=start.region,
        owner_unit_id=start.owner_unit_id,
        owner_id=start.owner_id,
        started_at=begins,
    )
    for name, value in caches(clock, table, [], 0).items():
        setattr(clock, name, value)
    return clock


def _started(clock: Clock, row: ClockRow, actor: Actor) -> FactRow:
    subject = Subject(clock.subject_kind, clock.subject_id)
    written = (clock, row)
    return FactRow(
        "clock.started", subject, actor, clock.started_at, words(clock), clock.owner_unit_id, written
    )


def clock_pause(
    *, clock_id: int, ground: str, expected_days: int | None, document: str, actor: Actor, at: datetime
) -> Clock:
    """Stop the clock on a lawful ground, with the written notice that told the applicant (licensing law art. 45).

    Refuses GroundUnknown, GroundUsedUp, ExpectedDaysBeyondCap, NotRunning, ClockStopped, ClockMovesBackward.
    """
    with transaction.atomic():
        clock, stored = load(clock_id, Verb.PAUSE, at)
        if open_pause(plain_rows(stored)) is not None:
            raise refusals.NotRunning(clock=clock.label)
        chosen = _lawful_ground(clock, stored, ground, expected_days)
        until = None
        if chosen.max_workdays is not None:
            until = cap_moment(table_of(clock), at, chosen.max_workdays)
        columns = {
            "ground": ground,
            "legal_ground": chosen.law,
            "held_by": chosen.held_by,
            "document": document,
            "amount": expected_days or 0,
            "until": until,
        }
        row = Row(Verb.PAUSE, at, until=until, ground=ground, held_by=chosen.held_by)
        rows = append(clock, stored, row, actor=actor, columns=columns)
        tell(
            clock, "clock.paused", actor, at, rows=rows,
            ground=chosen.label, legal_ground=chosen.law, expected_days=expected_days,
        )  # fmt: skip
    return clock


def _lawful_ground(
    clock: Clock, stored: list[ClockRow], ground: str, expected_days: int | None
) -> PauseGround:
    """The ground by its code, if the rule knows it and its caps allow one more pause that long."""
    known = grounds_of(clock.rule)
    if ground not in known:
        names = "、".join(item.label for item in known.values()) or "无"
        raise refusals.GroundUnknown(field="ground", ground=ground, clock=clock.label, known=names)
    chosen = known[ground]
    times = sum(1 for row in stored if row.verb == Verb.PAUSE and row.ground == ground)
    if chosen.max_times is not None and times >= chosen.max_times:
        raise refusals.GroundUsedUp(field="ground", ground=chosen.label, times=chosen.max_times)
    cap = chosen.max_workdays
    if cap is not None and expected_days is not None and expected_days > cap:
        raise refusals.ExpectedDaysBeyondCap(
            field="expected_days", expected=expected_days, ground=chosen.label, cap=cap
        )
    return chosen


def clock_resume(*, clock_id: int, document: str = "", actor: Actor, at: datetime) -> Clock:
    """Let the clock run again. A pause whose cap has passed ended at its cap; then that is what is written.

    Refuses NotPaused (also when a sweep has written that already), ClockStopped, ClockMovesBackward, StaleState.
    """
    with transaction.atomic():
        clock, stored = load(clock_id, Verb.RESUME, at)
        if open_pause(plain_rows(stored)) is None:
            if stored[-1].ground == "cap_reached" and stored[-1].recorded_at == at:
                return clock
            raise refusals.NotPaused(clock=clock.label)
        rows = append(clock, stored, Row(Verb.RESUME, at), actor=actor, columns={"document": document})
        tell(clock, "clock.resumed", actor, at, rows=rows)
    return clock


def clock_extend(*, clock_id: int, amount: int, document: str, actor: Actor, at: datetime) -> Clock:
    """Lengthen the term by `amount` of its own unit, within the rule's caps and before the clock falls due.

    Refuses ExtensionNotAllowed, ExtensionUsedUp, ExtensionTooLong, ExtensionTooLate and what every verb refuses.
    """
    with transaction.atomic():
        clock, stored = load(clock_id, Verb.EXTEND, at)
        rule = extension_rule_of(clock.rule)
        if rule is None:
            raise refusals.ExtensionNotAllowed(clock=clock.label)
        if sum(1 for row in stored if row.verb == Verb.EXTEND) >= rule.max_times:
            raise refusals.ExtensionUsedUp(clock=clock.label, times=rule.max_times)
        if not 0 < amount <= rule.max_amount:
            raise refusals.ExtensionTooLong(
                field="amount", amount=_length(clock, amount), most=rule.max_amount, law=rule.law
            )
        if clock.due_at is not None and at > clock.due_at:
            raise refusals.ExtensionTooLate(clock=clock.label, due=clock.due_on)
        before = clock.due_on
        columns = {"amount": amount, "legal_ground": rule.law, "document": document}
        rows = append(clock, stored, Row(Verb.EXTEND, at, amount=amount), actor=actor, columns=columns)
        tell(
            clock, "clock.extended", actor, at, rows=rows,
            amount=_length(clock, amount), legal_ground=rule.law, from_on=before,
        )  # fmt: skip
    return clock


def _length(clock: Clock, amount: int) -> str:
    """An extension in words; a fixed date is moved by days. Not a Term: what is refused may be no lawful length."""
    return f"{amount}{Unit.DAY if clock.term_unit == Unit.FIXED else Unit(clock.term_unit)}"


def clock_hand_over(
    *,
    clock_id: int,
    to_unit_id: int,
    to_unit_name: str,
    to_user_id: int | None,
    inner: Start | None,
    document: str = "",
    actor: Actor,
    at: datetime,
) -> Clock:
    """Hand the matter to another owner.

    With `inner` the outer clock keeps its owner and runs on, and a new clock begins for the new owner (first receiver is
    responsible). Without it the clock itself changes its owner. Returns the clock that the new owner now has.
    """
    with transaction.atomic():
        clock, stored = load(clock_id, Verb.HAND_OVER, at)
        owner = {} if inner else {"owner_unit_id": to_unit_id, "owner_id": to_user_id}
        columns = {"to_unit_id": to_unit_id, "to_user_id": to_user_id, "document": document}
        rows = append(clock, stored, Row(Verb.HAND_OVER, at), actor=actor, columns=columns, more=owner)
        tell(clock, "clock.handed_over", actor, at, rows=rows, to_unit=to_unit_name)
        if inner is None:
            return clock
        return clock_start(replace(inner, parent_id=inner.parent_id or clock.pk), actor=actor, at=at)


def clock_stop(*, clock_id: int, actor: Actor, at: datetime, document: str = "") -> Clock:
    """The promise is kept or over: freeze what was used. Refuses ClockStopped, ClockMovesBackward, StaleState.

    A breach that no sweep has told yet is told first: who finishes late is late, whether or not a runner was there.
    """
    with transaction.atomic():
        clock, stored = load(clock_id, Verb.STOP, at)
        used = used_of(clock, table_of(clock), [*plain_rows(stored), Row(Verb.STOP, at)], at)
        more = {
            "stopped_at": at,
            "used": used,
            "next_look_at": None,
            "paused_since": None,
            "paused_until": None,
        }
        rows = append(
            clock, stored, Row(Verb.STOP, at), actor=actor, columns={"document": document}, more=more
        )
        fire_missed(clock, at)
        tell(
            clock,
            "clock.stopped",
            actor,
            at,
            rows=rows,
            used=f"{used.normalize():f}{unit_of_use(Unit(clock.term_unit))}",
        )
    return clock
