"""Supervision orders after a chaos: each issued once, whole in its state, each step that was acknowledged there once."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from harness.chaos.step_audit import leads_on, steps, told_of

if TYPE_CHECKING:
    from harness.chaos.audit import Audit

FACTS = {
    "sign": "supervision.order_signed",
    "report": "supervision.order_reported",
    "send_back": "supervision.order_sent_back",
    "close": "supervision.order_closed",
}
RUNNING = {
    "issued": ["order_sign"],
    "handling": ["order_handling"],
    "reported": ["order_check"],
    "closed": [],
}


def orders(audit: Audit, record: list[dict[str, Any]]) -> None:
    from zhengxiao.kernel.clock.api import Clock
    from zhengxiao.mechanisms.supervision.models import Order, OrderLetter

    told = told_of("supervision_order")
    titles = Counter(Order.objects.values_list("title", flat=True))
    letters = Counter(OrderLetter.objects.values_list("order_id", flat=True))
    running: dict[int, list[str]] = defaultdict(list)
    for subject, kind in (
        Clock.objects.running().filter(subject_kind="supervision_order").values_list("subject_id", "kind")
    ):
        running[subject].append(kind)
    for order in Order.objects.iterator():
        mine = told[order.pk]
        issued = sum(fact == "supervision.order_issued" for fact, _data in mine)
        audit.need(issued == 1, f"order {order.number}: issued {issued}×")
        audit.need(letters[order.pk] == 1, f"order {order.number}: {letters[order.pk]} letters")
        audit.need(
            running[order.pk] == RUNNING[order.state],
            f"order {order.number}: {order.state} with {running[order.pk]}",
        )
        leads_on(audit, f"order {order.number}", "issued", order.state, mine)
    keys = dict(Order.objects.values_list("number", "pk"))
    calls = []
    for call in record:
        if call["path"] == "/supervision-orders/issue":
            there, done = titles[call["body"]["title"]], call["status"] == 201
            audit.need(done or not call["status"], f"an order was refused: {call}")
            audit.need(there == 1 if done else there <= 1, f"{there} orders for one: {call}")
        elif call["path"].startswith("/supervision-orders/"):
            _orders, number, _moves, transition = call["path"].strip("/").split("/")
            audit.need(number in keys, f"acknowledged order {number} is not there")
            calls.append((keys.get(number, 0), transition, call))
    audit.counts |= {"orders": len(keys), "steps of orders": steps(audit, calls, FACTS, told)}
