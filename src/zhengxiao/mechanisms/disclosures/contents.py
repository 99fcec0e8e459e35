"""What is reported of a decision: proposed from the case, completed by the office, judged by the field rules."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone

from zhengxiao.backbone.cases.api import Case
from zhengxiao.backbone.parties.api import ID, sealing_ring
from zhengxiao.lib.personal_numbers import personal_numbers
from zhengxiao.lib.refusals import gettext_noop
from zhengxiao.lib.text_columns import TextColumn
from zhengxiao.mechanisms.disclosures.checking import Fault, check, faults_of
from zhengxiao.mechanisms.disclosures.fields import RESIDENT_CARD, SUBJECTS, TABLES, FieldRule
from zhengxiao.mechanisms.disclosures.models import Content, Disclosure
from zhengxiao.mechanisms.disclosures.rules import Kind, SubjectKind

PURPOSE = "disclosures.content"
PERSONAL = gettext_noop("含有疑似个人号码，公示前须删去。")
SUBJECT_TEXT: Mapping[SubjectKind, str] = {kind: text for text, kind in SUBJECTS.items()}
ID_TYPE_TEXT = {"resident": RESIDENT_CARD, "passport": "护照号", "hk_macao": "港澳居民来往内地通行证",
                "taiwan": "台湾居民来往大陆通行证", "foreigner": "外国人永久居留身份证"}  # fmt: skip
LICENCE_PAPER = "准予行政许可决定书"


def day_text(day: date) -> str:
    return f"{day:%Y/%m/%d}"


def parted(kind: Kind, record: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """What may lie open, and the rest sealed. Empty values are left out."""
    secrets = TABLES[kind].secrets
    plain = {name: value for name, value in record.items() if value and name not in secrets}
    hidden = {name: value for name, value in record.items() if value and name in secrets}
    if not hidden:
        return plain, ""
    return plain, sealing_ring().seal(json.dumps(hidden, ensure_ascii=False), purpose=PURPOSE)


def whole(content: Content) -> dict[str, str]:
    """The whole record, with what was sealed. For the report and its check alone; no page shows it."""
    hidden = json.loads(sealing_ring().open(content.sealed, purpose=PURPOSE) or "{}")
    return {**content.record, **hidden}


def proposed(case: Case, subject_kind: SubjectKind, decided_on: date) -> dict[str, str]:
    """What a case tells of its licence. Validity and legal representative are the office's to add."""
    department = case.department
    party = case.party
    record = {
        "XK_XDR_MC": case.applicant_name,
        "XK_XDR_LB": SUBJECT_TEXT[subject_kind],
        "XK_XDR_SHXYM": party.credit_code if party else "",
        "XK_XKWS": LICENCE_PAPER,
        "XK_WSH": case.result_no or case.certificate_no,
        "XK_XKLB": "普通",
        "XK_XKBH": case.certificate_no,
        "XK_NR": case.item_name,
        "XK_JDRQ": day_text(decided_on),
        "XK_YXQZ": day_text(decided_on),
        "XK_XKJG": department.name,
        "XK_XKJGDM": department.credit_code,
        "XK_ZT": "1",
        "XK_LYDW": department.name,
        "XK_LYDWDM": department.credit_code,
    }
    if subject_kind is SubjectKind.PERSON and party is not None and party.id_sealed:
        record["XK_XDR_ZJLX"] = ID_TYPE_TEXT.get(party.id_type, "")
        record["XK_XDR_ZJHM"] = sealing_ring().open(party.id_sealed, purpose=ID)
    return record


def current(rows: Sequence[Disclosure]) -> dict[int, Content]:
    """The content in force of each record. One query."""
    wanted = {row.pk: row.revision for row in rows}
    found = Content.objects.filter(disclosure_id__in=wanted)
    return {each.disclosure_id: each for each in found if each.number == wanted[each.disclosure_id]}


def faults_by_record(kind: Kind, records: Sequence[Mapping[str, str]], *, today: date) -> list[list[Fault]]:
    """The faults of many records of a kind, judged together; what may not be published counts as one."""
    table = TABLES[kind]
    columns = {
        rule.name: TextColumn.of(record.get(rule.name, "") for record in records) for rule in table.fields
    }
    found: list[list[Fault]] = [[] for _ in records]
    for fault in faults_of(check(table, columns, today=today), columns, first_row=0):
        found[fault.row].append(fault)
    for row, record in enumerate(records):
        found[row] += personal_faults(row, record, table.fields)
    return found


def personal_faults(row: int, record: Mapping[str, str], rules: Iterable[FieldRule]) -> list[Fault]:
    """Text that goes to the public must hold no number of a person."""
    return [
        Fault(row, rule.name, rule.label, "", PERSONAL)
        for rule in rules
        if not rule.secret and personal_numbers(record.get(rule.name, ""))
    ]


def faults_now(row: Disclosure, at: datetime) -> list[Fault]:
    """What stands between a record and its report."""
    content = Content.objects.get(disclosure_id=row.pk, number=row.revision)
    (found,) = faults_by_record(Kind(row.kind), [whole(content)], today=timezone.localtime(at).date())
    return found
