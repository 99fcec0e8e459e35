"""The face of double publicity: what surfaces may import."""

from __future__ import annotations

from zhengxiao.mechanisms.disclosures.batches import batch_report
from zhengxiao.mechanisms.disclosures.contents import whole
from zhengxiao.mechanisms.disclosures.duties import Owed, duties_complete, duties_open, install_rule
from zhengxiao.mechanisms.disclosures.facts import FACTS
from zhengxiao.mechanisms.disclosures.ledger import LEDGER, disclosure_url
from zhengxiao.mechanisms.disclosures.models import SCOPE, Content, Disclosure
from zhengxiao.mechanisms.disclosures.penalties import PenaltyIn, penalty_enter
from zhengxiao.mechanisms.disclosures.queries import disclosures_shown
from zhengxiao.mechanisms.disclosures.receipts import Receipt, receipts_take
from zhengxiao.mechanisms.disclosures.rules import Kind, SubjectKind, Verdict
from zhengxiao.mechanisms.disclosures.services import disclosure_move, record_change
from zhengxiao.mechanisms.disclosures.workflow import STATES, WORKFLOW

__all__ = [
    "FACTS",
    "LEDGER",
    "SCOPE",
    "STATES",
    "WORKFLOW",
    "Content",
    "Disclosure",
    "Kind",
    "Owed",
    "PenaltyIn",
    "Receipt",
    "SubjectKind",
    "Verdict",
    "batch_report",
    "disclosure_move",
    "disclosure_url",
    "disclosures_shown",
    "duties_complete",
    "duties_open",
    "install_rule",
    "penalty_enter",
    "receipts_take",
    "record_change",
    "whole",
]
