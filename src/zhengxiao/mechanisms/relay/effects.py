"""What a move of the relay does besides the state: clocks, dated columns, the unit it goes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhengxiao.kernel.clock.api import Clock, Start, clock_start, clock_stop
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.timeline.api import Subject, changed
from zhengxiao.kernel.workflow.api import MoveContext
from zhengxiao.mechanisms.relay import clocks, refusals
from zhengxiao.mechanisms.relay.facts import SUBJECT
from zhengxiao.mechanisms.relay.models import Relayed, SupervisingUnit
from zhengxiao.mechanisms.relay.words import MEASURES


def start(context: MoveContext, rule: str, column: str) -> Clock:
    """A clock for the supervising unit, kept in a column of the row."""
    row: Relayed = context.obj
    begin = Start(Subject(SUBJECT, row.pk), rule, row.unit_id, row.calendar_key, owner_id=row.claimed_by_id)
    clock = clock_start(begin, actor=context.actor, at=context.at)
    Relayed.objects.filter(pk=row.pk).update(**{column: clock})
    setattr(row, column, clock)
    context.rows.append(changed(row, f"{column}_id"))
    return clock


def stop(context: MoveContext) -> None:
    running = Clock.objects.running().about(SUBJECT, context.obj.pk).order_by("pk")
    for clock_id in running.values_list("pk", flat=True):
        clock_stop(clock_id=clock_id, actor=context.actor, at=context.at)


def claimed(context: MoveContext) -> Mapping[str, Any]:
    return {"claimed_at": context.at, "claimed_by_id": context.actor.user_id}


def claim(context: MoveContext) -> None:
    stop(context)
    start(context, clocks.ANSWER, "answer_clock")
    context.told["person"] = context.actor.name


def answered(context: MoveContext) -> Mapping[str, Any]:
    return {"answered_at": context.at, "measure": context.data["measure"], "answer": context.data["text"]}


def answer(context: MoveContext) -> None:
    stop(context)
    context.told |= {"measure": str(MEASURES[context.data["measure"]]), "text": context.data["text"]}


def returned(context: MoveContext) -> None:
    stop(context)
    context.told["reason"] = context.data["reason"]


def fit_unit(context: MoveContext) -> Unit:
    """The unit named by its code, in use and within the region of the licence. Raises UnitUnfit, SameUnit."""
    code = context.data["unit"].strip()
    path = context.obj.region.path
    unit = Unit.objects.filter(code__iexact=code, is_active=True, region__path__startswith=path).first()
    if unit is None:
        raise refusals.UnitUnfit(field="unit", code=code)
    if unit.pk == context.obj.unit_id:
        raise refusals.SameUnit(field="unit", unit=unit.short_name or unit.name)
    return unit


def rerouted(context: MoveContext) -> Mapping[str, Any]:
    unit = fit_unit(context)
    return {
        "unit_id": unit.pk,
        "department_id": unit.department_id or unit.pk,
        "claimed_at": None,
        "claimed_by_id": None,
        "answer_clock_id": None,
    }


def reroute(context: MoveContext) -> None:
    """A new term for the new unit; with `from_now_on` all later licences of the item go there."""
    row: Relayed = context.obj
    unit = Unit.objects.get(pk=row.unit_id)
    if context.data["from_now_on"]:
        SupervisingUnit.objects.update_or_create(
            item_id=row.case.item_id,
            defaults={"unit": unit, "set_at": context.at, "set_by_id": context.actor.user_id},
        )
    stop(context)
    start(context, clocks.CLAIM, "claim_clock")
    context.told |= {"unit": unit.short_name or unit.name, "reason": context.data["reason"]}
