"""Clients who answer for cards while processes are killed: the head explains and appeals, a supervisor rules."""

from __future__ import annotations

import http.client
import json
import random
from typing import Any

from harness.chaos.clients import Shared


def answer_cards(shared: Shared, seed: int) -> None:
    """One card after the other, until told to stop: explained, some of them appealed, those ruled on."""
    chance = random.Random(seed)
    while not shared.stop.wait(1.0):
        for card in read(shared, "head", "/cards?state=issued&limit=20"):
            if shared.stop.is_set():
                return
            number = card["number"]
            explained = move(shared, "head", number, "explain", {"explanation": "示例说明"})
            if explained.status != 200 or chance.random() < 0.5:
                continue
            if move(shared, "head", number, "appeal", {"appeal": "示例申诉"}).status == 200:
                ruling = chance.choice(("lift", "uphold"))
                move(shared, "supervisor", number, ruling, {"ruling": "示例裁定"})


def move(shared: Shared, who: str, number: str, transition: str, data: dict[str, Any]) -> Any:
    return shared.ask(who, f"/cards/{number}/moves/{transition}", {"data": data})


def read(shared: Shared, who: str, path: str) -> list[dict[str, Any]]:
    """The rows of a list; none while nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", shared.port, timeout=15)
    try:
        connection.request("GET", f"/api/v1{path}", headers={"Authorization": f"Bearer {shared.tokens[who]}"})
        response = connection.getresponse()
        told = response.read()
        rows: list[dict[str, Any]] = json.loads(told)["results"] if response.status == 200 else []
        return rows
    except (OSError, ValueError, http.client.HTTPException):
        return []
    finally:
        connection.close()
