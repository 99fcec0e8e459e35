"""The facts that a history tells, each at its own moment, as rows for the timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from zhengxiao.backbone.cases.histories import CaseHistory
from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.rules import PROCEDURE_KINDS
from zhengxiao.kernel.timeline.api import FactRow, Subject
from zhengxiao.lib.actors import Actor


def facts_of(history: CaseHistory, case: Case, actor: Actor) -> Iterator[FactRow]:
    """The facts a history tells, each at its own moment, in order of time."""
    subject = Subject("case", case.pk)
    clerk = Actor(history.clerk_id, history.clerk_name) if history.clerk_name else actor
    handler = Actor(history.handler_id, history.handler_name) if history.handler_name else actor

    def fact(name: str, who: Actor, moment: datetime, **data: Any) -> FactRow:
        return FactRow(name, subject, who, moment, data, history.unit_id)

    source = {"source_system": history.source_system, "source_id": history.source_id}
    told: list[FactRow] = [
        fact(
            "cases.received",
            clerk,
            history.received_at,
            number=case.number,
            materials=len(history.materials),
            **(source if history.source_system else {}),
        )
    ]
    told += _gate_facts(history, case, clerk, fact)
    told += [
        fact(
            "cases.step_done",
            Actor(None, s.person_name or actor.name),
            s.ended_at,
            step=s.name,
            outcome=s.outcome,
        )
        for s in history.steps
    ]
    told += _work_facts(history, handler, fact)
    told += _end_facts(history, case, handler, clerk, fact)
    return iter(sorted(told, key=lambda row: row.at))


def _gate_facts(
    history: CaseHistory, case: Case, clerk: Actor, fact: Callable[..., FactRow]
) -> Iterator[FactRow]:
    """What happened before the case was taken on, and that it was."""
    notice = history.supplement
    if notice is not None:
        yield (
            fact(
                "cases.supplement_asked",
                clerk,
                notice.told_at,
                items=notice.items,
                document_no=notice.document_no,
            )
        )
        if notice.filed_at is not None:
            yield fact("cases.supplement_filed", clerk, notice.filed_at)
    for again in history.later_supplements:
        yield fact(
            "cases.supplement_asked", clerk, again.told_at, items=again.items, document_no=again.document_no
        )
        if again.filed_at is not None:
            yield fact("cases.supplement_filed", clerk, again.filed_at)
    if history.accepted_at is not None:
        name = "cases.deemed_accepted" if history.deemed_accepted else "cases.accepted"
        promised, statutory = history.limits.promised, history.limits.statutory
        yield fact(
            name, clerk, history.accepted_at, voucher_no=case.voucher_no,
            promised=str(promised) if promised else "—", statutory=str(statutory) if statutory else "—",
        )  # fmt: skip


def _work_facts(history: CaseHistory, handler: Actor, fact: Callable[..., FactRow]) -> Iterator[FactRow]:
    """Special procedures and the extension."""
    for p in history.procedures:
        yield fact(
            "cases.suspended", handler, p.started_at,
            kind=PROCEDURE_KINDS[p.kind], expected_days=p.expected_days, notice_no=p.notice_no,
        )  # fmt: skip
        if p.ended_at is not None:
            yield fact("cases.resumed", handler, p.ended_at, outcome=p.outcome)
    if history.extension is not None:
        e = history.extension
        yield fact("cases.extended", handler, e.approved_at, amount=e.amount, document_no=e.document_no)


RESULT_FACTS = {
    "granted": ("cases.decided", "准予许可"),
    "denied": ("cases.decided", "不予许可"),
    "withdrawn": ("cases.withdrawn", ""),
    "terminated": ("cases.terminated", ""),
    "lapsed": ("cases.lapsed", ""),
    "refused": ("cases.refused", ""),
    "not_required": ("cases.not_required", ""),
}


def _end_facts(history: CaseHistory, case: Case, handler: Actor, clerk: Actor, fact: Any) -> list[FactRow]:
    told: list[FactRow] = []
    if history.result is not None and history.ended_at is not None:
        name, word = RESULT_FACTS[history.result.value]
        data = {"result": history.result.value, "result_name": word, "result_no": history.result_no}
        if name != "cases.decided":
            data = {"reason": history.reason}
        if name == "cases.refused":
            data |= {"voucher_no": case.voucher_no, "competent_agency": history.competent_agency}
        told.append(fact(name, handler, history.ended_at, **data))
    if history.delivered_at is not None:
        told.append(fact("cases.delivered", clerk, history.delivered_at, method="window"))
    if history.archived_at is not None:
        told.append(fact("cases.archived", clerk, history.archived_at))
    return told
