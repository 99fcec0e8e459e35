"""Double publicity while processes are killed: completed, reported, answered by the upper platform, some of it taken down."""

from __future__ import annotations

import json
import random
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from harness.chaos.card_clients import read
from harness.chaos.clients import Shared

CODE = "91350100M000100Y43"
HEAD = "回执号,公示编号,种类,决定文书号,部门,结果,原因,回执时间,报送时间\n"
PLACE = ZoneInfo("Asia/Shanghai")


def publish(shared: Shared, seed: int) -> None:
    """One round after the other, until told to stop: complete what is due, report it, bring answers in, take some down."""
    chance = random.Random(seed)
    while not shared.stop.wait(1.5):
        for row in read(shared, "head", "/disclosures?state=due&limit=3"):
            if shared.stop.is_set():
                return
            shared.ask("head", f"/disclosures/{row['id']}/change", {"columns": columns(row["id"])})
        shared.ask("head", "/disclosures/report", {"department": "A-MARKET", "kind": "licence"})
        answer(shared, chance, read(shared, "head", "/disclosures?state=reported&limit=20"))
        for row in read(shared, "head", "/disclosures?state=received&limit=2"):
            take_down(shared, row["id"])


def columns(key: int) -> list[dict[str, str]]:
    """What a licence lacks, and a document number of its own."""
    told = {
        "XK_XDR_SHXYM": CODE, "XK_FRDB": "示例人", "XK_WSH": f"示许准〔2026〕{key} 号", "XK_YXQZI": "2099/12/31",
        "XK_XKJGDM": CODE, "XK_LYDWDM": CODE,
    }  # fmt: skip
    return [{"name": name, "value": value} for name, value in told.items()]


def answer(shared: Shared, chance: random.Random, rows: list[dict[str, Any]]) -> None:
    """A file of the upper platform about these records; its receipt numbers are noted beside the call."""
    if not rows:
        return
    now = f"{datetime.now(PLACE):%Y-%m-%d %H:%M}"
    numbers, lines = {}, []
    for row in rows:
        receipt, good = uuid.uuid4().hex, chance.random() < 0.8
        numbers[receipt] = row["id"]
        told = "入库," if good else "退回,示例原因"
        lines.append(f"{receipt},{row['number']},行政许可,示,甲区市场监管局,{told},{now},\n")
    query = urlencode({"profile": "publicity-receipts", "file_name": "回执.csv", "dry_run": "false"})
    body = (HEAD + "".join(lines)).encode()
    sent = shared.ask("sysadmin", f"/imports?{query}", body, kind="application/octet-stream")
    shared.receipts[sent.key] = numbers


def take_down(shared: Shared, key: int) -> None:
    """The decision falls, and the record is taken down with a word to the public."""
    day = f"{datetime.now(PLACE):%Y-%m-%d}"
    fallen = {"ground": "revoked", "document_no": "示行复〔2026〕1 号", "revoked_on": day}
    done = shared.ask("head", f"/disclosures/{key}/moves/revoke", {"data": fallen})
    if done.status == 200 and json.loads(done.answer)["state"] == "revoked":
        shared.ask("head", f"/disclosures/{key}/moves/withdraw", {"data": {"explanation": "示例说明"}})
