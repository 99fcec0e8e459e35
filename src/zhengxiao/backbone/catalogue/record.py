"""The catalogue's tables of record: what an office promised, to the letter."""

from __future__ import annotations

from zhengxiao.backbone.catalogue.facts import BASIC, CLAIM, ITEM, VERSION
from zhengxiao.backbone.catalogue.models import BasicItem, Item, ItemClaim, ItemMaterial, ItemVersion
from zhengxiao.kernel.timeline.api import Record

RECORDS = (
    Record(BasicItem, key="pk", kind=BASIC),
    Record(Item, key="pk", kind=ITEM),
    Record(ItemVersion, key="pk", kind=VERSION),
    Record(ItemMaterial, key="version_id", kind=VERSION),
    Record(ItemClaim, key="pk", kind=CLAIM),
)
