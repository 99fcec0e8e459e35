"""The table of record of the relay."""

from __future__ import annotations

from zhengxiao.kernel.timeline.api import Record
from zhengxiao.mechanisms.relay.facts import SUBJECT
from zhengxiao.mechanisms.relay.models import Relayed

RECORDS = (Record(Relayed, key="pk", kind=SUBJECT, personal=("subject_name", "answer")),)
