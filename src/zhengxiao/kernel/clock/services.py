"""The verbs of a clock. Each appends one dated row, recomputes the caches and records a fact, in one transaction.

Two verbs at once: the conditional update on `revision` lets one win; the other is refused (StaleState) with nothing written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxiao.kernel.calendar.api import DayTable, Term, Unit, day_table
from zhengxiao.kernel.clock import refusals
from zhengxiao.kernel.clock.declarations import extension_rule_of, grounds_of, rule_in_force
from zhengxiao.kernel.clock.models import Clock, ClockRow
from zhengxiao.kernel.clock.rules import (
    POLICIES,
    Projection,
    Row,
    Verb,
    day_start,
    extension_of,
    held_pauses,
    next_look,
    open_pause,
    project,
)
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import StaleState

VERB_WORDS = {
    Verb.PAUSE: "中止计时",
    Verb.RESUME: "恢复计时",
    Verb.EXTEND: "延期",
    Verb.HAND_OVER: "移交",
    Verb.STOP: "停止计时",
}


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


def term_of(clock: Clock) -> Term:
    return Term(clock.term_amount, Unit(clock.term_unit))


def rows_of(clock: Clock) -> list[Row]:
    """The clock's rows as the rules need them, in order. A plain clock has none that matter."""
    if clock.plain:
        return []
    return [
        Row(Verb(row.verb), row.at, row.amount, row.until, row.ground, row.held_by)
        for row in clock.rows.order_by("number")
    ]


def caches(clock: Clock, table: DayTable, rows: list[Row], fired: int) -> dict[str, Any]:
    """The derived columns of a running clock, ready for an update."""
    projection = project(
        table, term=term_of(clock), started_at=clock.started_at, rows=rows, policy=POLICIES[clock.rule.policy]
    )
    return {
        **projection_columns(projection, fired),
        "extension_amount": extension_of(rows),
        "plain": all(row.verb in (Verb.START, Verb.HAND_OVER) for row in rows),
        "calendar_version": str(table.version),
    }


def projection_columns(projection: Projection, fired: int) -> dict[str, Any]:
    return {
        "due_at": projection.due_at,
        "due_on": projection.due_on,
        "provisional": projection.provisional,
        "paused_since": projection.paused_since,
        "paused_until": projection.paused_until,
        "blue_at": projection.blue_at,
        "yellow_at": projection.yellow_at,
        "red_at": projection.red_at,
        "next_look_at": next_look(projection, fired),
    }


def used_of(clock: Clock, table: DayTable, rows: list[Row], until: datetime) -> Decimal:
    """How much of the term has run by `until`, in the term's unit (months and years: calendar days)."""
    unit = Unit(clock.term_unit)
    counted_in = unit if unit in (Unit.WORKDAY, Unit.WORKHOUR, Unit.HOUR) else Unit.DAY
    pauses = tuple(held.pause for held in held_pauses(rows))
    return Decimal(str(table.used(clock.started_at, until, counted_in, pauses)))


def _words(clock: Clock, **more: Any) -> dict[str, Any]:
    return {
        "clock": clock.label,
        "clock_id": clock.pk,
        "clock_kind": clock.kind,
        "term": str(term_of(clock)),
        "due_on": clock.due_on,
        "provisional": clock.provisional,
        **more,
    }


def clock_start(start: Start, *, actor: Actor, at: datetime, started_at: datetime | None = None) -> Clock:
    """Start a clock. `started_at` is the legal moment of start when it differs from `at` (deemed acceptance).

    The rule version in force on the day of start governs it for life. Facts: clock.started.
    """
    begins = started_at or at
    table = day_table(start.region)
    rule = rule_in_force(start.rule_code, begins.astimezone(table.zone).date())
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
    with transaction.atomic():
        clock.save(force_insert=True)
        _write_row(clock, 1, Verb.START, begins, at, actor, legal_ground=rule.legal_ground)
        record(
            fact="clock.started",
            subject=start.subject,
            actor=actor,
            at=begins,
            recorded_at=at,
            data=_words(clock),
            unit_id=start.owner_unit_id,
        )
    return clock


def _write_row(
    clock: Clock, number: int, verb: Verb, at: datetime, recorded_at: datetime, actor: Actor, **columns: Any
) -> ClockRow:
    return ClockRow.objects.create(
        clock=clock,
        number=number,
        verb=verb.value,
        at=at,
        recorded_at=recorded_at,
        actor_id=actor.user_id,
        actor_name=actor.name,
        **columns,
    )


def _load(clock_id: int, verb: Verb, at: datetime) -> tuple[Clock, list[ClockRow]]:
    """The clock and its rows, checked: still running, and `at` not before its last row."""
    clock = Clock.objects.select_related("rule").get(pk=clock_id)
    if clock.stopped_at is not None:
        raise refusals.ClockStopped(clock=clock.label, verb=VERB_WORDS[verb])
    stored = list(clock.rows.order_by("number"))
    last = max(stored[-1].at, stored[-1].recorded_at) if len(stored) > 1 else stored[-1].at
    if at < last:
        shown = timezone.localtime(last).strftime("%Y-%m-%d %H:%M")
        raise refusals.ClockMovesBackward(verb=VERB_WORDS[verb], last=shown)
    return clock, stored


def _plain_rows(stored: list[ClockRow]) -> list[Row]:
    return [Row(Verb(r.verb), r.at, r.amount, r.until, r.ground, r.held_by) for r in stored]


def _append(
    clock: Clock,
    stored: list[ClockRow],
    new: Row,
    *,
    actor: Actor,
    columns: dict[str, Any],
    more: dict[str, Any] | None = None,
) -> Clock:
    """Claim the clock at its revision, write caches and the row. StaleState when another verb came first."""
    table = day_table(clock.region)
    rows = [*_plain_rows(stored), new]
    changes = {**caches(clock, table, rows, clock.fired), **(more or {}), "revision": clock.revision + 1}
    claimed = Clock.objects.filter(pk=clock.pk, revision=clock.revision, stopped_at__isnull=True).update(
        **changes
    )
    if claimed != 1:
        raise StaleState()
    _write_row(clock, stored[-1].number + 1, new.verb, new.at, new.at, actor, **columns)
    for name, value in changes.items():
        setattr(clock, name, value)
    return clock


def clock_pause(
    *, clock_id: int, ground: str, expected_days: int | None, document: str, actor: Actor, at: datetime
) -> Clock:
    """Stop the clock on a lawful ground, with the written notice that told the applicant (licensing law art. 45).

    Refuses GroundUnknown, GroundUsedUp, ExpectedDaysBeyondCap, NotRunning, ClockStopped, ClockMovesBackward.
    """
    with transaction.atomic():
        clock, stored = _load(clock_id, Verb.PAUSE, at)
        opened = open_pause(_plain_rows(stored))
        if opened is not None and (opened.until is None or at < opened.until):
            raise refusals.NotRunning(clock=clock.label)
        if opened is not None:
            stored = [*stored, _end_at_cap(clock, stored, opened)]
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
        until = None
        if cap is not None:
            table = day_table(clock.region)
            until = day_start(table, table.nth_workday_from(at.astimezone(table.zone).date(), cap))
        clock = _append(
            clock,
            stored,
            Row(Verb.PAUSE, at, until=until, ground=ground, held_by=chosen.held_by),
            actor=actor,
            columns={
                "ground": ground,
                "legal_ground": chosen.law,
                "held_by": chosen.held_by,
                "document": document,
                "amount": expected_days or 0,
                "until": until,
            },
        )
        _tell(
            clock,
            "clock.paused",
            actor,
            at,
            ground=chosen.label,
            legal_ground=chosen.law,
            expected_days=expected_days,
        )
    return clock


def _end_at_cap(clock: Clock, stored: list[ClockRow], opened: Row) -> ClockRow:
    """Write down that a capped pause ended by rule, before the next one begins."""
    assert opened.until is not None  # noqa: S101 - the caller asked only about capped pauses
    from_rule = Actor(user_id=None, name="系统", is_system=True)
    row = _write_row(
        clock, stored[-1].number + 1, Verb.RESUME, opened.until, opened.until, from_rule, ground="cap_reached"
    )
    Clock.objects.filter(pk=clock.pk, revision=clock.revision).update(revision=clock.revision + 1)
    clock.revision += 1
    return row


def clock_resume(*, clock_id: int, document: str = "", actor: Actor, at: datetime) -> Clock:
    """Let the clock run again. Refuses NotPaused, ClockStopped, ClockMovesBackward."""
    with transaction.atomic():
        clock, stored = _load(clock_id, Verb.RESUME, at)
        if open_pause(_plain_rows(stored)) is None:
            raise refusals.NotPaused(clock=clock.label)
        clock = _append(clock, stored, Row(Verb.RESUME, at), actor=actor, columns={"document": document})
        _tell(clock, "clock.resumed", actor, at)
    return clock


def clock_extend(*, clock_id: int, amount: int, document: str, actor: Actor, at: datetime) -> Clock:
    """Lengthen the term by `amount` of its own unit, within the rule's caps and before the clock falls due.

    Refuses ExtensionNotAllowed, ExtensionUsedUp, ExtensionTooLong, ExtensionTooLate and what every verb refuses.
    """
    with transaction.atomic():
        clock, stored = _load(clock_id, Verb.EXTEND, at)
        rule = extension_rule_of(clock.rule)
        if rule is None:
            raise refusals.ExtensionNotAllowed(clock=clock.label)
        if sum(1 for row in stored if row.verb == Verb.EXTEND) >= rule.max_times:
            raise refusals.ExtensionUsedUp(clock=clock.label, times=rule.max_times)
        if not 0 < amount <= rule.max_amount:
            raise refusals.ExtensionTooLong(
                field="amount", amount=Term(amount, Unit(clock.term_unit)), most=rule.max_amount, law=rule.law
            )
        if clock.due_at is not None and at > clock.due_at:
            raise refusals.ExtensionTooLate(clock=clock.label, due=clock.due_on)
        before = clock.due_on
        columns = {"amount": amount, "legal_ground": rule.law, "document": document}
        clock = _append(clock, stored, Row(Verb.EXTEND, at, amount=amount), actor=actor, columns=columns)
        _tell(
            clock, "clock.extended", actor, at,
            amount=str(Term(amount, Unit(clock.term_unit))), legal_ground=rule.law, from_on=before,
        )  # fmt: skip
    return clock


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
        clock, stored = _load(clock_id, Verb.HAND_OVER, at)
        owner = {} if inner else {"owner_unit_id": to_unit_id, "owner_id": to_user_id}
        columns = {"to_unit_id": to_unit_id, "to_user_id": to_user_id, "document": document}
        clock = _append(clock, stored, Row(Verb.HAND_OVER, at), actor=actor, columns=columns, more=owner)
        _tell(clock, "clock.handed_over", actor, at, to_unit=to_unit_name)
        return clock_start(inner, actor=actor, at=at) if inner else clock


def clock_stop(*, clock_id: int, actor: Actor, at: datetime, document: str = "") -> Clock:
    """The promise is kept or over: freeze what was used. Refuses ClockStopped, ClockMovesBackward, StaleState."""
    with transaction.atomic():
        clock, stored = _load(clock_id, Verb.STOP, at)
        table = day_table(clock.region)
        rows = [*_plain_rows(stored), Row(Verb.STOP, at)]
        used = used_of(clock, table, rows, at)
        more = {
            "stopped_at": at,
            "used": used,
            "next_look_at": None,
            "paused_since": None,
            "paused_until": None,
        }
        clock = _append(
            clock, stored, Row(Verb.STOP, at), actor=actor, columns={"document": document}, more=more
        )
        _tell(clock, "clock.stopped", actor, at, used=f"{used.normalize():f}{_unit_of_use(clock)}")
    return clock


def _unit_of_use(clock: Clock) -> str:
    unit = Unit(clock.term_unit)
    return unit.value if unit in (Unit.WORKDAY, Unit.WORKHOUR, Unit.HOUR) else Unit.DAY.value


def _tell(clock: Clock, fact: str, actor: Actor, at: datetime, **more: Any) -> None:
    record(
        fact=fact,
        subject=Subject(clock.subject_kind, clock.subject_id),
        actor=actor,
        at=at,
        data=_words(clock, **more),
        unit_id=clock.owner_unit_id,
    )
