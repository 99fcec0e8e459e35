"""The face of parties: what other packages may import."""

from __future__ import annotations

from zhengxiao.backbone.parties.keyring import (
    SealedColumn,
    key_rotate,
    keys_in_use,
    register_sealed,
    reseal_request,
    sealing_ring,
)
from zhengxiao.backbone.parties.looks import (
    AccountLinked,
    AccountUnknown,
    NothingSealed,
    PurposeMissing,
    RevealLimitReached,
    party_link_account,
    party_reveal,
)
from zhengxiao.backbone.parties.models import PARTY_SCOPE, Look, Party
from zhengxiao.backbone.parties.queries import looks_at, own_parties, parties_matching, parties_numbered
from zhengxiao.backbone.parties.rules import (
    ID_TYPES,
    KIND_LABELS,
    PURPOSES,
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
    WHAT_WORDS,
    NewParty,
    PartyKindUnknown,
    PartyNameMissing,
    PartyNumberFaulty,
    parties_find_or_create,
    party_find_or_create,
)

__all__ = [
    "ID",
    "ID_TYPES",
    "KIND_LABELS",
    "NAME",
    "PARTY_SCOPE",
    "PHONE",
    "PURPOSES",
    "WHAT_WORDS",
    "AccountLinked",
    "AccountUnknown",
    "Look",
    "NewParty",
    "NothingSealed",
    "Party",
    "PartyKind",
    "PartyKindUnknown",
    "PartyNameMissing",
    "PartyNumberFaulty",
    "PurposeMissing",
    "RevealLimitReached",
    "SealedColumn",
    "key_rotate",
    "keys_in_use",
    "kind_of_credit_code",
    "looks_at",
    "mask_id",
    "mask_name",
    "mask_phone",
    "own_parties",
    "parties_find_or_create",
    "parties_matching",
    "parties_numbered",
    "party_find_or_create",
    "party_link_account",
    "party_reveal",
    "register_sealed",
    "reseal_request",
    "sealing_ring",
    "shown_name",
]
