"""Penalties: entered by the office or brought in from its own system; each creates the same duty as a licence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from zhengxiao.kernel.access.api import ScopeFields, can, require
from zhengxiao.kernel.calendar.api import day_table
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.disclosures import permissions, refusals
from zhengxiao.mechanisms.disclosures.contents import parted
from zhengxiao.mechanisms.disclosures.duties import Owed, duties_open
from zhengxiao.mechanisms.disclosures.fields import SUBJECTS
from zhengxiao.mechanisms.disclosures.models import Disclosure
from zhengxiao.mechanisms.disclosures.rules import GRADE_WORDS, Kind, SubjectKind, grade_of
from zhengxiao.mechanisms.disclosures.words import KIND_WORDS

ENTERED = "entered"
UNIT_SCOPE = ScopeFields(region="region_id", department="department_id", unit="pk", person=None)
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class PenaltyIn:
    """A penalty as told: the upper platform's fields by their codes. `unit_id`: a section or the department itself."""

    unit_id: int
    record: Mapping[str, str]
    grade: str = ""
    origin: str = ENTERED
    origin_id: str = ""


def decision_day(record: Mapping[str, str], at: datetime) -> date:
    """The day of the decision. Raises DecisionDayMissing, DayUnreadable, DayAhead."""
    text = record.get("CF_JDRQ", "")
    if not text:
        raise refusals.DecisionDayMissing(field="CF_JDRQ")
    try:
        day = date.fromisoformat(text.replace("/", "-"))
    except ValueError as error:
        raise refusals.DayUnreadable(field="CF_JDRQ", text=text[:20]) from error
    if day > timezone.localtime(at).date():
        raise refusals.DayAhead(field="CF_JDRQ", day=day)
    return day


def owed_by_penalty(told: PenaltyIn, unit: Unit, at: datetime) -> Owed:
    """The duty a penalty creates. Raises DocumentMissing and what `decision_day` raises."""
    record = {name: value.strip() for name, value in told.record.items() if value.strip()}
    number = record.get("CF_WSH", "")
    if not number:
        raise refusals.DocumentMissing(field="CF_WSH")
    day = decision_day(record, at)
    region = unit.region.code
    noon = datetime.combine(day, time(12), day_table(region).zone)
    plain, sealed = parted(Kind.PENALTY, record)
    department_id = unit.department_id or unit.pk
    return Owed(
        kind=Kind.PENALTY,
        origin=told.origin,
        origin_id=told.origin_id or f"{department_id}:{number}"[:120],
        region_id=unit.region_id,
        region_code=region,
        department_id=department_id,
        unit_id=unit.pk,
        calendar_key=region,
        document_no=number,
        title=record.get("CF_WFXW", number)[:LONGEST_TITLE],
        decided_at=min(noon, at),
        subject_name=record.get("CF_XDR_MC", "—"),
        subject_kind=SUBJECTS.get(record.get("CF_XDR_LB", ""), SubjectKind.ORGANISATION),
        credit_code=record.get("CF_XDR_SHXYM", "")[:18],
        grade=told.grade or grade_of(record.get("CF_CFLB", ""), fine=_sum(record)),
        record=plain,
        sealed=sealed,
    )


def _sum(record: Mapping[str, str]) -> float:
    try:
        return float(record.get("CF_NR_FK", "") or 0)
    except ValueError:
        return 0.0


def known_elsewhere(owed: Sequence[Owed]) -> dict[tuple[int, str], Disclosure]:
    """Penalties of the same office and document that came another way."""
    wanted = {(one.department_id, one.document_no): one for one in owed}
    found = Disclosure.objects.filter(
        kind=Kind.PENALTY.value, document_no__in={number for _unit, number in wanted}
    )
    return {
        (row.department_id, row.document_no): row
        for row in found
        if (one := wanted.get((row.department_id, row.document_no))) is not None
        and (row.origin, row.origin_id) != (one.origin, one.origin_id)
    }


def penalty_enter(*, told: PenaltyIn, actor: Actor, at: datetime) -> Disclosure:
    """Enter a penalty of one's own office: its duty with the clock from the day of the decision.

    Incomplete content is kept and completed later; number and day are needed. Refuses NotPermitted, PenaltyElsewhere,
    DocumentMissing, DecisionDayMissing, DayUnreadable, DayAhead, DecisionKnown, GradeUnknown.
    """
    require(actor, permissions.EDIT)
    unit = Unit.objects.select_related("region").get(pk=told.unit_id)
    if not can(actor, permissions.EDIT, unit, UNIT_SCOPE):
        raise refusals.PenaltyElsewhere(department=unit.name)
    if told.grade and told.grade not in set(GRADE_WORDS):
        raise refusals.GradeUnknown(field="grade", grade=told.grade)
    owed = owed_by_penalty(told, unit, at)
    same = Disclosure.objects.filter(
        kind=Kind.PENALTY.value, department_id=owed.department_id, document_no=owed.document_no
    ).first()
    if same is not None:
        raise refusals.DecisionKnown(
            field="CF_WSH", document_no=owed.document_no, kind=KIND_WORDS[same.kind], number=same.number
        )
    (row,) = duties_open([owed], actor=actor, at=at)
    return row
