"""The face of supervision: what surfaces may import."""

from __future__ import annotations

from zhengxiao.mechanisms.supervision.models import Card, CardPolicy, Order
from zhengxiao.mechanisms.supervision.rules import MODEL_A, CardRules
from zhengxiao.mechanisms.supervision.services import (
    NOBODY,
    ByHand,
    card_issue,
    card_move,
    order_issue,
    order_move,
    rules_decide,
    rules_propose,
)

__all__ = [
    "MODEL_A",
    "NOBODY",
    "ByHand",
    "Card",
    "CardPolicy",
    "CardRules",
    "Order",
    "card_issue",
    "card_move",
    "order_issue",
    "order_move",
    "rules_decide",
    "rules_propose",
]
