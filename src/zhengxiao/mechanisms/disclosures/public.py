"""What everybody may read: reported decisions within their period of publicity, persons masked, no number of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhengxiao.backbone.parties.api import mask_name
from zhengxiao.kernel.ui.api import begins_with
from zhengxiao.lib.personal_numbers import covered
from zhengxiao.mechanisms.disclosures.fields import TABLES
from zhengxiao.mechanisms.disclosures.models import Content, Disclosure
from zhengxiao.mechanisms.disclosures.rules import Grade, Kind, SubjectKind, shown_since
from zhengxiao.mechanisms.disclosures.workflow import PUBLIC

SHORTEST = 2
"""One sign finds everything and nothing."""


def public_q(today: date) -> Q:
    """Licences while they are reported; penalties by grade, counted from the day of the decision."""
    shown = Q(kind=Kind.LICENCE.value)
    for grade in Grade:
        first = shown_since(grade, today)
        if first is not None:
            shown |= Q(kind=Kind.PENALTY.value, grade=grade.value, decided_on__gt=first)
    return Q(state__in=PUBLIC) & shown


def published(at: datetime) -> QuerySet[Disclosure]:
    """The public list, the newest decision first."""
    rows = Disclosure.objects.filter(public_q(timezone.localtime(at).date()))
    return rows.select_related("department").order_by("-decided_on", "-pk")


def withdrawn(at: datetime) -> QuerySet[Disclosure]:
    """What was taken down: number, office, day and explanation; nothing else of it is told."""
    rows = Disclosure.objects.filter(state="withdrawn", withdrawn_at__lte=at, reported_at__isnull=False)
    return rows.select_related("department").order_by("-withdrawn_at", "-pk")


def found(rows: QuerySet[Disclosure], text: str, kind: str = "") -> QuerySet[Disclosure]:
    """By document number, credit code or name of an organisation, from their beginning; persons are not looked up."""
    text = text.strip()
    if kind in set(Kind):
        rows = rows.filter(kind=kind)
    if len(text) < SHORTEST:
        return rows if not text else rows.none()
    named = begins_with("subject_name", text) & ~Q(subject_kind=SubjectKind.PERSON.value)
    return rows.filter(begins_with("document_no", text) | Q(credit_code=text.upper()) | named)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the public list."""

    key: int
    document_no: str
    title: str
    subject: str
    credit_code: str
    department: str
    decided_on: date
    kind: str


def line_of(row: Disclosure) -> Line:
    person = row.subject_kind == SubjectKind.PERSON
    return Line(
        key=row.pk,
        document_no=covered(row.document_no),
        title=covered(row.title),
        subject=mask_name(row.subject_name) if person else covered(row.subject_name),
        credit_code="" if person else row.credit_code,
        department=row.department.name,
        decided_on=row.decided_on,
        kind=row.kind,
    )


NEVER_SHOWN = ("_FRDB", "_FR_ZJLX", "_FR_ZJHM", "_XDR_ZJLX", "_XDR_ZJHM", "_XDR_GSZC", "_XDR_SWDJ")
"""Natural persons behind an organisation, and numbers that serve the exchange and nobody else."""


def fields_shown(row: Disclosure) -> list[tuple[str, str]]:
    """The content for the public page: (label, text), with nothing of a person that the law does not ask for."""
    content = Content.objects.get(disclosure_id=row.pk, number=row.revision)
    record: Mapping[str, str] = content.record
    person = row.subject_kind == SubjectKind.PERSON
    pairs = []
    for rule in TABLES[Kind(row.kind)].fields:
        value = record.get(rule.name, "")
        if not value or rule.secret or rule.name.endswith(NEVER_SHOWN):
            continue
        if person and rule.name.endswith("_XDR_MC"):
            value = mask_name(value)
        pairs.append((rule.label, covered(value)))
    return pairs
