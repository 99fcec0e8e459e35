"""Expected records: from decisions to duties with their clock. The same decision told twice creates one duty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from zhengxiao.backbone.cases.api import Case
from zhengxiao.backbone.parties.api import PartyKind
from zhengxiao.kernel.calendar.api import DayTable, Term, day_table
from zhengxiao.kernel.clock.api import Clock, ClockRow, ClockRule, PastClock, build_clock, rule_in_force
from zhengxiao.kernel.jobs.api import bulk_insert, reserve_keys, row_maker
from zhengxiao.kernel.timeline.api import FactRow, Subject, record, record_many
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.mechanisms.disclosures.clocks import RULES
from zhengxiao.mechanisms.disclosures.contents import parted, proposed
from zhengxiao.mechanisms.disclosures.facts import SUBJECT
from zhengxiao.mechanisms.disclosures.models import Content, Disclosure
from zhengxiao.mechanisms.disclosures.rules import (
    CODE_OF_KIND,
    GRANTED,
    LICENCE_ITEM,
    Kind,
    SubjectKind,
    creates_duty,
)

FROM_CASES = "cases"
RULE = "disclosures.publicity"
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Owed:
    """One decision that has to be published, whoever told of it. `sealed` is already sealed text."""

    kind: Kind
    origin: str
    origin_id: str
    region_id: int
    region_code: str
    department_id: int
    unit_id: int
    calendar_key: str
    document_no: str
    title: str
    decided_at: datetime
    subject_name: str
    subject_kind: SubjectKind
    credit_code: str = ""
    grade: str = ""
    case_id: int | None = None
    record: Mapping[str, str] = field(default_factory=dict)
    sealed: str = ""


def since() -> date | None:
    """From which decision day this installation answers for double publicity: ZX_PUBLICITY_SINCE, or the day from which
    its first rule has been in force here, whichever is later."""
    told: date | None = settings.PUBLICITY_SINCE
    first = (
        ClockRule.objects.filter(code=RULE)
        .order_by("valid_from")
        .values_list("valid_from", flat=True)
        .first()
    )
    known = [day for day in (told, first) if day is not None]
    return max(known, default=None)


def install_rule(*, valid_from: date, at: datetime) -> ClockRule:
    """Let the duty begin on a day of one's own, before the first decision is told. Fact disclosures.begun.

    A rule that is in force already stays as it is.
    """
    spec = next(one for one in RULES if one.code == RULE)
    with transaction.atomic():
        rule, made = ClockRule.objects.get_or_create(
            code=spec.code,
            version=spec.version,
            defaults={
                "label": spec.label,
                "kind": spec.kind,
                "term": str(spec.term),
                "legal_ground": spec.legal_ground,
                "policy": spec.policy,
                "grounds": [],
                "extension": None,
                "valid_from": valid_from,
            },
        )
        if made:
            told = {"valid_from": valid_from}
            record(
                fact="disclosures.begun",
                subject=Subject("clock_rule", rule.pk),
                actor=SYSTEM,
                at=at,
                data=told,
                rows=[rule],
            )
    return rule


SUBJECT_OF_PARTY: Mapping[str, SubjectKind] = {
    PartyKind.PERSON: SubjectKind.PERSON,
    PartyKind.INDIVIDUAL_BUSINESS: SubjectKind.INDIVIDUAL,
}
CASE_WITH = ("item_version", "party", "region", "department")


def owed_by_case(case: Case, first: date | None) -> Owed | None:
    """The duty a case creates; None when it has no decision that is double-published. `first`: see `since`."""
    if case.decided_at is None:
        return None
    day = day_table(case.calendar_key).local_date(case.decided_at)
    task_type = case.item_version.task_type
    if not creates_duty(task_type=task_type, result=case.result, decided_on=day, since=first):
        return None
    party = case.party
    kind = SUBJECT_OF_PARTY.get(party.kind, SubjectKind.ORGANISATION) if party else _guessed(case)
    content, sealed = parted(Kind.LICENCE, proposed(case, kind, day))
    return Owed(
        kind=Kind.LICENCE,
        origin=FROM_CASES,
        origin_id=str(case.pk),
        region_id=case.region_id,
        region_code=case.region.code,
        department_id=case.department.department_id or case.department_id,
        unit_id=case.unit_id,
        calendar_key=case.calendar_key,
        document_no=case.result_no or case.certificate_no or case.number,
        title=case.item_name,
        decided_at=case.decided_at,
        subject_name=case.applicant_name,
        subject_kind=kind,
        credit_code=party.credit_code if party else "",
        case_id=case.pk,
        record=content,
        sealed=sealed,
    )


LONGEST_PERSON = 4
"""Without a party, a name no longer than this is taken for a person's, as everywhere in the product."""


def _guessed(case: Case) -> SubjectKind:
    return SubjectKind.PERSON if len(case.applicant_name) <= LONGEST_PERSON else SubjectKind.ORGANISATION


def duties_open(owed: Sequence[Owed], *, actor: Actor = SYSTEM, at: datetime) -> list[Disclosure]:
    """The duties of these decisions, made where they were not known yet; in the order given, doubles once.

    Each new one has its seven-working-day clock from the decision, its first content, and the fact disclosures.owed
    stamped with the decision. Somebody else may do the same at the same moment: one duty remains.
    """
    for last_try in (False, True):
        try:
            with transaction.atomic():
                return _open(owed, actor, at)
        except IntegrityError:
            if last_try:
                raise
    raise AssertionError("unreachable")


def _known(owed: Sequence[Owed]) -> dict[tuple[str, str], Disclosure]:
    by_origin: dict[str, list[str]] = {}
    for one in owed:
        by_origin.setdefault(one.origin, []).append(one.origin_id)
    same = Q(pk__in=[])
    for origin, ids in by_origin.items():
        same |= Q(origin=origin, origin_id__in=ids)
    return {(row.origin, row.origin_id): row for row in Disclosure.objects.filter(same)}


def _open(owed: Sequence[Owed], actor: Actor, at: datetime) -> list[Disclosure]:
    known = _known(owed)
    fresh = {(one.origin, one.origin_id): one for one in owed if (one.origin, one.origin_id) not in known}
    known |= _made(list(fresh.values()), actor, at)
    return [known[key] for key in dict.fromkeys((one.origin, one.origin_id) for one in owed)]


def _made(owed: Sequence[Owed], actor: Actor, at: datetime) -> dict[tuple[str, str], Disclosure]:
    if not owed:
        return {}
    tables = {key: day_table(key) for key in {one.calendar_key for one in owed}}
    rows = [row_maker(Disclosure)(**_columns(one, tables[one.calendar_key])) for one in owed]
    reserve_keys(Disclosure, rows)
    clocks: list[Clock] = []
    clock_rows: list[list[ClockRow]] = []
    rules = _rules(owed, tables)
    for one, row in zip(owed, rows, strict=True):
        row.number = f"{one.region_code[:6]}-{CODE_OF_KIND[one.kind]}-{row.pk:08d}"
        clock, stored = _clock(one, row, tables[one.calendar_key], rules, actor, at)
        clocks.append(clock)
        clock_rows.append(stored)
    bulk_insert(Clock, clocks)
    for row, clock, stored in zip(rows, clocks, clock_rows, strict=True):
        row.clock_id = clock.pk
        for each in stored:
            each.clock_id = clock.pk
    bulk_insert(ClockRow, [each for stored in clock_rows for each in stored])
    bulk_insert(Disclosure, rows)
    contents = [_content(one, row, actor, at) for one, row in zip(owed, rows, strict=True)]
    bulk_insert(Content, contents)
    written = zip(rows, contents, clocks, clock_rows, strict=True)
    record_many(
        [_fact(row, clock, actor, [row, content, clock, *dated]) for row, content, clock, dated in written],
        recorded_at=at,
    )
    return {(row.origin, row.origin_id): row for row in rows}


def _columns(one: Owed, table: DayTable) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "state": "due",
        "region_id": one.region_id,
        "department_id": one.department_id,
        "unit_id": one.unit_id,
        "calendar_key": one.calendar_key,
        "case_id": one.case_id,
        "origin": one.origin,
        "origin_id": one.origin_id,
        "document_no": one.document_no[:128],
        "title": one.title[:300],
        "decided_at": one.decided_at,
        "decided_on": table.local_date(one.decided_at),
        "subject_name": one.subject_name[:200],
        "subject_kind": one.subject_kind.value,
        "credit_code": one.credit_code,
        "grade": one.grade,
    }


def _rules(owed: Sequence[Owed], tables: Mapping[str, DayTable]) -> dict[date, ClockRule]:
    """The version of the rule in force on each day of decision."""
    days = {tables[one.calendar_key].local_date(one.decided_at) for one in owed}
    return {day: rule_in_force(RULE, day) for day in days}


def _clock(
    one: Owed, row: Disclosure, table: DayTable, rules: Mapping[date, ClockRule], actor: Actor, at: datetime
) -> tuple[Clock, list[ClockRow]]:
    rule = rules[table.local_date(one.decided_at)]
    past = PastClock(rule, Term.parse(rule.term), one.decided_at, None, one.unit_id)
    return build_clock(
        past,
        subject_kind=SUBJECT,
        subject_id=row.pk,
        region=one.calendar_key,
        table=table,
        actor=actor,
        recorded_at=at,
    )


def _content(one: Owed, row: Disclosure, actor: Actor, at: datetime) -> Content:
    made: Content = row_maker(Content)(
        disclosure_id=row.pk,
        number=1,
        record=dict(one.record),
        sealed=one.sealed,
        made_at=at,
        made_by_id=actor.user_id,
        made_by_name=actor.name,
    )
    return made


def _fact(row: Disclosure, clock: Clock, actor: Actor, written: Sequence[Any]) -> FactRow:
    data = {"document_no": row.document_no, "due_on": clock.due_on, "number": row.number, "kind": row.kind}
    return FactRow(
        "disclosures.owed", Subject(SUBJECT, row.pk), actor, row.decided_at, data, row.unit_id, written
    )


def cases_without_duty(*, limit: int = AT_ONCE) -> list[Case]:
    """Granted licences that no duty answers for: decisions compared with records, the double check of the facts."""
    missing = Case.objects.filter(
        result=GRANTED,
        item_version__task_type=LICENCE_ITEM,
        decided_at__isnull=False,
        disclosure__isnull=True,
    )
    first = since()
    if first is not None:
        missing = missing.filter(decided_at__date__gte=first)
    return list(missing.select_related(*CASE_WITH).order_by("pk")[:limit])


def duties_complete(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Make the duties that no fact has made (a parked delivery, a first day of use). Idempotent; returns how many."""
    first = since()
    owed = [one for case in cases_without_duty(limit=limit) if (one := owed_by_case(case, first)) is not None]
    return len(duties_open(owed, at=at)) if owed else 0
