"""The verbs of the relay. State changes go through the declared workflow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from zhengxiao.backbone.cases.api import Case
from zhengxiao.backbone.parties.api import PartyKind
from zhengxiao.kernel.clock.api import Start, clock_start
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.timeline.api import Subject, record
from zhengxiao.kernel.workflow.api import move
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.mechanisms.relay import clocks
from zhengxiao.mechanisms.relay.facts import SUBJECT
from zhengxiao.mechanisms.relay.models import Relayed, SupervisingUnit
from zhengxiao.mechanisms.relay.rules import is_relayed

WITH = ("region", "department", "unit", "decided_by", "claim_clock", "answer_clock", "claimed_by", "case")
LONGEST_PERSON = 4
"""Without a party, a name no longer than this is taken for a person's, as everywhere in the product."""


def relay_move(
    *, relayed_id: int, transition: str, actor: Actor, at: datetime, data: Mapping[str, Any] | None = None
) -> Relayed:
    """Take one declared transition; see workflow.py for the table and what each may refuse."""
    row = Relayed.objects.select_related(*WITH).get(pk=relayed_id)
    moved: Relayed = move(workflow="relay", transition=transition, obj=row, actor=actor, at=at, data=data)
    return moved


def relay_open(*, case_id: int, at: datetime) -> Relayed | None:
    """Push a granted licence to its supervising unit, with the clock of the claim. Idempotent.

    None when the case is no granted licence. `at` is the moment of the decision's fact, not of the delivery.
    """
    case = Case.objects.select_related("item_version", "party", "region", "department").get(pk=case_id)
    if not is_relayed(task_type=case.item_version.task_type, result=case.result):
        return None
    known = Relayed.objects.filter(case_id=case_id).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _push(case, supervising_unit(case), at)
    except IntegrityError:  # another runner pushed it meanwhile
        return Relayed.objects.get(case_id=case_id)


def supervising_unit(case: Case) -> Unit:
    """The unit named for the item, or else the office of the item itself."""
    named = SupervisingUnit.objects.select_related("unit").filter(item_id=case.item_id).first()
    return named.unit if named is not None and named.unit.is_active else case.department


def _push(case: Case, unit: Unit, at: datetime) -> Relayed:
    party = case.party
    is_person = party.kind == PartyKind.PERSON if party else len(case.applicant_name) <= LONGEST_PERSON
    row = Relayed.objects.create(
        state="pushed",
        case=case,
        region_id=case.region_id,
        department_id=unit.department_id or unit.pk,
        unit=unit,
        decided_by_id=case.department_id,
        calendar_key=case.calendar_key,
        title=case.item_name,
        result_no=(case.result_no or case.certificate_no or case.number)[:128],
        subject_name=case.applicant_name[:200],
        is_person=is_person,
        pushed_at=at,
    )
    clock = clock_start(
        Start(Subject(SUBJECT, row.pk), clocks.CLAIM, unit.pk, case.calendar_key), actor=SYSTEM, at=at
    )
    Relayed.objects.filter(pk=row.pk).update(claim_clock=clock)
    row.claim_clock = clock
    record(
        fact="relay.pushed",
        subject=Subject(SUBJECT, row.pk),
        actor=SYSTEM,
        at=at,
        data={"result_no": row.result_no, "unit": unit.short_name or unit.name, "due_on": clock.due_on},
        unit_id=unit.pk,
        rows=[row],
    )
    return row
