"""What rules mean, what they found and what they were tried with is of record; hits of a back-test can be made again."""

from __future__ import annotations

from zhengxiao.kernel.timeline.api import Record
from zhengxiao.mechanisms.detection.facts import BACK_TEST, FINDING, VERSION
from zhengxiao.mechanisms.detection.models import BackTest, Finding, RuleVersion

RECORDS = (
    Record(RuleVersion, key="pk", kind=VERSION),
    Record(Finding, key="pk", kind=FINDING, taken_up=True),
    Record(BackTest, key="pk", kind=BACK_TEST, taken_up=True),
)
