"""Supervision orders while processes are killed: a supervisor issues, the office signs and reports, the supervisor checks."""

from __future__ import annotations

import random
import uuid
from typing import Any

from harness.chaos.card_clients import read
from harness.chaos.clients import Shared


def follow_orders(shared: Shared, seed: int) -> None:
    """One round after the other, until told to stop: a new order, and the next step of those that wait."""
    chance = random.Random(seed)
    while not shared.stop.wait(1.5):
        body = {"unit": "A-MARKET", "reason": "示例要求", "title": uuid.uuid4().hex, "workdays": 5}
        shared.ask("supervisor", "/supervision-orders/issue", body)
        for order in read(shared, "head", "/supervision-orders?state=issued&limit=5"):
            move(shared, "head", order["id"], "sign", {})
        for order in read(shared, "head", "/supervision-orders?state=handling&limit=5"):
            move(shared, "head", order["id"], "report", {"report": "示例报告"})
        for order in read(shared, "supervisor", "/supervision-orders?state=reported&limit=5"):
            if shared.stop.is_set():
                return
            if chance.random() < 0.3:
                move(shared, "supervisor", order["id"], "send_back", {"reason": "示例退回"})
            else:
                move(shared, "supervisor", order["id"], "close", {"conclusion": "示例结论"})


def move(shared: Shared, who: str, number: str, transition: str, data: dict[str, Any]) -> Any:
    return shared.ask(who, f"/supervision-orders/{number}/moves/{transition}", {"data": data})
