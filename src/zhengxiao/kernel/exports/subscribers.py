"""Those who may decide hear of a request, the asker of the decision."""

from __future__ import annotations

from zhengxiao.kernel.exports.models import ExportRequest
from zhengxiao.kernel.notices.api import Level, Reach, Seat, notices_tell, recipients_of
from zhengxiao.kernel.timeline.api import Entry, subscribe
from zhengxiao.lib.actors import Role

LADDER = {Level.YELLOW: (Seat(Role.DEPARTMENT_HEAD, Reach.ABOVE), Seat(Role.SECURITY_ADMIN, Reach.REGION))}
"""The head of the asker's department and the nearest security administrators."""


def asked(entry: Entry) -> None:
    row = ExportRequest.objects.get(pk=entry.subject_id)
    told = recipients_of(
        Level.YELLOW, owner_id=row.asked_by_id, unit_id=row.unit_id, at=entry.at, ladder=LADDER
    )
    notices_tell(entry=entry, level=Level.INFO, recipient_ids=told - {row.asked_by_id}, at=entry.at)


def decided(entry: Entry) -> None:
    asker = ExportRequest.objects.values_list("asked_by_id", flat=True).get(pk=entry.subject_id)
    notices_tell(entry=entry, level=Level.INFO, recipient_ids={asker}, at=entry.at)


def connect() -> None:
    subscribe("exports.asked", name="exports.asked_told", handler=asked)
    subscribe("exports.approved", name="exports.approved_told", handler=decided)
    subscribe("exports.refused", name="exports.refused_told", handler=decided)
