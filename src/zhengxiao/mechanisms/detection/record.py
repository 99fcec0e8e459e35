"""What a supervision rule means is of record; findings follow from rule and case and are made again by a back-test."""

from __future__ import annotations

from zhengxiao.kernel.timeline.api import Record
from zhengxiao.mechanisms.detection.facts import VERSION
from zhengxiao.mechanisms.detection.models import RuleVersion

RECORDS = (Record(RuleVersion, key="pk", kind=VERSION),)
