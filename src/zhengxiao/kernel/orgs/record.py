"""Posts and delegations are of record: they say who may act. Each is sealed under its holder."""

from __future__ import annotations

from zhengxiao.kernel.orgs.facts import USER
from zhengxiao.kernel.orgs.models import Delegation, Post
from zhengxiao.kernel.timeline.api import Record

RECORDS = (
    Record(Post, key="user_id", kind=USER),
    Record(Delegation, key="from_user_id", kind=USER),
)
