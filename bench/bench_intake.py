"""Applications through the served interface: `zx serve` as it runs, four clients with a key for each application.

With ZX_POSTGRES_DURABLE=on the commits are durable (scripts/postgres-for-tests); the note of each figure says which it was.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench.common import ZONE, Figure, analyze, median, seconds, tables

SIZES = {"full": (20_000, 30.0), "small": (300, 2.0)}
CLIENTS = 4
GOAL_RATE, GOAL_P99 = 100.0, 0.050


def figures(size: str) -> list[Figure]:
    """Rate and waiting time with one clock (received) and with three (received and accepted on the spot)."""
    cases, duration = SIZES[size]
    caller = _prepare(cases)
    found: list[Figure] = []
    with _served() as port:
        _run(port, caller, 3.0, accept=True)  # warm
        for accept, words in ((False, "received"), (True, "accepted")):
            found += _measured(port, caller, duration, accept=accept, words=words, goal=size == "full")
    return [*found, _leaf_share(found)]


def _measured(
    port: int, caller: dict[str, Any], duration: float, *, accept: bool, words: str, goal: bool
) -> list[Figure]:
    took = sorted(_run(port, caller, duration, accept=accept))
    rate, p99 = len(took) / duration, took[int(len(took) * 0.99)]
    bare = _bare_rate(port, duration / 6)
    note = f"{len(took):,} cases, median {median(took) * 1e3:.1f} ms, durable {_durable()}, load {os.getloadavg()[0]:.1f}"
    return [
        Figure(f"intake.{words}.rate", rate, "cases/s", "/healthz of the same server", bare,
               goal="≥ 100" if goal else "", met=rate >= GOAL_RATE if goal else None, note=note),
        Figure(f"intake.{words}.p99", p99 * 1e3, "ms", goal="≤ 50" if goal else "",
               met=p99 <= GOAL_P99 if goal else None),
    ]  # fmt: skip


def _prepare(cases: int) -> dict[str, Any]:
    """The sample city, and a machine client that may do what a window clerk may."""
    from zhengxiao.backbone.cases.models import Case
    from zhengxiao.kernel.identity.api import User
    from zhengxiao.kernel.orgs.api import Post
    from zhengxiao.lib.actors import SYSTEM
    from zhengxiao.surfaces.openapi.services import client_register, token_issue
    from zhengxiao.surfaces.sample.services import city_seed, is_empty

    at = datetime.now(ZONE)
    if is_empty():
        city_seed(size=str(cases), seed=1, with_password=False, at=at)
        # As after a night: what was filled in a minute would otherwise be vacuumed in the middle of the measurement.
        analyze(*tables())
    clerk = User.objects.get(username="clerk")
    post = Post.objects.select_related("unit__department").filter(user=clerk)[0]
    client = client_register(
        name=f"bench {uuid.uuid4().hex[:8]}", owner=post.unit.department or post.unit, user=clerk,
        scopes=("cases.receive", "cases.view", "cases.accept"), actor=SYSTEM, at=at,
    )  # fmt: skip
    _token, text = token_issue(client=client, days=1, actor=SYSTEM, at=at)
    items = Case.objects.filter(window=post.unit, item_version__promised_amount__gt=0)
    codes = sorted(set(items.values_list("item__code", flat=True)[:200]))[:20]
    return {"token": text, "items": codes, "window": post.unit.code}


@contextmanager
def _served() -> Iterator[int]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ, "ZX_HOME": home, "ZX_DATABASE_URL": os.environ["ZX_TEST_DATABASE_URL"],
            "ZX_API_RATE": "100000", "ZX_LOG_LEVEL": "ERROR",
        }  # fmt: skip
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        zx = Path(sys.executable).with_name("zx")
        process = subprocess.Popen(  # noqa: S603 - our own command with fixed arguments
            [zx, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
        )
        try:
            _wait(port)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(port: int) -> None:
    for _try in range(200):
        try:
            if _bare_rate(port, 0.01):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server does not answer")


def _bare_rate(port: int, duration: float) -> float:
    """What the same server answers without doing anything: the door itself."""
    connection, done, begins = HTTPConnection("127.0.0.1", port, timeout=10), 0, time.perf_counter()
    while time.perf_counter() - begins < duration or not done:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        done += 1
    return done / (time.perf_counter() - begins)


def _run(port: int, caller: dict[str, Any], duration: float, *, accept: bool) -> list[float]:
    until = time.perf_counter() + duration
    with ThreadPoolExecutor(CLIENTS) as pool:
        return [
            one
            for took in pool.map(lambda number: _client(port, caller, number, until, accept), range(CLIENTS))
            for one in took
        ]


def _client(port: int, caller: dict[str, Any], number: int, until: float, accept: bool) -> list[float]:
    connection, took = HTTPConnection("127.0.0.1", port, timeout=30), []
    while (begins := time.perf_counter()) < until:
        body = {
            "item": caller["items"][len(took) % len(caller["items"])], "window": caller["window"],
            "applicant_name": f"示例{number}-{len(took)}-{until:.0f}有限公司", "accept": accept,
            "materials": [{"name": "申请表"}, {"name": "身份证明"}],
        }  # fmt: skip
        head = {
            "Authorization": f"Bearer {caller['token']}", "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        }  # fmt: skip
        connection.request("POST", "/api/v1/cases", json.dumps(body).encode(), head)
        answer = connection.getresponse()
        told = answer.read()
        if answer.status != 201:
            raise RuntimeError(f"{answer.status} {told[:300]!r}")
        took.append(time.perf_counter() - begins)
    return took


def _durable() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        return str(cursor.fetchone()[0])


def _leaf_share(found: list[Figure]) -> Figure:
    """Time of the leaf (canonical bytes and hash) of the facts of one case, as a share of a case's time on one core."""
    from zhengxiao.kernel.timeline.api import Entry, leaf_payload
    from zhengxiao.lib.hashing import leaf_hash

    last = Entry.objects.filter(subject_kind="case").order_by("-pk").values_list("subject_id", flat=True)[0]
    entries = list(Entry.objects.filter(subject_kind="case", subject_id=last))
    each = min(seconds(lambda: [leaf_hash(leaf_payload(entry)) for entry in entries]) for _ in range(50))
    per_case = 2 / found[2].value  # two cores
    return Figure("intake.leaf.share", each / per_case, "of a case's time", goal="≤ 0.03", met=each / per_case <= 0.03,
                  note=f"{len(entries)} facts, {each * 1e6:.0f} µs")  # fmt: skip
