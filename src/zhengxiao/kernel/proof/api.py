"""The face of the provable history: what other packages may import."""

from __future__ import annotations

from zhengxiao.kernel.proof.checkpoints import (
    HistoryForked,
    ShorterThanOutside,
    checkpoint_issue,
)
from zhengxiao.kernel.proof.erasables import (
    Erasable,
    Need,
    close_erasables,
    erasables,
    register_erasable,
    register_need,
)
from zhengxiao.kernel.proof.erasing import (
    EraseGroundMissing,
    NothingBehindNumber,
    NothingToErase,
    StillNeeded,
    personal_count,
    personal_erase,
    subject_to_erase,
)
from zhengxiao.kernel.proof.export import KeyUnknown, NothingSigned, proof_document
from zhengxiao.kernel.proof.facts import ERASED
from zhengxiao.kernel.proof.findings import Finding, Kind, Report
from zhengxiao.kernel.proof.keys import KeyExposed, key_text, trusted_keys, trusted_sm2_keys
from zhengxiao.kernel.proof.models import Checkpoint
from zhengxiao.kernel.proof.openings import MayOpen
from zhengxiao.kernel.proof.queries import tree_size, waiting_count
from zhengxiao.kernel.proof.sequencing import (
    HashChanged,
    entries_enqueue,
    require_hash,
    sequence_all,
    sequence_once,
)
from zhengxiao.kernel.proof.standing import (
    LossGroundMissing,
    NothingLost,
    OutsideUnreadable,
    Standing,
    loss_accept,
    loss_lay_down,
    standing_note,
    standstill,
    tree_standing,
    witnessed,
)
from zhengxiao.kernel.proof.taking_up import rows_take_up
from zhengxiao.kernel.proof.verifying import verify

__all__ = [
    "ERASED",
    "Checkpoint",
    "Erasable",
    "EraseGroundMissing",
    "Finding",
    "HashChanged",
    "HistoryForked",
    "KeyExposed",
    "KeyUnknown",
    "Kind",
    "LossGroundMissing",
    "MayOpen",
    "Need",
    "NothingBehindNumber",
    "NothingLost",
    "NothingSigned",
    "NothingToErase",
    "OutsideUnreadable",
    "Report",
    "ShorterThanOutside",
    "Standing",
    "StillNeeded",
    "checkpoint_issue",
    "close_erasables",
    "entries_enqueue",
    "erasables",
    "key_text",
    "loss_accept",
    "loss_lay_down",
    "personal_count",
    "personal_erase",
    "proof_document",
    "register_erasable",
    "register_need",
    "require_hash",
    "rows_take_up",
    "sequence_all",
    "sequence_once",
    "standing_note",
    "standstill",
    "subject_to_erase",
    "tree_size",
    "tree_standing",
    "trusted_keys",
    "trusted_sm2_keys",
    "verify",
    "waiting_count",
    "witnessed",
]
