"""When a move is lawful: each guard reads, refuses by name, and writes nothing."""

from __future__ import annotations

from zhengxiao.kernel.workflow.api import MoveContext
from zhengxiao.lib.personal_numbers import refuse_personal_numbers
from zhengxiao.mechanisms.disclosures import refusals
from zhengxiao.mechanisms.disclosures.contents import faults_now
from zhengxiao.mechanisms.disclosures.models import Finding


def complete(context: MoveContext) -> None:
    """Only what passes the field rules goes out."""
    faults = faults_now(context.obj, context.at)
    if faults:
        told = "；".join(f"{fault.label}：{fault.reason}" for fault in faults[:3])
        raise refusals.RecordIncomplete(count=len(faults), faults=told)


def not_own_unit(context: MoveContext) -> None:
    """A finding about a unit is made by somebody who holds no post in its department."""
    department_id = context.obj.department_id
    if any(department_id in grant.department_ids for grant in context.actor.grants):
        raise refusals.OwnUnit()


def not_found_yet(context: MoveContext) -> None:
    if Finding.objects.filter(disclosure_id=context.obj.pk, lifted_at__isnull=True).exists():
        raise refusals.AlreadyFound()


def found(context: MoveContext) -> None:
    if not Finding.objects.filter(disclosure_id=context.obj.pk, lifted_at__isnull=True).exists():
        raise refusals.NotFound()


def explained_without_numbers(context: MoveContext) -> None:
    """The public explanation is read by everybody."""
    refuse_personal_numbers(context.data.get("explanation", ""), field="explanation")


def past_due(context: MoveContext) -> None:
    """What may still be reported in time was not kept back."""
    clock = context.obj.clock
    if clock.due_at is not None and context.at <= clock.due_at:
        raise refusals.NotYetMissing(due=clock.due_on)
