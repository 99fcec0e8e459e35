"""Reactions to decisions of cases: load, one service call. The moment is the fact's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zhengxiao.backbone.cases.api import Case
from zhengxiao.kernel.timeline.api import Entry, subscribe
from zhengxiao.mechanisms.disclosures.duties import CASE_WITH, Owed, duties_open, owed_by_case, since
from zhengxiao.mechanisms.disclosures.services import decision_corrected


def decided(entry: Entry) -> None:
    """A granted licence has to be published within seven working days of the decision."""
    decided_together([entry])


def decided_together(entries: Sequence[Entry]) -> None:
    """The same for many decisions at once, each on record since its fact was written."""
    written = {entry.subject_id: entry.recorded_at for entry in entries}
    cases = Case.objects.select_related(*CASE_WITH).filter(pk__in=written)
    first = since()
    by_moment: dict[datetime, list[Owed]] = {}
    for case in cases.order_by("pk"):
        owed = owed_by_case(case, first)
        if owed is not None:
            by_moment.setdefault(written[case.pk], []).append(owed)
    for moment, together in by_moment.items():
        duties_open(together, at=moment)


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
    subscribe("cases.decided", name="disclosures.decided", handler=decided, batch=decided_together)
    subscribe("cases.corrected", name="disclosures.corrected", handler=corrected)
