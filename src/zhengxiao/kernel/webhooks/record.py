"""The table of record: where events go, and who proposed and confirmed it. How deliveries fare follows from the tries."""

from __future__ import annotations

from zhengxiao.kernel.timeline.api import Record
from zhengxiao.kernel.webhooks.facts import KIND
from zhengxiao.kernel.webhooks.models import WebhookTarget

RECORDS = (Record(WebhookTarget, key="pk", kind=KIND, aside=("failures", "failing_since", "paused_until")),)
