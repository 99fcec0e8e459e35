"""Decisions that an inspection found and no system told of: the record and the finding are made together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction

from zhengxiao.kernel.access.api import ScopeFields, can, require
from zhengxiao.kernel.calendar.api import day_table
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import NotPermitted
from zhengxiao.mechanisms.disclosures import permissions, refusals
from zhengxiao.mechanisms.disclosures.duties import Owed, duties_open
from zhengxiao.mechanisms.disclosures.effects import day_of
from zhengxiao.mechanisms.disclosures.models import Disclosure
from zhengxiao.mechanisms.disclosures.rules import Grade, Kind, SubjectKind
from zhengxiao.mechanisms.disclosures.services import disclosure_move
from zhengxiao.mechanisms.disclosures.words import KIND_WORDS

INSPECTION = "inspection"
UNIT_SCOPE = ScopeFields(region="region_id", department="department_id", unit="pk", person=None)


@dataclass(frozen=True, slots=True)
class FoundDecision:
    """What the inspection saw."""

    kind: Kind
    department_id: int
    number: str
    decided_on: str
    subject_name: str
    title: str
    ground: str
    document_no: str


def decision_found(*, told: FoundDecision, actor: Actor, at: datetime) -> Disclosure:
    """Make the record of a decision that was kept back, with the finding. Its clock runs from the day of the decision.

    Refuses NotPermitted, OwnUnit, NotYetMissing, DayUnreadable, DayAhead, DecisionKnown (then the known record is judged).
    """
    require(actor, permissions.INSPECT)
    unit = Unit.objects.select_related("region").get(pk=told.department_id)
    if not can(actor, permissions.INSPECT, unit, UNIT_SCOPE):
        raise NotPermitted(action="检查认定瞒报")
    same = Disclosure.objects.filter(
        kind=told.kind.value, department_id=unit.pk, document_no=told.number
    ).first()
    if same is not None:
        raise refusals.DecisionKnown(
            field="number", document_no=told.number, kind=KIND_WORDS[same.kind], number=same.number
        )
    day = day_of(told.decided_on, at, field="decided_on")
    region = unit.region.code
    owed = Owed(
        kind=told.kind,
        origin=INSPECTION,
        origin_id=f"{unit.pk}:{told.kind.value}:{told.number}"[:120],
        region_id=unit.region_id,
        region_code=region,
        department_id=unit.pk,
        unit_id=unit.pk,
        calendar_key=region,
        document_no=told.number,
        title=told.title,
        decided_at=min(datetime.combine(day, time(12), day_table(region).zone), at),
        subject_name=told.subject_name,
        subject_kind=SubjectKind.ORGANISATION if len(told.subject_name) > 4 else SubjectKind.PERSON,
        grade=Grade.ORDINARY if told.kind is Kind.PENALTY else "",
    )
    finding = {"ground": told.ground, "document_no": told.document_no}
    with transaction.atomic():
        (row,) = duties_open([owed], actor=actor, at=at)
        return disclosure_move(disclosure_id=row.pk, transition="find", actor=actor, at=at, data=finding)
