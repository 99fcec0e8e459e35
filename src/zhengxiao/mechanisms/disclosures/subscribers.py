"""Reactions to decisions of cases: load, one service call. The moment is the fact's own."""

from __future__ import annotations

from zhengxiao.backbone.cases.api import Case
from zhengxiao.kernel.timeline.api import Entry, subscribe
from zhengxiao.mechanisms.disclosures.duties import CASE_WITH, duties_open, owed_by_case
from zhengxiao.mechanisms.disclosures.services import decision_corrected


def decided(entry: Entry) -> None:
    """A granted licence has to be published within seven working days of the decision."""
    case = Case.objects.select_related(*CASE_WITH).get(pk=entry.subject_id)
    owed = owed_by_case(case)
    if owed is not None:
        duties_open([owed], at=entry.recorded_at)


def corrected(entry: Entry) -> None:
    """A corrected decision changes what is published."""
    after = entry.data.get("after") or {}
    decision_corrected(
        case_id=entry.subject_id,
        document_no=str(after.get("result_no", "")),
        certificate_no=str(after.get("certificate_no", "")),
        reason=str(entry.data.get("reason", "")),
        at=entry.recorded_at,
    )


def connect() -> None:
    subscribe("cases.decided", name="disclosures.decided", handler=decided)
    subscribe("cases.corrected", name="disclosures.corrected", handler=corrected)
