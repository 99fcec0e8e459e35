"""When a move is lawful: each guard reads, refuses by name, and writes nothing."""

from __future__ import annotations

from zhengxiao.kernel.workflow.api import MoveContext
from zhengxiao.mechanisms.disclosures import refusals
from zhengxiao.mechanisms.disclosures.models import Finding


def complete(context: MoveContext) -> None:
    """Only what passes the field rules goes out."""


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


def past_due(context: MoveContext) -> None:
    """What may still be reported in time was not kept back."""
    clock = context.obj.clock
    if clock.due_at is not None and context.at <= clock.due_at:
        raise refusals.NotYetMissing(due=clock.due_on)
