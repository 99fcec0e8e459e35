"""Every event has its effect once and in order, whatever the network does to the requests.

A server on this machine, behind real sockets, loses requests, takes them twice, delivers copies late and loses answers
after the work was done. The receiver is the one that clients/python gives away. ZX_WEBHOOK_EVENTS=20000 makes it long.
"""

from __future__ import annotations

import os
import random
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from zhengxiao.kernel.database.api import tables_counted
from zhengxiao.kernel.timeline.api import deliver_due
from zhengxiao.kernel.webhooks.dispatch import send_due
from zhengxiao.kernel.webhooks.models import Attempt, Message, MessageState
from zhengxiao.kernel.webhooks.queries import backlog
from zhengxiao.kernel.webhooks.services import secrets_of
from zhengxiao.kernel.webhooks.tests.conftest import AT, Office
from zhengxiao_client.webhooks import Inbox

EVENTS = int(os.environ.get("ZX_WEBHOOK_EVENTS", "300"))
SUBJECTS = 10
LOST, TWICE, LATE, UNANSWERED = 0.3, 0.2, 0.2, 0.1


class Network(HTTPServer):
    """Treats each request as the dice fall; `held` are copies that arrive later than what was sent after them."""

    def __init__(self, dice: random.Random, inbox: Inbox) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.dice, self.inbox = dice, inbox
        self.secrets: list[str] = []
        self.held: list[tuple[dict[str, str], bytes]] = []
        self.requests = self.repeats = 0

    def take(self, headers: dict[str, str], body: bytes) -> None:
        new = self.inbox.take(headers, body, self.secrets, now=self.now, work=note)
        self.repeats += not new

    now = AT.timestamp()


class Handler(BaseHTTPRequestHandler):
    server: Network

    def do_POST(self) -> None:
        net = self.server
        net.requests += 1
        request = dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))
        if net.held and net.dice.random() < 0.5:
            net.take(*net.held.pop(0))
        fate = net.dice.random()
        if fate < LOST:
            return  # the connection closes without a word
        if fate < LOST + LATE:
            net.held.append(request)
            self.send_error(504)
            return
        net.take(*request)
        if net.dice.random() < TWICE:
            net.take(*request)
        if net.dice.random() < UNANSWERED:
            return
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        return


def note(database: sqlite3.Connection, event: dict[str, Any]) -> None:
    database.execute("INSERT INTO effects VALUES (?, ?)", (event["subject"], event["sequence"]))


def next_due(moment: datetime) -> datetime:
    """When something may be sent again: a day of back-off passes without asking every forty seconds of it."""
    waiting = Message.objects.filter(state=MessageState.WAITING)
    return min(waiting.values_list("not_before", flat=True), default=moment)


@pytest.fixture
def network() -> Iterator[Network]:
    inbox = Inbox(":memory:")
    inbox.database.execute("CREATE TABLE effects (subject TEXT, sequence TEXT)")
    server = Network(random.Random(20260304), inbox)  # noqa: S311
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_each_event_has_one_effect_in_the_order_of_its_subject(
    office: Office, network: Network, settings: Any
) -> None:
    port = network.server_address[1]
    settings.ZX_WEBHOOK_ALLOW = [f"127.0.0.1:{port}"]
    target = office.active(url=f"http://127.0.0.1:{port}/in")
    network.secrets = secrets_of(target, AT)
    subjects = [office.subject(f"事项{number}") for number in range(SUBJECTS)]
    entries = office.told(*subjects, times=EVENTS // SUBJECTS)
    while deliver_due(at=AT, limit=5000).done:
        pass
    tables_counted()
    moment, dice = AT, random.Random(7)  # noqa: S311
    for _round in range(EVENTS * 20):
        send_due(target_id=target.pk, now=lambda moment=moment: moment, jitter=dice.random)
        if not backlog().waiting:
            break
        moment = max(moment + timedelta(seconds=40), next_due(moment))
        network.now = moment.timestamp()
    effects = list(network.inbox.database.execute("SELECT subject, sequence FROM effects ORDER BY rowid"))
    assert [int(sequence) for _subject, sequence in sorted(effects, key=lambda row: row[1])] == entries
    by_subject = defaultdict(list)
    for subject, sequence in effects:
        by_subject[subject].append(sequence)
    assert all(found == sorted(found) for found in by_subject.values())
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert network.requests == Attempt.objects.count() > EVENTS * 1.5, (
        "the network was not faulty enough to prove anything"
    )
    assert network.repeats > EVENTS / 20
