"""A source tells a case anew: the derived rows are rebuilt from the new history, the timeline keeps what was told before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from zhengxiao.backbone.cases.bulk import Batch, build_case, case_columns, flush
from zhengxiao.backbone.cases.histories import CaseHistory
from zhengxiao.backbone.cases.history_facts import facts_of
from zhengxiao.backbone.cases.models import (
    Case,
    CaseMaterial,
    CaseStep,
    ExtensionRequest,
    SpecialProcedure,
    SupplementNotice,
)
from zhengxiao.kernel.clock.api import Clock, ClockRow, ClockRung
from zhengxiao.kernel.timeline.api import FactRow, RowWrite, Subject, changed, entries_for, gone
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop


class HandledHere(Refusal):
    """People have moved the imported case on this platform; the source may no longer overwrite it."""

    template = gettext_noop("办件 {number} 已在本平台办理（{state}），来源系统的更新没有写入。请人工核对。")


CHILDREN = (CaseStep, CaseMaterial, SupplementNotice, SpecialProcedure, ExtensionRequest)


def revise_history(
    case_id: int, history: CaseHistory, *, region_codes: dict[int, str], actor: Actor, at: datetime
) -> None:
    """Rebuild columns, clocks and child rows of an imported case. Warnings that were given stay given.

    Refuses HandledHere. Facts that the new history adds are recorded at their own moments, then cases.reimported.
    """
    case = Case.objects.get(pk=case_id)
    subject = Subject("case", case_id)
    told = list(entries_for(subject).values_list("fact", "at", "data"))
    # Only a move made here says from which state it came; what an import tells, it tells without.
    if any(
        fact in ("cases.assigned", "cases.material_filed") or "from_state" in data for fact, _, data in told
    ):
        raise HandledHere(number=case.number, state=case.state)
    fired = dict(Clock.objects.about("case", case_id).values_list("kind", "fired"))
    rungs = list(
        ClockRung.objects.filter(clock__subject_kind="case", clock__subject_id=case_id).select_related(
            "clock"
        )
    )
    cleared = _clear(case)
    columns = case_columns(history, history.voucher_no or case.voucher_no)
    batch = Batch(actor=actor, at=at)
    for name, value in columns.items():
        setattr(case, name, value)
    build_case(batch, history, case)
    for clock in batch.clocks:
        clock.fired = fired.get(clock.kind, 0)
    known = {(fact, moment) for fact, moment, _ in told}
    batch.facts = [fact for fact in facts_of(history, case, actor) if (fact.fact, fact.at) not in known]
    batch.facts.append(
        FactRow(
            "cases.reimported",
            subject,
            actor,
            at,
            {"source_system": history.source_system, "source_id": history.source_id, "state": history.state},
            history.unit_id,
        )
    )
    links = ("promised_clock_id", "statutory_clock_id")
    batch.rows[case_id] = [*cleared, changed(case, *columns, *links)]
    batch.late.append(lambda: _attach(case, [*columns, *links], rungs, batch))
    flush(batch)


def _attach(case: Case, names: Sequence[str], rungs: Sequence[ClockRung], batch: Batch) -> None:
    """The columns of the case and the rungs, once the new clocks have their keys."""
    Case.objects.filter(pk=case.pk).update(**{name: getattr(case, name) for name in names})
    batch.rows[case.pk] += _reattach(rungs, batch.clocks)


def _clear(case: Case) -> list[RowWrite]:
    """Remove what is derived from the earlier telling: child rows, clock rows, rungs, clocks; returns what went."""
    went: list[RowWrite] = []
    Case.objects.filter(pk=case.pk).update(promised_clock=None, statutory_clock=None)
    case.promised_clock_id = case.statutory_clock_id = None
    clocks = Clock.objects.about("case", case.pk)
    derived: list[QuerySet[Any]] = [model._default_manager.filter(case_id=case.pk) for model in CHILDREN]
    derived += [ClockRow.objects.filter(clock__in=clocks), ClockRung.objects.filter(clock__in=clocks), clocks]
    for rows in derived:
        went += map(gone, rows)
        rows.delete()
    return went


def _reattach(rungs: Sequence[ClockRung], clocks: Sequence[Clock]) -> list[ClockRung]:
    """A warning once given belongs to the clock of the same kind that replaces the old one."""
    by_kind = {clock.kind: clock for clock in clocks}
    return ClockRung.objects.bulk_create(
        ClockRung(
            clock=by_kind[rung.clock.kind],
            level=rung.level,
            at=rung.at,
            claimed_at=rung.claimed_at,
            breach=rung.breach,
        )
        for rung in rungs
        if rung.clock.kind in by_kind
    )
