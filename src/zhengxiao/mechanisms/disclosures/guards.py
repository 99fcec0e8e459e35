"""When a move is lawful: each guard reads, refuses by name, and writes nothing."""

from __future__ import annotations

from django.utils import timezone

from zhengxiao.kernel.workflow.api import MoveContext
from zhengxiao.lib.personal_numbers import refuse_personal_numbers
from zhengxiao.mechanisms.disclosures import refusals
from zhengxiao.mechanisms.disclosures.contents import faults_now
from zhengxiao.mechanisms.disclosures.models import Finding
from zhengxiao.mechanisms.disclosures.rules import GRADE_WORDS, PERIODS, Grade, Kind, repair_from


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


def only_penalties(context: MoveContext) -> None:
    """A licence is no blot that could be repaired."""
    if context.obj.kind != Kind.PENALTY:
        raise refusals.OnlyPenaltiesRepaired()


def shown_long_enough(context: MoveContext) -> None:
    """The least period of publicity of the grade has passed; a penalty without a grade counts as ordinary."""
    grade = Grade(context.obj.grade or Grade.ORDINARY)
    first = repair_from(grade, context.obj.decided_on)
    if timezone.localtime(context.at).date() < first:
        raise refusals.RepairTooEarly(grade=GRADE_WORDS[grade], months=PERIODS[grade].least, day=first)


def past_due(context: MoveContext) -> None:
    """What may still be reported in time was not kept back."""
    clock = context.obj.clock
    if clock.due_at is not None and context.at <= clock.due_at:
        raise refusals.NotYetMissing(due=clock.due_on)
