"""The tables of record of a disclosure; what was reported in a batch is sealed under the batch, each answer by itself."""

from __future__ import annotations

from zhengxiao.kernel.timeline.api import Record
from zhengxiao.mechanisms.disclosures.facts import ANSWER, BATCH, SUBJECT
from zhengxiao.mechanisms.disclosures.models import (
    Content,
    Disclosure,
    Finding,
    ReportBatch,
    ReportLine,
    UpperRecord,
)

RECORDS = (
    Record(Disclosure, key="pk", kind=SUBJECT, personal=("subject_name", "credit_code")),
    Record(Content, key="disclosure_id", kind=SUBJECT, personal=("record", "sealed")),
    Record(Finding, key="disclosure_id", kind=SUBJECT),
    Record(ReportBatch, key="pk", kind=BATCH),
    Record(ReportLine, key="batch_id", kind=BATCH),
    Record(UpperRecord, key="pk", kind=ANSWER, taken_up=True),
)
