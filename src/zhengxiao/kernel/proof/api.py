"""The face of the provable history: what other packages may import."""

from __future__ import annotations

from zhengxiao.kernel.proof.checkpoints import (
    HistoryForked,
    ShorterThanOutside,
    checkpoint_issue,
    newest_outside,
)
from zhengxiao.kernel.proof.erasing import EraseGroundMissing, personal_erase
from zhengxiao.kernel.proof.export import KeyUnknown, NothingSigned, proof_document
from zhengxiao.kernel.proof.findings import Finding, Kind, Report
from zhengxiao.kernel.proof.keys import KeyExposed, key_text, trusted_keys
from zhengxiao.kernel.proof.models import Checkpoint
from zhengxiao.kernel.proof.queries import tree_size, waiting_count
from zhengxiao.kernel.proof.sequencing import entries_enqueue, sequence_all, sequence_once
from zhengxiao.kernel.proof.verifying import verify

__all__ = [
    "Checkpoint",
    "EraseGroundMissing",
    "Finding",
    "HistoryForked",
    "KeyExposed",
    "KeyUnknown",
    "Kind",
    "NothingSigned",
    "Report",
    "ShorterThanOutside",
    "checkpoint_issue",
    "entries_enqueue",
    "key_text",
    "newest_outside",
    "personal_erase",
    "proof_document",
    "sequence_all",
    "sequence_once",
    "tree_size",
    "trusted_keys",
    "verify",
    "waiting_count",
]
