"""Clients of the interface that never give up: the same call with the same key until somebody answers for it."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

REMEDIES = "可自知道之日起六十日内申请行政复议。"
LIVES: tuple[tuple[tuple[str, str, dict[str, Any]], ...], ...] = (
    (
        ("clerk", "accept", {}),
        ("approver", "start_review", {}),
        ("approver", "grant", {"result_no": "示许准〔2026〕1 号"}),
        ("clerk", "deliver", {"method": "window"}),
    ),
    (
        ("clerk", "ask_supplement", {"items": "营业执照", "document_no": "示补〔2026〕1 号"}),
        ("clerk", "file_supplement", {}),
        ("clerk", "accept", {}),
        (
            "approver",
            "suspend",
            {"kind": "expert_review", "reason": "评审", "expected_days": 5, "notice_no": "示特〔2026〕1 号"},
        ),
        ("approver", "resume", {"outcome": "通过"}),
        (
            "approver",
            "deny",
            {"result_no": "示许否〔2026〕1 号", "reason": "不符合条件", "remedies": REMEDIES},
        ),
    ),
    (
        ("clerk", "accept", {}),
        ("approver", "request_extension", {"amount": 3, "reason": "疑难"}),
        ("head", "approve_extension", {"document_no": "示延〔2026〕1 号"}),
    ),
    (("clerk", "withdraw", {"reason": "申请人撤回"}),),
)


@dataclass
class Operation:
    """One thing a client wanted, how often it asked and what was answered in the end (0: nobody answered)."""

    key: str
    path: str
    body: Any
    who: str
    tries: int = 0
    status: int = 0
    answer: str = ""


@dataclass
class Shared:
    """What all clients share: the way in, the tokens, and the record of everything they asked for."""

    port: int
    tokens: dict[str, str]
    item: str
    stop: threading.Event = field(default_factory=threading.Event)
    give_up: threading.Event = field(default_factory=threading.Event)
    record: list[Operation] = field(default_factory=list)
    races: list[tuple[str, str]] = field(default_factory=list)
    receipts: dict[str, dict[str, int]] = field(default_factory=dict)
    """Key of a call that handed answers in → receipt number → record."""
    unanswered: int = 0

    def ask(self, who: str, path: str, body: Any, *, kind: str = "application/json") -> Operation:
        """Until an answer that settles it: 2xx, or a refusal that no repetition would change."""
        operation = Operation(uuid.uuid4().hex, path, body if kind == "application/json" else "", who)
        self.record.append(operation)
        sent = json.dumps(body).encode() if kind == "application/json" else body
        while not self.give_up.is_set():
            operation.tries += 1
            status, answer = self._once(operation, sent, kind)
            if status and status not in {409, 429} and status < 500:
                operation.status, operation.answer = status, answer
                return operation
            if status == 409 and "KeyInFlight" not in answer:
                operation.status, operation.answer = status, answer
                return operation
            self.unanswered += status == 0
            time.sleep(0.05 + 0.1 * random.random())
        return operation

    def _once(self, operation: Operation, sent: bytes, kind: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        headers = {
            "Authorization": f"Bearer {self.tokens[operation.who]}",
            "Idempotency-Key": operation.key,
            "Content-Type": kind,
        }
        try:
            connection.request("POST", f"/api/v1{operation.path}", sent, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def receive(self) -> Operation:
        body = {
            "item": self.item,
            "applicant_name": f"示例企业{random.randrange(10**9)}",
            "summary": uuid.uuid4().hex,
            "unit": "A-MARKET-S1",
            "window": "A-MARKET-W1",
            "materials": [{"name": "申请表"}, {"name": "身份证明"}],
        }
        return self.ask("clerk", "/cases", body)

    def move(self, number: str, who: str, transition: str, data: dict[str, Any]) -> Operation:
        return self.ask(who, f"/cases/{number}/moves/{transition}", {"data": data})


def live(shared: Shared, seed: int) -> None:
    """One client: one application after the other, each through one of the lives, until it is told to stop."""
    chance = random.Random(seed)
    while not shared.stop.is_set():
        received = shared.receive()
        if received.status != 201:
            continue
        number = json.loads(received.answer)["number"]
        steps = LIVES[chance.choices(range(len(LIVES)), weights=(5, 3, 2, 1))[0]]
        for who, transition, data in steps:
            if shared.give_up.is_set():
                return
            if transition == "grant" and chance.random() < 0.3:
                race(shared, number)
                break
            if shared.move(number, who, transition, data).status != 200:
                break


def race(shared: Shared, number: str) -> None:
    """Two people decide at the same moment, each with a key of their own: one decision stands."""
    made: list[Operation] = []
    choices = (
        ("grant", {"result_no": "示许准〔2026〕2 号"}),
        ("deny", {"result_no": "示许否〔2026〕2 号", "reason": "不符合条件", "remedies": REMEDIES}),
    )

    def decide(transition: str, data: dict[str, Any]) -> None:
        made.append(shared.move(number, "approver", transition, data))

    threads = [threading.Thread(target=decide, args=choice) for choice in choices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shared.races.append((made[0].key, made[1].key))


def feed(shared: Shared, seed: int, rows: int) -> None:
    """A client that hands in files; the background brings their rows in."""
    number = 0
    query = urlencode({"profile": "case-table", "file_name": "办件.csv", "dry_run": "false"})
    head = "办件编号,事项编码,事项名称,部门,申请人,办理摘要,收件时间,受理时间,办结时间,状态,文书号,理由,法定时限,承诺时限\n"
    day = datetime.now(UTC).date() - timedelta(days=1)
    while not shared.stop.wait(4.0):
        number += 1
        lines = [
            f"{seed}-{number}-{row},,占道经营许可,市城管局,示例企业{row},,"
            f"{day} 09:00:00,{day} 10:00:00,,受理,,,20,10\n"
            for row in range(rows)
        ]
        body = (head + "".join(lines)).encode()
        shared.ask("sysadmin", f"/imports?{query}", body, kind="application/octet-stream")
