"""The sample for HAProxy, run as it stands before two processes: who is let in next, who is told to come back, what is hidden."""

from __future__ import annotations

import http.client
import json
import os
import queue
import re
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.test import Client
from harness.cluster import free_port
from harness.proxy import NoProxy, program, proxy
from pytest_django import Settings

from zhengxiao.kernel.identity.api import user_create
from zhengxiao.lib.actors import SYSTEM

AT = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
"""A Wednesday, ten in the morning."""
PATIENCE = 20
SIGNED_IN = "zx_session=0123456789abcdefghijklmnopqrstuv"
MADE_UP = "zx_session=made-up"


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Hall:
    """Two processes that hold every request for a page or a machine until told, and the proxy before them."""

    port: int = 0
    figures: int = field(default_factory=free_port)
    seen: queue.Queue[tuple[str, threading.Event]] = field(default_factory=queue.Queue)
    asking: list[threading.Thread] = field(default_factory=list)
    held: list[threading.Event] = field(default_factory=list)
    over: bool = False

    def ask(self, path: str, *, method: str = "GET", **headers: str) -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as line:
            line.request(
                method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
            )
            with line.getresponse() as came:
                return Answer(came.status, {k.lower(): v for k, v in came.getheaders()}, came.read())

    def hold(self, path: str) -> None:
        """A process has this request and answers it when told."""
        may = threading.Event()
        self.held.append(may)
        self.seen.put((path, may))
        if not self.over:
            may.wait(PATIENCE)

    def end(self) -> None:
        """Let everything be answered."""
        self.over = True
        for may in self.held:
            may.set()
        for each in self.asking:
            each.join(PATIENCE)

    def begin(self, path: str, **headers: str) -> Callable[[], Answer]:
        """Ask without waiting; call what is given back for the answer."""
        came: list[Answer] = []
        asking = threading.Thread(target=lambda: came.append(self.ask(path, **headers)), daemon=True)
        self.asking.append(asking)
        asking.start()

        def answer() -> Answer:
            asking.join(PATIENCE)
            return came[0]

        return answer

    def next(self) -> tuple[str, threading.Event]:
        """The next request that reached a process: its path, and the word to answer it."""
        return self.seen.get(timeout=PATIENCE)

    def fill(self) -> list[threading.Event]:
        """Give both processes the one request they may work on; the words that end them."""
        for number in range(2):
            self.begin(f"/api/v1/held/{number}")
        return [self.next()[1] for _ in range(2)]

    def line_up(self, how_many: int, path: str, **headers: str) -> list[Callable[[], Answer]]:
        """Ask so often, and wait until the proxy has them all in line."""
        before = self.waiting()
        answers = [self.begin(path, **headers) for _ in range(how_many)]
        for _ in range(200):
            if self.waiting() == before + how_many:
                return answers
            threading.Event().wait(0.02)
        pytest.fail(f"the proxy has {self.waiting() - before} of {how_many} in line")

    def waiting(self) -> int:
        """How many stand in the proxy's line, by its own account."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.figures}/;csv", timeout=PATIENCE) as told:
            lines = told.read().decode().splitlines()
        names = lines[0].lstrip("# ").split(",")
        rows = [dict(zip(names, line.split(","), strict=False)) for line in lines[1:]]
        return sum(
            int(row["qcur"] or 0)
            for row in rows
            if row["pxname"] == "processes" and row["svname"] == "BACKEND"
        )


@contextmanager
def process(hall: Hall) -> Iterator[int]:
    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path != "/healthz" and not self.path.startswith(("/static/", "/who")):
                hall.hold(self.path)
            body = json.dumps(dict(self.headers.items())).encode()
            self.send_response(200)
            if SIGNED_IN in self.headers.get("Cookie", ""):
                self.send_header("X-Signed-In", "1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_words: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_words: object) -> None:
            """Whoever goes away while we answer is no matter here."""

    server = Server(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def hall() -> Iterator[Hall]:
    """Patience and lead of minutes: nothing hangs on how fast the machine is."""
    yield from hall_behind_a_proxy(patience=PATIENCE * 3, lead=100_000)


@pytest.fixture
def hall_of_equals() -> Iterator[Hall]:
    """Nobody counts as having come earlier or later."""
    yield from hall_behind_a_proxy(patience=PATIENCE * 3, lead=0)


@pytest.fixture
def hall_in_haste() -> Iterator[Hall]:
    """A second in line is too long, as in the sample."""
    yield from hall_behind_a_proxy()


def hall_behind_a_proxy(**waits: int) -> Iterator[Hall]:
    try:
        program()
    except NoProxy:
        if os.environ.get("CI"):
            raise
        pytest.skip("no HAProxy on this machine")
    made = Hall()
    with (
        process(made) as one,
        process(made) as two,
        proxy([one, two], figures=made.figures, **waits) as made.port,
    ):
        yield made
        made.end()


def test_the_next_turn_is_of_people_signed_in_then_of_machines_then_of_visitors(hall: Hall) -> None:
    assert hall.ask("/who", Cookie=SIGNED_IN).status == 200  # a process has answered this cookie as signed in
    working = hall.fill()
    hall.line_up(1, "/visitor/", Cookie=MADE_UP)
    hall.line_up(1, "/api/v1/machine")
    hall.line_up(1, "/cases/", Cookie=SIGNED_IN)
    served = []
    for _ in range(3):
        working.pop().set()
        path, may = hall.next()
        working.append(may)
        served.append(path)
    assert served == ["/cases/", "/api/v1/machine", "/visitor/"]


def test_a_visitor_who_has_waited_long_enough_comes_before_a_machine(hall_of_equals: Hall) -> None:
    working = hall_of_equals.fill()
    hall_of_equals.line_up(1, "/visitor/")
    hall_of_equals.line_up(1, "/api/v1/machine")
    served = []
    for turn in working[:2]:
        turn.set()
        served.append(hall_of_equals.next()[0])
    assert served == ["/visitor/", "/api/v1/machine"]


def test_a_process_works_on_one_at_a_time(hall: Hall) -> None:
    working = hall.fill()
    hall.line_up(2, "/api/v1/later")
    assert hall.seen.empty()
    working[0].set()
    assert hall.next()[0] == "/api/v1/later"
    assert hall.seen.empty()


def test_behind_as_many_in_line_as_processes_machines_and_visitors_are_told_at_once_and_people_go_on(
    hall: Hall,
) -> None:
    hall.ask("/who", Cookie=SIGNED_IN)
    working = hall.fill()
    hall.line_up(2, "/api/v1/later")
    refused = hall.ask("/api/v1/cases")
    assert (refused.status, refused.headers["retry-after"]) == (503, "1")
    assert refused.headers["content-type"] == "application/problem+json"
    assert json.loads(refused.body)["code"] == "Overloaded"
    visitor = hall.ask("/q/", Cookie=MADE_UP)
    assert (visitor.status, visitor.headers["retry-after"]) == (503, "1")
    assert "服务繁忙" in visitor.body.decode()
    [staff] = hall.line_up(1, "/cases/", Cookie=SIGNED_IN)
    working[0].set()
    path, may = hall.next()
    may.set()
    assert (path, staff().status) == ("/cases/", 200)


def test_assets_and_health_never_wait(hall: Hall) -> None:
    hall.fill()
    hall.line_up(2, "/api/v1/later")
    assert [hall.ask(path).status for path in ("/static/zx.css", "/healthz")] == [200, 200]


def test_whoever_waited_too_long_is_told_in_words_when_to_come_back(hall_in_haste: Hall) -> None:
    hall_in_haste.fill()
    late = hall_in_haste.ask("/cases/")
    assert (late.status, late.headers["retry-after"]) == (503, "1")
    assert "服务繁忙" in late.body.decode()


def test_what_the_platform_believes_about_the_caller_comes_from_the_proxy(hall: Hall) -> None:
    lies = {"X_Forwarded_For": "10.1.1.1", "X_Forwarded_Proto": "gopher", "Forwarded": "for=1.2.3.4"}
    told = {
        name.lower(): value
        for name, value in json.loads(
            hall.ask("/who", X_Real_IP="9.9.9.9", X_Request_ID="mine", **lies).body
        ).items()
    }
    assert told["x-forwarded-for"] == "127.0.0.1"
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", told["x-request-id"])
    assert not {"forwarded", "x-real-ip"} & set(told)
    assert "gopher" not in told.values()
    assert "x-signed-in" not in hall.ask("/who", Cookie=SIGNED_IN).headers


def test_figures_stay_inside_and_too_much_is_refused_before_it_is_sent(hall: Hall) -> None:
    assert [hall.ask(path).status for path in ("/metrics", "/readyz")] == [404, 404]
    refused = hall.ask("/who", method="POST", Content_Length=str(60 * 1024 * 1024 + 1))
    assert (refused.status, "文件过大" in refused.body.decode()) == (413, True)


def test_the_thirty_first_sign_in_within_a_minute_waits(hall: Hall) -> None:
    with_answer = []
    for _ in range(31):
        asked = hall.begin("/sign-in/", method="POST", Content_Length="0")
        with_answer.append(asked)
        if len(with_answer) <= 30:
            hall.next()[1].set()
            assert asked().status == 200
    last = with_answer[-1]()
    assert (last.status, last.headers["retry-after"]) == (429, "60")


def test_the_log_holds_no_addresses_of_pages() -> None:
    sample = (Path(__file__).resolve().parents[1] / "deploy" / "haproxy.cfg").read_text(encoding="utf-8")
    [line] = re.findall(r'log-format "(.*)"', sample)
    assert set(re.findall(r"%(\w+)", line)) == {"ID", "HM", "ST", "Tw", "Ta", "s"}
    assert "httplog" not in sample
    assert "capture" not in sample


@pytest.mark.django_db
def test_only_an_answer_to_somebody_signed_in_says_so(client: Client, settings: Settings) -> None:
    settings.ZX_MOMENT = AT
    clerk = user_create(
        username="clerk-1",
        display_name="示例甲",
        password="Correct-Horse-9",
        actor=SYSTEM,
        at=AT,
    )
    client.cookies["zx_session"] = "0123456789abcdefghijklmnopqrstuv"
    assert [path for path in ("/", "/sign-in/", "/healthz") if "X-Signed-In" in client.get(path)] == []
    client.force_login(clerk)
    assert "X-Signed-In" in client.get("/")
    client.cookies.clear()
    assert "X-Signed-In" not in client.get("/")
