"""Parties are of record; everything that identifies a person stands in an entry as a commitment only."""

from __future__ import annotations

from zhengxiao.backbone.parties.facts import PARTY
from zhengxiao.backbone.parties.models import Party
from zhengxiao.kernel.timeline.api import Record

RECORDS = (
    Record(
        Party,
        key="pk",
        kind=PARTY,
        personal=(
            "name",
            "credit_code",
            "id_sealed",
            "id_index",
            "id_masked",
            "contact_name_sealed",
            "contact_name_masked",
            "contact_phone_sealed",
            "contact_phone_index",
            "contact_phone_masked",
            "warnings",
        ),
    ),
)
