"""Stored files are of record: the digest of the content, what it belongs to, who handed it in and what the scanner said."""

from __future__ import annotations

from zhengxiao.kernel.files.facts import FILE
from zhengxiao.kernel.files.models import Scan, StoredFile
from zhengxiao.kernel.timeline.api import Record

RECORDS = (
    Record(
        StoredFile,
        key="pk",
        kind=FILE,
        personal=("original_name", "label"),
        absent={"scan": Scan.UNSCANNED.value},
        taken_up=True,
    ),
)
