"""Penalties of other systems and receipts of the upper platform, as import kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from zhengxiao.kernel.exchange.api import (
    ImportTarget,
    Outcome,
    Parsed,
    Profile,
    RowRefusal,
    Unit,
    Verdict,
    row_refusal,
)
from zhengxiao.kernel.orgs.api import Unit as OrgUnit
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop
from zhengxiao.mechanisms.disclosures import refusals
from zhengxiao.mechanisms.disclosures.contents import faults_by_record, whole
from zhengxiao.mechanisms.disclosures.duties import Owed, duties_open
from zhengxiao.mechanisms.disclosures.facts import SUBJECT
from zhengxiao.mechanisms.disclosures.fields import PENALTY_FIELDS
from zhengxiao.mechanisms.disclosures.models import Content, Disclosure
from zhengxiao.mechanisms.disclosures.penalties import PenaltyIn, known_elsewhere, owed_by_penalty
from zhengxiao.mechanisms.disclosures.receipts import Receipt, receipts_take
from zhengxiao.mechanisms.disclosures.rules import GRADE_WORDS, Grade, Kind
from zhengxiao.mechanisms.disclosures.services import record_change
from zhengxiao.mechanisms.disclosures.words import KIND_WORDS

CODES = tuple(rule.name for rule in PENALTY_FIELDS)
GRADES: Mapping[str, str] = {word: grade.value for grade, word in GRADE_WORDS.items()}


@dataclass
class Departments:
    """Departments by name, short name, code and credit code, looked up once each."""

    profile: Profile
    actor: Actor
    at: datetime
    found: dict[str, OrgUnit] = field(default_factory=dict)

    def look_up(self, words: set[str]) -> None:
        missing = {word for word in words if word and word not in self.found}
        if not missing:
            return
        named = (
            Q(name__in=missing) | Q(short_name__in=missing) | Q(code__in=missing) | Q(credit_code__in=missing)
        )
        units = OrgUnit.objects.filter(named, is_active=True, kind="department").select_related("region")
        for unit in units.order_by("code"):
            for word in filter(None, (unit.code, unit.name, unit.credit_code, unit.short_name)):
                self.found.setdefault(word, unit)

    def of(self, *words: str) -> OrgUnit:
        """Raises DepartmentUnknown."""
        unit = next((self.found[word] for word in words if word in self.found), None)
        if unit is None:
            raise refusals.DepartmentUnknown(field="department", department="、".join(filter(None, words)))
        return unit


def prepare(profile: Profile, actor: Actor, at: datetime) -> Departments:
    return Departments(profile, actor, at)


# ---------------------------------------------------------------- penalties
@dataclass(frozen=True, slots=True)
class PenaltyTold:
    """One unit understood: fields by code, grade, and the words for the department."""

    source_id: str
    record: Mapping[str, str]
    grade: str
    offices: tuple[str, ...]


def parse_penalty(unit: Unit, profile: Profile, context: Departments) -> PenaltyTold:
    """One unit understood. Raises GradeUnknown."""
    record = {name: value for name in CODES if (value := profile.unit_value(name, unit))}
    told = profile.unit_value("grade", unit)
    grade = GRADES.get(told, told)
    if grade and grade not in set(Grade):
        raise refusals.GradeUnknown(field="grade", grade=told[:20])
    offices = (
        profile.unit_value("department", unit),
        record.get("CF_CFJGDM", ""),
        record.get("CF_CFJG", ""),
        str(profile.options.get("department", "")),
    )
    return PenaltyTold(unit.source_id, record, grade, offices)


def write_penalties(
    parsed: Sequence[Parsed], existing: Mapping[str, int], context: Departments, actor: Actor, at: datetime
) -> list[Outcome]:
    """New ones become duties, known ones get their changed content. One refused row refuses only itself."""
    context.look_up({word for one in parsed for word in one.value.offices})
    prepared = [_prepared(one.value, context, at) for one in parsed]
    fresh = [
        one for told, one in zip(parsed, prepared, strict=True)
        if isinstance(one, Owed) and told.value.source_id not in existing
    ]  # fmt: skip
    elsewhere = known_elsewhere(fresh)
    fresh = [one for one in fresh if (one.department_id, one.document_no) not in elsewhere]
    made = {row.origin_id: row for row in duties_open(fresh, actor=actor, at=at)} if fresh else {}
    return [
        _penalty_outcome(told.value, one, existing, made, elsewhere, at)
        for told, one in zip(parsed, prepared, strict=True)
    ]


def _prepared(told: PenaltyTold, context: Departments, at: datetime) -> Owed | Refusal:
    try:
        unit = context.of(*told.offices)
        given = PenaltyIn(unit.pk, told.record, told.grade, context.profile.system, told.source_id)
        return owed_by_penalty(given, unit, at)
    except Refusal as refusal:
        return refusal


def _penalty_outcome(
    told: PenaltyTold,
    one: Owed | Refusal,
    existing: Mapping[str, int],
    made: Mapping[str, Disclosure],
    elsewhere: Mapping[tuple[int, str], Disclosure],
    at: datetime,
) -> Outcome:
    if isinstance(one, Refusal):
        return Outcome(Verdict.REJECTED, refusals=(row_refusal(one),))
    known = elsewhere.get((one.department_id, one.document_no))
    if told.source_id in existing:
        row = record_change(
            disclosure_id=existing[told.source_id],
            record=told.record,
            reason="来源系统更新",
            actor=SYSTEM,
            at=at,
        )
        return Outcome(Verdict.UPDATED, row.pk, warnings=_warnings(row, at))
    if known is not None:
        refusal = refusals.DecisionKnown(
            field="CF_WSH", document_no=one.document_no, kind=KIND_WORDS[known.kind], number=known.number
        )
        return Outcome(Verdict.REJECTED, refusals=(row_refusal(refusal),))
    row = made[told.source_id]
    return Outcome(Verdict.ACCEPTED, row.pk, warnings=_warnings(row, at))


def _warnings(row: Disclosure, at: datetime) -> tuple[RowRefusal, ...]:
    """What the office has to complete before the record can be reported."""
    content = Content.objects.get(disclosure=row, number=row.revision)
    (faults,) = faults_by_record(Kind.PENALTY, [whole(content)], today=at.date())
    return tuple(RowRefusal(f"{fault.label}：{fault.reason}", fault.name, "RecordFault") for fault in faults)


# ---------------------------------------------------------------- receipts
RESULTS: Mapping[str, bool] = {"入库": True, "已入库": True, "成功": True, "accepted": True,
                               "退回": False, "已退回": False, "失败": False, "rejected": False}  # fmt: skip
KINDS: Mapping[str, Kind] = {"行政许可": Kind.LICENCE, "XK": Kind.LICENCE, "licence": Kind.LICENCE,
                             "行政处罚": Kind.PENALTY, "CF": Kind.PENALTY, "penalty": Kind.PENALTY}  # fmt: skip


class KindUnknown(Refusal):
    template = gettext_noop("种类“{kind}”无法识别，应为行政许可或行政处罚。")


class ReceiptTimeMissing(Refusal):
    template = gettext_noop("回执没有时间。")


@dataclass(frozen=True, slots=True)
class ReceiptTold:
    receipt_no: str
    number: str
    kind: Kind
    document_no: str
    offices: tuple[str, ...]
    accepted: bool
    reason: str
    at: datetime
    reported_at: datetime | None


def parse_receipt(unit: Unit, profile: Profile, context: Departments) -> ReceiptTold:
    """One unit understood. Raises KindUnknown, DocumentMissing, ResultUnknown, ReasonMissing, ReceiptTimeMissing."""
    kind = profile.unit_value("kind", unit) or str(profile.options.get("kind", ""))
    if kind not in KINDS:
        raise KindUnknown(field="kind", kind=kind[:20])
    result = profile.unit_value("result", unit)
    if result not in RESULTS:
        raise refusals.ResultUnknown(field="result", result=result[:20])
    document_no = profile.unit_value("document_no", unit)
    if not document_no:
        raise refusals.DocumentMissing(field="document_no")
    reason = profile.unit_value("reason", unit)
    if not RESULTS[result] and not reason:
        raise refusals.ReasonMissing(field="reason")
    moment = profile.unit_moment("at", unit)
    if moment is None:
        raise ReceiptTimeMissing(field="at")
    offices = (profile.unit_value("department", unit), str(profile.options.get("department", "")))
    return ReceiptTold(
        unit.source_id, profile.unit_value("number", unit), KINDS[kind], document_no, offices, RESULTS[result],
        reason, moment, profile.unit_moment("reported_at", unit),
    )  # fmt: skip


def write_receipts(
    parsed: Sequence[Parsed], existing: Mapping[str, int], context: Departments, actor: Actor, at: datetime
) -> list[Outcome]:
    """Receipts kept and applied; a receipt whose department nobody knows refuses itself."""
    context.look_up({word for one in parsed for word in one.value.offices})
    receipts: list[Receipt | Refusal] = [_receipt(one.value, context) for one in parsed]
    kept = receipts_take([one for one in receipts if isinstance(one, Receipt)], actor=actor, at=at)
    by_number = {row.receipt_no: row for row in kept}
    outcomes = []
    for told, one in zip(parsed, receipts, strict=True):
        if isinstance(one, Refusal):
            outcomes.append(Outcome(Verdict.REJECTED, refusals=(row_refusal(one),)))
            continue
        verdict = Verdict.UPDATED if told.unit.source_id in existing else Verdict.ACCEPTED
        outcomes.append(Outcome(verdict, by_number[one.receipt_no].pk))
    return outcomes


def _receipt(told: ReceiptTold, context: Departments) -> Receipt | Refusal:
    try:
        department = context.of(*told.offices)
    except Refusal as refusal:
        return refusal
    return Receipt(
        context.profile.system, told.receipt_no, told.kind, told.document_no, department.pk, told.accepted,
        told.reason, told.at, told.reported_at, told.number,
    )  # fmt: skip


PENALTIES = ImportTarget(
    kind="penalties",
    subject_kind=SUBJECT,
    label=gettext_noop("行政处罚"),
    prepare=prepare,
    parse_unit=parse_penalty,
    write_batch=write_penalties,
    fields=frozenset(CODES) | {"department", "grade"},
    options=frozenset({"department"}),
)
RECEIPTS = ImportTarget(
    kind="receipts",
    subject_kind="upper_record",
    label=gettext_noop("双公示回执"),
    prepare=prepare,
    parse_unit=parse_receipt,
    write_batch=write_receipts,
    fields=frozenset(
        {"number", "kind", "document_no", "department", "result", "reason", "at", "reported_at"}
    ),
    options=frozenset({"department", "kind"}),
)
TARGETS: tuple[Any, ...] = (PENALTIES, RECEIPTS)
