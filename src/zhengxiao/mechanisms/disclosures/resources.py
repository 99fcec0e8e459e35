"""Double publicity for machines, as data: the same ledger, reach and verbs as on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.ui.api import Column, Resource, Verb
from zhengxiao.kernel.workflow.api import Field, FieldKind
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import NotPermitted
from zhengxiao.mechanisms.disclosures import permissions, refusals
from zhengxiao.mechanisms.disclosures.facts import SUBJECT
from zhengxiao.mechanisms.disclosures.fields import PENALTY_FIELDS
from zhengxiao.mechanisms.disclosures.ledger import LEDGER
from zhengxiao.mechanisms.disclosures.models import Content, Disclosure
from zhengxiao.mechanisms.disclosures.penalties import PenaltyIn, penalty_enter
from zhengxiao.mechanisms.disclosures.queries import disclosures_shown
from zhengxiao.mechanisms.disclosures.services import disclosure_move


def _rows(actor: Actor, at: datetime) -> QuerySet[Any]:
    return disclosures_shown(actor, at)


def _detail(row: Disclosure, at: datetime) -> Mapping[str, Any]:
    """The content as it lies open; numbers of persons are sealed and told to nobody but the upper platform."""
    content = Content.objects.get(disclosure_id=row.pk, number=row.revision)
    return {"content": content.record}


def _move(*, obj: Any, transition: str, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    if transition == "report":
        raise NotPermitted(action=_("报送"))  # a report has a batch; see the pages and the command line
    return disclosure_move(disclosure_id=obj.pk, transition=transition, actor=actor, at=at, data=data)


def _enter(*, obj: Any, data: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    unit = Unit.objects.filter(code=data["unit"], is_active=True).first()
    if unit is None:
        raise refusals.DepartmentUnknown(field="unit", department=data["unit"])
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
        subject_kind=SUBJECT,
        verbs=(
            Verb(
                "penalties", _("录入行政处罚"), permissions.EDIT, _enter, fields=PENALTY_INPUT, on_list=True,
                words="A penalty of the caller's office: the duty to publish it begins with the day of the decision.",
            ),
        ),
    ),
)  # fmt: skip
