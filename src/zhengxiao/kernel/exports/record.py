"""The table of record: who asked for what, and who let it out."""

from __future__ import annotations

from zhengxiao.kernel.exports.facts import KIND
from zhengxiao.kernel.exports.models import ExportRequest
from zhengxiao.kernel.timeline.api import Record

RECORDS = (
    Record(
        ExportRequest,
        key="pk",
        kind=KIND,
        personal=("purpose", "reason", "conditions", "address", "digest"),
    ),
)
