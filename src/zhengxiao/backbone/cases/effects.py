"""What a move of a case does besides the state: clocks started and stopped, child rows written. Run inside the move."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zhengxiao.backbone.cases.models import (
    Case,
    CaseStep,
    ExtensionRequest,
    SpecialProcedure,
    SupplementNotice,
)
from zhengxiao.backbone.cases.rules import PROCEDURE_KINDS, limits_of
from zhengxiao.kernel.calendar.api import Term, Unit
from zhengxiao.kernel.clock.api import (
    Clock,
    Start,
    clock_extend,
    clock_pause,
    clock_resume,
    clock_start,
    clock_stop,
    clocks_start,
)
from zhengxiao.kernel.database.api import Prepared
from zhengxiao.kernel.timeline.api import Subject, changed
from zhengxiao.kernel.workflow.api import Effect, MoveContext


def _clock_of(case: Case, rule_code: str, **more: Any) -> Start:
    """What a clock of the case is: owned by its section and handler, on its calendar."""
    return Start(
        subject=Subject("case", case.pk),
        rule_code=rule_code,
        owner_unit_id=case.unit_id,
        owner_id=case.handler_id,
        region=case.calendar_key,
        **more,
    )


def start(
    context: MoveContext,
    rule_code: str,
    *,
    term: Term | None = None,
    label: str = "",
    parent_id: int | None = None,
) -> Clock:
    """Start a clock for the case."""
    begun = _clock_of(context.obj, rule_code, term=term, label=label, parent_id=parent_id)
    return clock_start(begun, actor=context.actor, at=context.at)


_RUNNING = Prepared(
    lambda case_id: Clock.objects.running().about("case", case_id).order_by("-id").values_list("pk", "kind"),
    case_id=int,
)


def stop(context: MoveContext, *kinds: str) -> None:
    """Stop the case's running clocks of these kinds (all when none is named)."""
    for clock_id, kind in _RUNNING(case_id=context.obj.pk):
        if not kinds or kind in kinds:
            clock_stop(clock_id=clock_id, actor=context.actor, at=context.at)


def _write(context: MoveContext, row: Any, **columns: Any) -> None:
    """Change columns of a child row, and say so in the move's fact."""
    type(row)._default_manager.filter(pk=row.pk).update(**columns)
    for name, value in columns.items():
        setattr(row, name, value)
    context.rows.append(changed(row, *columns))


def stop_all(context: MoveContext) -> None:
    stop(context)


def stop_intake(context: MoveContext) -> None:
    stop(context, "intake")


def ask_supplement(context: MoveContext) -> None:
    stop(context, "intake")
    clock = start(context, "cases.supplement")
    notice = SupplementNotice.objects.create(
        case=context.obj,
        items=context.data["items"],
        document_no=context.data["document_no"],
        told_at=context.at,
        clock=clock,
    )
    context.rows.append(notice)
    context.told |= {"items": context.data["items"], "document_no": context.data["document_no"]}


def file_supplement(context: MoveContext) -> None:
    """Everything is in: the applicant's clock stops and the five days of acceptance begin anew."""
    stop(context, "supplement")
    for notice in SupplementNotice.objects.filter(case=context.obj, filed_at__isnull=True):
        _write(context, notice, filed_at=context.at)
    start(context, "cases.intake")


def start_limits(context: MoveContext, started_at: datetime | None = None) -> None:
    """Promised and statutory clocks side by side, from the item version that governs the case."""
    case: Case = context.obj
    version = case.item_version
    limits = limits_of(
        statutory_amount=version.statutory_amount,
        statutory_unit=version.statutory_unit,
        promised_amount=version.promised_amount,
        promised_unit=version.promised_unit,
    )
    wanted = {"cases.promised": limits.promised, "cases.statutory": limits.statutory}
    codes = [code for code, term in wanted.items() if term is not None]
    begun = clocks_start(
        [_clock_of(case, code, term=wanted[code]) for code in codes],
        actor=context.actor,
        at=context.at,
        started_at=started_at,
    )
    clocks = dict(zip(codes, begun, strict=True))
    promised, statutory = clocks.get("cases.promised"), clocks.get("cases.statutory")
    Case.objects.filter(pk=case.pk).update(promised_clock=promised, statutory_clock=statutory)
    case.promised_clock, case.statutory_clock = promised, statutory
    context.rows.append(changed(case, "promised_clock_id", "statutory_clock_id"))
    context.told |= {
        "voucher_no": case.voucher_no,
        "promised": str(limits.promised) if limits.promised else "—",
        "statutory": str(limits.statutory) if limits.statutory else "—",
    }


def accept(context: MoveContext) -> None:
    stop(context, "intake")
    start_limits(context)


def accept_by_law(context: MoveContext) -> None:
    """Deemed acceptance counts from the day the papers were received (art. 32)."""
    stop(context, "intake")
    start_limits(context, started_at=context.obj.received_at)


def _steps(case: Case) -> list[tuple[str, str]]:
    """The item's process as (name, limit text); a step may be stated as a bare name."""
    steps = case.item_version.process_steps or []
    return [
        (str(step.get("name", "")), str(step.get("term") or ""))
        if isinstance(step, dict)
        else (str(step), "")
        for step in steps
    ]


def _stage_limits(case: Case) -> dict[str, Term]:
    """Limits of single steps, where the item's process states them: {"审核": 3wd}."""
    return {name: Term.parse(term) for name, term in _steps(case) if name and term}


def begin_stage(context: MoveContext, name: str) -> None:
    """A step with a limit of its own gets an inner clock; the whole runs on outside."""
    stop(context, "stage")
    term = _stage_limits(context.obj).get(name)
    if term is not None:
        start(context, "cases.stage", term=term, label=name, parent_id=context.obj.promised_clock_id)


def first_step(context: MoveContext) -> None:
    names = [
        str(step.get("name", "")) for step in context.obj.item_version.process_steps if isinstance(step, dict)
    ]
    later = [name for name in names if name not in ("申请", "收件", "受理")]
    name = later[0] if later else "审查"
    begin_stage(context, name)
    context.told["step"] = name


def finish_step(context: MoveContext) -> None:
    """Write the step down; name the next one to start its clock."""
    case: Case = context.obj
    data = context.data
    last = case.steps.order_by("-number").first()
    step = CaseStep.objects.create(
        case=case,
        number=last.number + 1 if last else 1,
        name=data["step"],
        outcome=data["outcome"],
        person_name=context.actor.name,
        person_id=context.actor.user_id,
        started_at=last.ended_at if last else case.accepted_at,
        ended_at=context.at,
        opinion=data["opinion"],
    )
    context.rows.append(step)
    begin_stage(context, data["next_step"])
    context.told |= {"step": data["step"], "outcome": data["outcome"]}


def _limit_clocks(context: MoveContext) -> list[int]:
    return list(
        Clock.objects.running()
        .about("case", context.obj.pk)
        .filter(kind__in=["promised", "statutory", "stage"])
        .values_list("pk", flat=True)
    )


def suspend(context: MoveContext) -> None:
    """Stop every limit of the case and give the procedure a clock of its own: its announced days (art. 45)."""
    data = context.data
    for clock_id in _limit_clocks(context):
        clock_pause(
            clock_id=clock_id,
            ground=data["kind"],
            expected_days=data["expected_days"],
            document=data["notice_no"],
            actor=context.actor,
            at=context.at,
        )
    clock = start(
        context,
        "cases.procedure",
        term=Term(data["expected_days"], Unit.WORKDAY),
        label=PROCEDURE_KINDS[data["kind"]],
    )
    procedure = SpecialProcedure.objects.create(
        case=context.obj,
        kind=data["kind"],
        reason=data["reason"],
        expected_days=data["expected_days"],
        notice_no=data["notice_no"],
        started_at=context.at,
        clock=clock,
    )
    context.rows.append(procedure)
    context.told |= {
        "kind": PROCEDURE_KINDS[data["kind"]],
        "expected_days": data["expected_days"],
        "notice_no": data["notice_no"],
    }


def resume(context: MoveContext) -> None:
    stop(context, "procedure")
    for clock_id in _limit_clocks(context):
        if Clock.objects.filter(pk=clock_id, paused_since__isnull=False).exists():
            clock_resume(clock_id=clock_id, actor=context.actor, at=context.at)
    for procedure in SpecialProcedure.objects.filter(case=context.obj, ended_at__isnull=True):
        _write(context, procedure, ended_at=context.at, outcome=context.data["outcome"])
    context.told["outcome"] = context.data["outcome"]


def request_extension(context: MoveContext) -> None:
    asked = ExtensionRequest.objects.create(
        case=context.obj,
        amount=context.data["amount"],
        reason=context.data["reason"],
        requested_by_id=context.actor.user_id,
        requested_at=context.at,
    )
    context.rows.append(asked)
    context.told |= {"amount": context.data["amount"], "reason": context.data["reason"]}


def approve_extension(context: MoveContext) -> None:
    """The same days are added to both limits (domain.md §1.1, formula)."""
    asked = ExtensionRequest.objects.get(case=context.obj, state="pending")
    for clock in (context.obj.promised_clock, context.obj.statutory_clock):
        if clock is not None and clock.term_unit == Unit.WORKDAY:
            clock_extend(
                clock_id=clock.pk,
                amount=asked.amount,
                document=context.data["document_no"],
                actor=context.actor,
                at=context.at,
            )
    _close_request(asked, ExtensionRequest.State.APPROVED, context)
    context.told |= {"amount": asked.amount, "document_no": context.data["document_no"]}


def refuse_extension(context: MoveContext) -> None:
    asked = ExtensionRequest.objects.get(case=context.obj, state="pending")
    _close_request(asked, ExtensionRequest.State.REFUSED, context)
    context.told["reason"] = context.data["reason"]


def _close_request(asked: ExtensionRequest, state: str, context: MoveContext) -> None:
    _write(context, asked, state=str(state), decided_by_id=context.actor.user_id, decided_at=context.at)


def decide(context: MoveContext) -> None:
    """The limits end with the decision; delivery has ten working days of its own (art. 44)."""
    stop_all(context)
    start(context, "cases.delivery")


def tell(*names: str) -> Effect:
    """An effect that repeats inputs in the fact."""

    def say(context: MoveContext) -> None:
        context.told |= {name: context.data[name] for name in names}

    return say
