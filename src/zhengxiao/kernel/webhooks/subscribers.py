"""Those who opened a way out hear that it is closed."""

from __future__ import annotations

from zhengxiao.kernel.notices.api import Level, notices_tell
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.kernel.webhooks.models import WebhookTarget


def target_disabled(entry: Entry) -> None:
    """Tell the two people who opened it."""
    people = WebhookTarget.objects.filter(pk=entry.subject_id).values_list("proposed_by_id", "decided_by_id")
    told = {person for pair in people for person in pair if person is not None}
    notices_tell(entry=entry, level=Level.RED, recipient_ids=told, at=entry.at)
