"""Writing histories in bulk: cases with clocks, steps, facts and their leaves, in the caller's transaction.

The same rules as the verbs (rules.py, clock.intake), without a query per case. Used by imports and by the sample city.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from zhengxiao.backbone.cases.histories import CaseHistory
from zhengxiao.backbone.cases.history_facts import facts_of
from zhengxiao.backbone.cases.history_numbers import case_numbers, voucher_numbers
from zhengxiao.backbone.cases.models import (
    Case,
    CaseMaterial,
    CaseStep,
    ExtensionRequest,
    SpecialProcedure,
    SupplementNotice,
)
from zhengxiao.backbone.cases.rules import PROCEDURE_KINDS
from zhengxiao.kernel.calendar.api import DayTable, Term, Unit, day_table
from zhengxiao.kernel.clock.api import (
    Clock,
    ClockRow,
    ClockRule,
    PastClock,
    PastPause,
    build_clock,
    rule_in_force,
)
from zhengxiao.kernel.jobs.api import bulk_insert, reserve_keys, row_maker
from zhengxiao.kernel.timeline.api import FactRow, RowWrite, record_many
from zhengxiao.lib.actors import Actor

Rows = list[Any]


@dataclass(slots=True)
class Batch:
    """The rows of one batch by kind, and what is looked up once per batch."""

    actor: Actor
    at: datetime
    cases: list[Case] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    clock_rows: list[list[ClockRow]] = field(default_factory=list)
    attach: list[tuple[Any, str, Clock]] = field(default_factory=list)
    children: dict[type, Rows] = field(default_factory=lambda: defaultdict(list))
    facts: list[FactRow] = field(default_factory=list)
    late: list[Callable[[], None]] = field(default_factory=list)
    """What is written when every row has its key."""
    rows: dict[int, list[RowWrite]] = field(default_factory=dict)
    """By case: rows that changed or went and are sealed with those that are inserted."""
    rules: dict[str, ClockRule] = field(default_factory=dict)
    tables: dict[str, DayTable] = field(default_factory=dict)

    def rule(self, code: str) -> ClockRule:
        if code not in self.rules:
            self.rules[code] = rule_in_force(code, self.at.date(), at=self.at)
        return self.rules[code]

    def table(self, region: str) -> DayTable:
        if region not in self.tables:
            self.tables[region] = day_table(region)
        return self.tables[region]


def case_columns(history: CaseHistory, voucher_no: str) -> dict[str, Any]:
    """The columns of a case that a history tells."""
    return {
        "state": history.state,
        "item_id": history.item_id,
        "item_version_id": history.item_version_id,
        "item_name": history.item_name[:300],
        "kind": history.kind,
        "party_id": history.party_id,
        "applicant_name": history.applicant_name[:200],
        "summary": history.summary[:300],
        "channel": history.channel,
        "region_id": history.region_id,
        "department_id": history.department_id,
        "unit_id": history.unit_id,
        "window_id": history.window_id,
        "handler_id": history.handler_id,
        "received_at": history.received_at,
        "accepted_at": history.accepted_at,
        "deemed_accepted": history.deemed_accepted,
        "voucher_no": voucher_no,
        "decided_at": history.ended_at if history.decided else None,
        "finished_at": history.ended_at,
        "result": history.result.value if history.result else "",
        "result_no": history.result_no,
        "reason": history.reason,
        "remedies": history.remedies,
        "competent_agency": history.competent_agency,
        "certificate_no": history.certificate_no,
        "delivered_at": history.delivered_at,
        "archived_at": history.archived_at,
        "calendar_key": history.calendar_key,
        "source_system": history.source_system,
        "source_id": history.source_id,
    }


def _add_clock(batch: Batch, history: CaseHistory, case: Case, past: PastClock) -> Clock:
    clock, rows = build_clock(
        past,
        subject_kind="case",
        subject_id=case.pk,
        region=history.calendar_key,
        table=batch.table(history.calendar_key),
        actor=batch.actor,
        recorded_at=batch.at,
    )
    batch.clocks.append(clock)
    batch.clock_rows.append(rows)
    return clock


def _plain_clock(
    batch: Batch,
    history: CaseHistory,
    case: Case,
    code: str,
    started_at: datetime,
    stopped_at: datetime | None,
) -> Clock:
    """A clock whose term is the rule's own."""
    rule = batch.rule(code)
    past = PastClock(rule, Term.parse(rule.term), started_at, stopped_at, history.unit_id, history.handler_id)
    return _add_clock(batch, history, case, past)


def _gate_clocks(batch: Batch, history: CaseHistory, case: Case) -> None:
    """The five days of acceptance and, where papers were missing, the applicant's time.

    A foreign history that is past the gate tells nothing of it, so nothing is made up.
    """
    told = history.supplement
    left_gate = history.accepted_at or history.ended_at
    gate_known = left_gate is None or not history.source_system
    first_stop = told.told_at if told else left_gate
    if history.deemed_accepted:
        five = Term.parse(batch.rule("cases.intake").term)
        first_stop = batch.table(history.calendar_key).due(history.received_at, five).at
    if gate_known:
        _plain_clock(batch, history, case, "cases.intake", history.received_at, first_stop)
    if told is None:
        return
    stop = told.filed_at or history.ended_at
    clock = _plain_clock(batch, history, case, "cases.supplement", told.told_at, stop)
    notice = SupplementNotice(
        case_id=case.pk,
        items=told.items,
        document_no=told.document_no,
        told_at=told.told_at,
        filed_at=told.filed_at,
    )
    batch.attach.append((notice, "clock_id", clock))
    batch.children[SupplementNotice].append(notice)
    if told.filed_at is not None and gate_known:
        _plain_clock(batch, history, case, "cases.intake", told.filed_at, left_gate)


def _limit_clocks(batch: Batch, history: CaseHistory, case: Case) -> None:
    """Promised and statutory limits with their pauses and extension."""
    if history.accepted_at is None:
        return
    pauses = tuple(
        PastPause(p.kind, p.started_at, p.ended_at or history.ended_at, p.expected_days, p.notice_no)
        for p in history.procedures
    )
    told = history.extension
    extension = (told.amount, told.approved_at, told.document_no) if told else None
    terms = (
        ("promised_clock_id", "cases.promised", history.limits.promised, history.source_due),
        ("statutory_clock_id", "cases.statutory", history.limits.statutory, None),
    )
    for column, code, term, source_due in terms:
        if term is None and source_due is None:
            continue
        lengthens = extension if term is not None and term.unit is Unit.WORKDAY else None
        past = PastClock(
            batch.rule(code),
            term,
            history.accepted_at,
            history.ended_at,
            history.unit_id,
            history.handler_id,
            source_due=source_due,
            pauses=pauses,
            extension=lengthens,
        )
        batch.attach.append((case, column, _add_clock(batch, history, case, past)))


def _later_clocks(batch: Batch, history: CaseHistory, case: Case) -> None:
    """Open or past special procedures on their own clocks, and delivery."""
    for told in history.procedures:
        stop = told.ended_at or history.ended_at
        past = PastClock(
            batch.rule("cases.procedure"),
            Term(told.expected_days, Unit.WORKDAY),
            told.started_at,
            stop,
            history.unit_id,
            history.handler_id,
            label=PROCEDURE_KINDS[told.kind],
        )
        clock = _add_clock(batch, history, case, past)
        row = SpecialProcedure(
            case_id=case.pk,
            kind=told.kind,
            reason=told.reason,
            expected_days=told.expected_days,
            notice_no=told.notice_no,
            started_at=told.started_at,
            ended_at=stop,
            outcome=told.outcome,
        )
        batch.attach.append((row, "clock_id", clock))
        batch.children[SpecialProcedure].append(row)
    if history.decided and history.ended_at is not None and not history.source_system:
        _plain_clock(batch, history, case, "cases.delivery", history.ended_at, history.delivered_at)


def _child_rows(batch: Batch, history: CaseHistory, case: Case) -> None:
    before = history.accepted_at
    for number, step in enumerate(history.steps, start=1):
        batch.children[CaseStep].append(
            row_maker(CaseStep)(
                case_id=case.pk,
                number=number,
                name=step.name[:200],
                outcome=step.outcome,
                person_name=step.person_name[:100],
                unit_name=step.unit_name[:200],
                started_at=step.started_at or before,
                ended_at=step.ended_at,
                opinion=step.opinion,
            )
        )
        before = step.ended_at
    batch.children[CaseMaterial] += [
        CaseMaterial(case_id=case.pk, name=name[:300]) for name in history.materials
    ]
    told = history.extension
    if told is not None:
        batch.children[ExtensionRequest].append(
            ExtensionRequest(
                case_id=case.pk,
                amount=told.amount,
                reason=told.reason,
                state=ExtensionRequest.State.APPROVED,
                requested_by_id=told.requested_by,
                requested_at=told.approved_at,
                decided_by_id=told.approved_by,
                decided_at=told.approved_at,
            )
        )


def write_histories(
    histories: Sequence[CaseHistory], *, region_codes: dict[int, str], actor: Actor, at: datetime
) -> list[int]:
    """Insert new cases with everything that belongs to them; returns their ids in the order given.

    `region_codes`: region id → 12-digit code, for the numbers. Histories must have passed `check`. Run inside a transaction.
    """
    batch = Batch(actor=actor, at=at)
    vouchers = voucher_numbers(histories)
    for history, number, voucher in zip(
        histories, case_numbers(histories, region_codes), vouchers, strict=True
    ):
        batch.cases.append(row_maker(Case)(number=number, **case_columns(history, voucher)))
    reserve_keys(Case, batch.cases)
    for history, case in zip(histories, batch.cases, strict=True):
        build_case(batch, history, case)
        batch.facts += facts_of(history, case, actor)
    flush(batch)
    return [case.pk for case in batch.cases]


def build_case(batch: Batch, history: CaseHistory, case: Case) -> None:
    """Clocks and child rows of one case whose key is known."""
    _gate_clocks(batch, history, case)
    _limit_clocks(batch, history, case)
    _later_clocks(batch, history, case)
    _child_rows(batch, history, case)


def flush(batch: Batch) -> None:
    """Insert in the order the foreign keys want."""
    bulk_insert(Clock, batch.clocks)
    for obj, column, clock in batch.attach:
        setattr(obj, column, clock.pk)
    for clock, rows in zip(batch.clocks, batch.clock_rows, strict=True):
        for row in rows:
            row.clock_id = clock.pk
    bulk_insert(ClockRow, [row for rows in batch.clock_rows for row in rows])
    bulk_insert(Case, batch.cases)
    for model, children in batch.children.items():
        bulk_insert(model, children)
    for act in batch.late:
        act()
    if batch.facts:
        record_many(_with_rows(batch), recorded_at=batch.at)


def _with_rows(batch: Batch) -> Iterator[FactRow]:
    """The facts; the first of each case also carries every row that was written of it."""
    rows: dict[int, Rows] = defaultdict(list, batch.rows)
    for case in batch.cases:
        rows[case.pk].append(case)
    for clock, dated in zip(batch.clocks, batch.clock_rows, strict=True):
        rows[clock.subject_id] += [clock, *dated]
    for children in batch.children.values():
        for child in children:
            rows[child.case_id].append(child)
    for fact in batch.facts:
        mine = rows.pop(fact.subject.id, None)
        yield replace(fact, rows=mine) if mine else fact
