"""Open-loop overload: three times what the server can do arrives on a timetable, whether or not anybody was answered.

Twice: `zx serve` alone, and several of it behind HAProxy as in `deploy/haproxy.cfg`, on a database of its own; machines ask for
a page of cases, people signed in for the case list.
Latency counts from the moment a request was due, so a queue in front of the server is not hidden.
"""

from __future__ import annotations

import asyncio
import http.cookiejar
import json
import os
import random
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bench.common import Figure, p95

if TYPE_CHECKING:
    from harness.installation import Installation

SECONDS = {"full": 15.0, "small": 2.0}
STAFF_SHARE = 0.1
TIMEOUT = 10.0
ASKING = (os.cpu_count() or 1) + 1
"""How many ask at once when the peak is measured: every core has work, and neither way of serving refuses any of them."""


@dataclass
class Seen:
    """What became of the requests of one class: seconds by answer, and how late they were sent."""

    good: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    lost: int = 0

    @property
    def all(self) -> int:
        return len(self.good) + len(self.refused) + self.lost


def figures(size: str) -> list[Figure]:
    from harness.chaos.run import place
    from harness.cluster import NoPostgres
    from harness.proxy import NoProxy

    try:
        with place("postgresql") as (here, _cluster):
            made = json.loads(here.python("-m", "harness.chaos.prepare", "100", "50", "600"))
            here.python("-c", LET_THE_CLERK_IN)
            found = []
            for name, serving in (("alone", _alone), ("proxied", _behind_the_proxy)):
                try:
                    with serving(here) as port:
                        token = made["tokens"]["clerk"]
                        heads = {"machine": f"Authorization: Bearer {token}", "staff": _sign_in(port)}
                        found += _measured(
                            f"overload.{name}", port, heads, SECONDS[size], goal=size == "full"
                        )
                except NoProxy:
                    print("bench: no HAProxy on this machine, measured alone only", file=sys.stderr)
            return found
    except NoPostgres:
        return []


@contextmanager
def _alone(here: Installation) -> Iterator[int]:
    """`zx serve` as it is without a word."""
    server = here.start("serve", "--port", str(here.port))
    here.wait_until_it_answers()
    yield here.port
    server.stop()


@contextmanager
def _behind_the_proxy(here: Installation) -> Iterator[int]:
    """One process for each core, started as `zhengxiao-web@.service` does, and HAProxy in front."""
    from harness.cluster import free_port
    from harness.proxy import program, proxy

    program()  # before anything is started
    ports = [free_port() for _ in range(os.cpu_count() or 1)]
    servers = [here.start("serve", "--port", str(port), "--workers", "1", "--threads", "2") for port in ports]
    for port in ports:
        here.wait_until_it_answers(port)
    with proxy(ports) as port:
        yield port
    for server in servers:
        server.stop()


LET_THE_CLERK_IN = """
import django; django.setup()
from zhengxiao.kernel.identity.api import User
user = User.objects.get(username='clerk'); user.set_password('only-for-the-bench'); user.save()
"""


def _sign_in(port: int) -> str:
    """A session of the clerk, as a Cookie header; each server process has then seen it."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{port}"
    opener.open(f"{address}/sign-in/").read()
    token = next(cookie.value for cookie in jar if cookie.name == "zx_csrf")
    words = {"username": "clerk", "password": "only-for-the-bench", "csrfmiddlewaretoken": token}
    opener.open(f"{address}/sign-in/", urllib.parse.urlencode(words).encode()).read()
    for _ in range(20):
        assert opener.open(f"{address}/cases/").status == 200
    return "Cookie: " + "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def _measured(name: str, port: int, heads: dict[str, str], seconds: float, *, goal: bool) -> list[Figure]:
    peaks = {kind: asyncio.run(_closed(port, heads, seconds / 2, kind)) for kind in heads}
    # What it could do of the mixture: each class costs what it costs alone.
    peak = 1 / (STAFF_SHARE / peaks["staff"] + (1 - STAFF_SHARE) / peaks["machine"])
    seen = asyncio.run(_open(port, heads, 3 * peak, seconds))
    good = [latency for one in seen.values() for latency in one.good]
    refused = [latency for one in seen.values() for latency in one.refused]
    # A page for people costs several answers to machines, and under pressure people are served first: what was done is told
    # as a share of what the server does when it has only the one or only the other to do.
    goodput = sum(len(one.good) / seconds / peaks[kind] for kind, one in seen.items())
    staff = seen["staff"]
    served = len(staff.good) / max(1, staff.all)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    asked, lost = (sum(getattr(one, name) for one in seen.values()) for name in ("all", "lost"))
    late = sorted(each for one in seen.values() for each in one.late)
    note = (
        f"{asked} requests at {3 * peak:.0f}/s, lost {lost}; load {load};"
        f" the load was made {late[int(len(late) * 0.99)] * 1000:.0f} ms late at p99"
    )
    return [
        Figure(f"{name}.peak", peak, "requests/s",
               note=f"of the mixture, from both classes alone in a closed loop, {ASKING} at once"),
        Figure(f"{name}.goodput", goodput * 100, "% of the peak's work", goal="≥ 90 %" if goal else "",
               met=goodput >= 0.9 if goal else None,
               note=f"{len(good) / seconds:.0f} answers/s, {len(staff.good) / seconds:.0f} of them pages; {note};"
                    f" alone {peaks['staff']:.0f} pages/s or {peaks['machine']:.0f} answers to machines/s"),
        _tail(f"{name}.accepted.p99", good, 300, goal=goal),
        _tail(f"{name}.staff.p99", staff.good, 300, goal=False),
        _tail(f"{name}.refused.p99", refused, 20, goal=goal),
        Figure(f"{name}.staff.served", served * 100, "%", goal="≥ 99 %" if goal else "",
               met=served >= 0.99 if goal else None),
    ]  # fmt: skip


def _tail(name: str, values: list[float], most: float, *, goal: bool) -> Figure:
    ordered = sorted(values) or [0.0]
    value = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000
    middle = ordered[len(ordered) // 2] * 1000
    note = f"median {middle:.1f}, p95 {p95(ordered) * 1000:.1f}, {len(values)} answers"
    return Figure(
        name,
        value,
        "ms",
        goal=f"≤ {most:.0f} ms" if goal else "",
        met=value <= most if goal else None,
        note=note,
    )


def _kind(chance: random.Random) -> str:
    return "staff" if chance.random() < STAFF_SHARE else "machine"


PATHS = {"machine": "/api/v1/cases?limit=10", "staff": "/cases/"}


class Line:
    """Connections that are kept open and used again, as a proxy in front of the server does."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, kind: str, heads: dict[str, str]) -> int:
        """One request; its status, 0 when nothing came."""
        writer = None
        try:
            async with asyncio.timeout(TIMEOUT):
                reader, writer = (
                    self._idle.pop() if self._idle else await asyncio.open_connection("127.0.0.1", self.port)
                )
                writer.write(
                    f"GET {PATHS[kind]} HTTP/1.1\r\nHost: 127.0.0.1\r\n{heads[kind]}\r\n\r\n".encode()
                )
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
            if b"connection: close" in head:
                writer.close()
            else:
                self._idle.append((reader, writer))
            return int(head.split()[1])
        except (OSError, TimeoutError, ValueError, IndexError, asyncio.IncompleteReadError):
            if writer is not None:
                writer.close()
            return 0


async def _closed(port: int, heads: dict[str, str], seconds: float, kind: str) -> float:
    """Requests of a class answered well a second when ASKING of them wait for their answers."""
    good, until, line = 0, time.perf_counter() + seconds, Line(port)

    async def one() -> None:
        nonlocal good
        while time.perf_counter() < until:
            answered = await line.ask(kind, heads)
            good += answered == 200  # not `good += await …`: that adds to what was there before the wait

    await asyncio.gather(*(one() for _ in range(ASKING)))
    return good / seconds


async def _open(port: int, heads: dict[str, str], rate: float, seconds: float) -> dict[str, Seen]:
    """Requests on a timetable of random gaps (Poisson), never waiting for an answer."""
    chance, line = random.Random(2), Line(port)
    seen = {"machine": Seen(), "staff": Seen()}
    tasks: list[asyncio.Task[Any]] = []
    begins = time.perf_counter()
    due = 0.0

    async def one(kind: str, moment: float) -> None:
        seen[kind].late.append(time.perf_counter() - begins - moment)
        status = await line.ask(kind, heads)
        took = time.perf_counter() - begins - moment
        if status == 200:
            seen[kind].good.append(took)
        elif status == 503:
            seen[kind].refused.append(took)
        else:
            seen[kind].lost += 1

    while due < seconds:
        due += chance.expovariate(rate)
        ahead = due - (time.perf_counter() - begins)
        if ahead > 0:
            await asyncio.sleep(ahead)
        tasks.append(asyncio.create_task(one(_kind(chance), due)))
    await asyncio.gather(*tasks)
    return seen
