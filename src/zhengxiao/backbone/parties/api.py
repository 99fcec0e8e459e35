"""The face of parties: what other packages may import."""

from __future__ import annotations

from zhengxiao.backbone.parties.models import Party
from zhengxiao.backbone.parties.queries import parties_matching
from zhengxiao.backbone.parties.rules import (
    ID_TYPES,
    KIND_LABELS,
    PartyKind,
    kind_of_credit_code,
    mask_id,
    mask_name,
    mask_phone,
    shown_name,
)
from zhengxiao.backbone.parties.services import (
    ID,
    NAME,
    PHONE,
    NewParty,
    PartyKindUnknown,
    PartyNameMissing,
    PartyNumberFaulty,
    PurposeMissing,
    parties_find_or_create,
    party_find_or_create,
    party_reveal,
    sealing_keys,
)

__all__ = [
    "ID",
    "ID_TYPES",
    "KIND_LABELS",
    "NAME",
    "PHONE",
    "NewParty",
    "Party",
    "PartyKind",
    "PartyKindUnknown",
    "PartyNameMissing",
    "PartyNumberFaulty",
    "PurposeMissing",
    "kind_of_credit_code",
    "mask_id",
    "mask_name",
    "mask_phone",
    "parties_find_or_create",
    "parties_matching",
    "party_find_or_create",
    "party_reveal",
    "sealing_keys",
    "shown_name",
]
