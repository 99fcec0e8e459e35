"""Regions, units, posts and delegations are of record: they say who may act, and where. A post is sealed under its holder."""

from __future__ import annotations

from zhengxiao.kernel.orgs.facts import REGION, UNIT, USER
from zhengxiao.kernel.orgs.models import Delegation, Post, Region, Unit
from zhengxiao.kernel.timeline.api import Record

RECORDS = (
    Record(Region, key="pk", kind=REGION, taken_up=True),
    Record(Unit, key="pk", kind=UNIT, taken_up=True),
    Record(Post, key="user_id", kind=USER),
    Record(Delegation, key="from_user_id", kind=USER),
)
