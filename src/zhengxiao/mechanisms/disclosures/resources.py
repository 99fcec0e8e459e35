"""Double publicity for machines, as data: the same ledger, reach and verbs as on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.ui.api import Column, Many, Resource, Verb
from zhengxiao.kernel.workflow.api import Field, FieldKind
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.identifiers import normalise_code
from zhengxiao.mechanisms.disclosures import permissions, refusals
from zhengxiao.mechanisms.disclosures.batches import batch_report
from zhengxiao.mechanisms.disclosures.facts import SUBJECT
from zhengxiao.mechanisms.disclosures.fields import CODES, PENALTY_FIELDS, TABLES
from zhengxiao.mechanisms.disclosures.findings import FoundDecision, decision_found
from zhengxiao.mechanisms.disclosures.ledger import LEDGER
from zhengxiao.mechanisms.disclosures.models import Content, Disclosure
from zhengxiao.mechanisms.disclosures.penalties import PenaltyIn, penalty_enter
from zhengxiao.mechanisms.disclosures.queries import disclosures_shown
from zhengxiao.mechanisms.disclosures.receipts import match_again, only_theirs
from zhengxiao.mechanisms.disclosures.rules import Kind
from zhengxiao.mechanisms.disclosures.services import disclosure_move, record_change
from zhengxiao.mechanisms.disclosures.words import KIND_WORDS


def _rows(actor: Actor, at: datetime) -> QuerySet[Any]:
    return disclosures_shown(actor, at)


def _detail(row: Disclosure, at: datetime) -> Mapping[str, Any]:
    """The content as it lies open; numbers of persons are sealed and told to nobody but the upper platform."""
    content = Content.objects.get(disclosure_id=row.pk, number=row.revision)
    return {"content": content.record}


def _move(*, obj: Any, transition: str, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    return disclosure_move(disclosure_id=obj.pk, transition=transition, actor=actor, at=at, data=data)


def _unit(code: str, field: str = "department") -> Unit:
    """Raises DepartmentUnknown."""
    unit = Unit.objects.filter(code=code, is_active=True).first()
    if unit is None:
        raise refusals.DepartmentUnknown(field=field, department=code)
    return unit


def _change(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    """The named columns written anew; the others stay. Raises ColumnUnknown and what record_change raises."""
    rules = {rule.name: rule for rule in TABLES[Kind(obj.kind)].fields}
    record = dict(Content.objects.get(disclosure_id=obj.pk, number=obj.revision).record)
    for row in data["columns"]:
        rule = rules.get(row["name"])
        if rule is None:
            raise refusals.ColumnUnknown(field="columns", name=row["name"])
        record[rule.name] = normalise_code(row["value"]) if rule.form in CODES else row["value"]
    reason = data["reason"] or "补充内容"
    return record_change(disclosure_id=obj.pk, record=record, reason=reason, actor=actor, at=at)


def _found(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    told = {
        name: data[name]
        for name in ("number", "decided_on", "subject_name", "title", "ground", "document_no")
    }
    decision = FoundDecision(kind=Kind(data["kind"]), department_id=_unit(data["department"]).pk, **told)
    return decision_found(told=decision, actor=actor, at=at)


def _report(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    office = _unit(data["department"])
    done = batch_report(department_id=office.pk, kind=Kind(data["kind"]), actor=actor, at=at)
    number = done.batch.number if done.batch else ""
    return {"batch": number, "reported": done.lines, "left": len(done.left)}


def _match(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    return {"matched": match_again(only_theirs(actor)[:1000], at=at)}


def _enter(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    unit = _unit(data["unit"], "unit")
    record = {name: str(value) for name, value in data.items() if name.startswith("CF_") and value}
    return penalty_enter(told=PenaltyIn(unit.pk, record, data["grade"]), actor=actor, at=at)


PENALTY_INPUT = (
    Field("unit", _("部门编码")),
    Field("grade", _("等级"), required=False),
    *(
        Field(
            rule.name,
            _(rule.label),
            FieldKind.LONG_TEXT if rule.form == "long_text" else FieldKind.TEXT,
            required=rule.name in ("CF_WSH", "CF_JDRQ"),
        )
        for rule in PENALTY_FIELDS
        if rule.name != "BZ"
    ),
)

DEPARTMENT = Field("department", _("部门编码"))
KIND = Field("kind", _("种类"), FieldKind.CHOICE, choices=tuple(KIND_WORDS.items()))
COLUMN = (Field("name", _("字段代码")), Field("value", _("内容"), required=False, longest=4000))
REASON = Field("reason", _("原因"), required=False)
FOUND = (
    KIND,
    DEPARTMENT,
    Field("number", _("决定文书号"), longest=64),
    Field("decided_on", _("决定日期"), help=_("写成 2026-03-04"), longest=10),
    Field("subject_name", _("行政相对人")),
    Field("title", _("事项或案由"), longest=300),
    Field("ground", _("认定依据"), FieldKind.LONG_TEXT),
    Field("document_no", _("检查文书号"), longest=128),
)

RESOURCES = (
    Resource(
        name="disclosures",
        singular="disclosure",
        label=_("双公示记录"),
        view=permissions.VIEW,
        rows=_rows,
        ledger=LEDGER,
        extra=(Column("case_number", _("办件编号"), value="case.number"),),
        detail=_detail,
        workflow="disclosure",
        move=_move,
        by_verb=("report",),
        subject_kind=SUBJECT,
        verbs=(
            Verb(
                "change", _("补充内容"), permissions.EDIT, _change,
                fields=(Many("columns", _("内容"), fields=COLUMN, required=True), REASON),
                words="Write columns of the content anew; the others stay. Incomplete content is kept; it cannot be reported.",
            ),
            Verb(
                "found", _("登记瞒报"), permissions.INSPECT, _found, fields=FOUND, on_list=True,
                words="A decision that an inspection found and no system told of: record and finding in one.",
            ),
            Verb(
                "report", _("报送"), permissions.REPORT, _report, fields=(DEPARTMENT, KIND), on_list=True,
                answers=(("batch", str), ("reported", int), ("left", int)),
                words="Report what is ready of a department and kind in one batch; `left` records are not ready.",
            ),
            Verb(
                "match", _("对账"), permissions.REPORT, _match, on_list=True, answers=(("matched", int),),
                words="Tie answers of the upper platform that stood alone to records that have come in since.",
            ),
            Verb(
                "penalties", _("录入行政处罚"), permissions.EDIT, _enter, fields=PENALTY_INPUT, on_list=True,
                words="A penalty of the caller's office: the duty to publish it begins with the day of the decision.",
            ),
        ),
    ),
)  # fmt: skip
