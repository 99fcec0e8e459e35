"""One chaos: start, prepare, let clients work, kill, let things settle, and judge."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from harness.chaos.card_clients import answer_cards
from harness.chaos.clients import Shared, feed, live
from harness.chaos.order_clients import follow_orders
from harness.chaos.publicity_clients import publish
from harness.cluster import Cluster, children
from harness.installation import Installation, Process
from harness.laid_out import ADDRESS, LaidOut

WEB, CHILD, RUNNER, DATABASE = "web", "web process", "runner", "database"
AIMS = ("clock.sweep", "timeline.deliver", "proof.sequence", "proof.checkpoint")


@dataclass
class Plan:
    """What is to be done. The seed decides who is killed, when, and what clients do."""

    kills: int
    database_kills: int = 0
    seed: int = 0
    clients: int = 5
    rows: int = 250
    say: Callable[[str], object] = print


@dataclass
class Outcome:
    """What happened and what was found."""

    vendor: str
    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    aimed: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    recovery: list[float] = field(default_factory=list)
    unanswered: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        names = ("vendor", "seed", "seconds", "unanswered", "counts", "findings")
        kills = {"kills": dict(self.kills), "aimed": dict(self.aimed)}
        worst = {"slowest_recovery": round(max(self.recovery, default=0.0), 1)}
        return {name: getattr(self, name) for name in names} | kills | worst


class Chaos:
    """The processes of one installation and the hand that kills them."""

    def __init__(self, plan: Plan, installation: Installation, cluster: Cluster | None) -> None:
        self.plan = plan
        self.here = installation
        self.cluster = cluster
        self.chance = random.Random(plan.seed)
        self.outcome = Outcome(installation.vendor, plan.seed)
        self.web: Process | None = None
        self.runners: list[Process] = []

    def start(self) -> dict[str, Any]:
        spread = max(20, self.plan.kills)
        words = ("-m", "harness.chaos.prepare", "120", str(4 * spread), str(spread))
        made: dict[str, Any] = json.loads(self.here.python(*words))
        self.web = self.here.serve()
        self.here.wait_until_it_answers()
        self.runners = [self.here.work(), self.here.work_again()]
        return made

    def schedule(self) -> list[str]:
        """Who is killed, in an order that the seed decides."""
        plain = [WEB, *[CHILD] * 3, *[RUNNER] * 6]
        kinds = [self.chance.choice(plain) for _ in range(self.plan.kills)]
        for place in self.chance.sample(range(len(kinds) + 1), min(self.plan.database_kills, len(kinds) + 1)):
            kinds.insert(place, DATABASE)
        return kinds

    def kill(self, kind: str) -> None:
        """Wait for a process of that kind that has started, let it work for a random while, kill it, start the next."""
        if kind == DATABASE:
            time.sleep(self.chance.uniform(0.05, 1.0))
            self._kill_database()
        elif kind == RUNNER:
            self.serve_on()
            self._kill_runner()
        else:
            self._kill_web(whole=kind == WEB)
        self.outcome.kills[kind] += 1

    def _kill_runner(self) -> None:
        _wait(lambda: any(runner.ready for runner in self.runners))
        ready = [place for place, runner in enumerate(self.runners) if runner.ready] or [0]
        place = self.chance.choice(ready)
        runner = self.runners[place]
        if self.chance.random() < 0.6:
            self._aim(runner, self.chance.choice(AIMS))
        else:
            time.sleep(self.chance.uniform(0.0, 0.8))
        runner.kill()
        self.runners[place] = self.here.work_again()

    def _aim(self, runner: Process, name: str) -> None:
        """Ask for the schedule now and wait until a runner is at it, then a moment longer."""
        ask(
            self.here,
            f"UPDATE jobs_schedulerun SET next_at = '2020-01-01 00:00:00+00:00' WHERE name = '{name}'",
        )
        held = f"SELECT runner FROM jobs_schedulerun WHERE name = '{name}' AND lease_until IS NOT NULL"

        def at_it() -> bool:
            found = ask(self.here, held)
            return bool(found) and found[0][0].endswith(f"-{runner.popen.pid}")

        if _wait(at_it, 1.2, rest=0.002):
            self.outcome.aimed[name] += 1
            time.sleep(self.chance.uniform(0.0, 0.06))

    def _kill_web(self, *, whole: bool) -> None:
        assert self.web is not None
        _wait(self._answers)
        time.sleep(self.chance.uniform(0.0, 0.6))
        served = self.web
        below = children(served.popen.pid)
        if whole or not below:
            served.kill()
            self.web = self.here.serve()
        else:
            kill_quietly(self.chance.choice(below))

    def _answers(self) -> bool:
        self.serve_on()
        return self.here.answers()

    def _kill_database(self) -> None:
        assert self.cluster is not None
        begins = time.monotonic()
        self.cluster.kill()
        self.cluster.start()
        _wait(lambda: writes(self.here), 60)
        self.outcome.recovery.append(time.monotonic() - begins)

    def serve_on(self) -> None:
        """Start the pages again where a killed process of theirs has ended them all: what a service manager does."""
        if self.web is None or not self.web.alive:
            self.web = self.here.serve()

    def settle(self, seconds: float = 150) -> datetime:
        """Until nothing is owed any more: facts delivered, jobs done, entries in the tree, every light told."""
        self.serve_on()
        swept_after = datetime.now(UTC)
        query = (
            "SELECT (SELECT count(*) FROM timeline_delivery WHERE state = 'waiting')"
            " + (SELECT count(*) FROM jobs_job WHERE state IN ('queued', 'running'))"
            " + (SELECT count(*) FROM proof_pendingleaf)"
            " + (SELECT count(*) FROM clock_clock WHERE stopped_at IS NULL AND next_look_at <= "
            f"'{swept_after:%Y-%m-%d %H:%M:%S}+00')"
        )
        if not _wait(lambda: ask(self.here, query) == [(0,)], seconds, rest=0.3):
            self.outcome.findings.append(f"still owed after {seconds:.0f} s: {ask(self.here, query)}")
        return swept_after

    def stop(self) -> None:
        for process in [*self.runners, *([self.web] if self.web else [])]:
            code = process.stop()
            if code not in {0, -15, 143}:
                self.outcome.findings.append(f"{process.kind} ended with {code} on SIGTERM")


def kill_quietly(pid: int) -> None:
    import os
    import signal
    from contextlib import suppress

    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _wait(holds: Callable[[], bool], seconds: float = 60, *, rest: float = 0.05) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(rest)
    return False


def ask(here: Installation, query: str) -> list[Any]:
    """A statement of the harness itself, on a connection of its own; nothing when the database is away or busy."""
    try:
        if here.vendor == "sqlite":
            import sqlite3

            database = sqlite3.connect(here.home / "zhengxiao.sqlite3", timeout=5, isolation_level=None)
            try:
                return database.execute(query).fetchall()
            finally:
                database.close()
        import psycopg

        with psycopg.connect(here.database, autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(query)
            return cursor.fetchall() if cursor.description else []
    except Exception:
        return []


def writes(here: Installation) -> bool:
    """Whether the pages reach the database again, without having been started anew."""
    import http.client

    asked = http.client.HTTPConnection("127.0.0.1", here.port, timeout=3)
    try:
        asked.request("GET", "/readyz")
        told = json.loads(asked.getresponse().read())
        return any(check == {"name": "database", "state": "ok"} for check in told["checks"])
    except (OSError, ValueError, http.client.HTTPException):
        return False
    finally:
        asked.close()


@contextmanager
def place(vendor: str, laid_out: LaidOut | None = None) -> Iterator[tuple[Installation, Cluster | None]]:
    """An empty installation on a database of its own, up to date if copied from `laid_out`; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="zx-chaos-"))
    cluster = None
    try:
        if vendor == "postgresql":
            cluster = Cluster(laid_out.cluster() if laid_out else None)
            cluster.start()
            here = Installation(folder, cluster.url() if laid_out else cluster.create())
        else:
            here = Installation(laid_out.home(folder) if laid_out else folder, ADDRESS)
        try:
            yield here, cluster
        finally:
            here.kill_all()
    finally:
        if cluster is not None:
            cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)


def chaos(vendor: str, plan: Plan, laid_out: LaidOut | None = None) -> Outcome:
    """Do it, and judge. Raises NoPostgres where there is no PostgreSQL."""
    with place(vendor, laid_out) as (here, cluster):
        hand = Chaos(plan, here, cluster)
        made = hand.start()
        shared = Shared(here.port, made["tokens"], made["item"])
        threads = [
            threading.Thread(target=live, args=(shared, plan.seed * 100 + number), daemon=True)
            for number in range(plan.clients)
        ]
        threads.append(threading.Thread(target=feed, args=(shared, plan.seed, plan.rows), daemon=True))
        threads += [
            threading.Thread(target=work, args=(shared, plan.seed), daemon=True)
            for work in (answer_cards, follow_orders, publish)
        ]
        begins = time.monotonic()
        for thread in threads:
            thread.start()
        try:
            order = hand.schedule()
            for number, kind in enumerate(order, 1):
                hand.kill(kind)
                if number % 10 == 0 or number == len(order):
                    plan.say(f"{vendor}: {number}/{len(order)} kills, {time.monotonic() - begins:.0f} s")
        finally:
            shared.stop.set()
        _finish(hand, shared, threads)
        hand.outcome.seconds = round(time.monotonic() - begins, 1)
        return hand.outcome


def _finish(hand: Chaos, shared: Shared, threads: list[threading.Thread]) -> None:
    """Clients bring their last call to an end; then everything owed is done; then the processes end and are judged."""
    until = time.monotonic() + 90
    while any(thread.is_alive() for thread in threads) and time.monotonic() < until:
        hand.serve_on()
        time.sleep(0.2)
    shared.give_up.set()
    for thread in threads:
        thread.join(20)
    outcome = hand.outcome
    swept_after = hand.settle()
    hand.stop()
    told = {
        "record": [asdict(operation) for operation in shared.record],
        "races": shared.races,
        "receipts": shared.receipts,
        "swept_after": (swept_after - timedelta(seconds=1)).isoformat(),
    }
    judged = json.loads(hand.here.python("-m", "harness.chaos.audit", given=json.dumps(told)))
    outcome.counts = judged["counts"]
    outcome.unanswered = shared.unanswered
    outcome.findings += judged["findings"]
    verified = hand.here.zx("verify", code=None)
    if not verified or not verified["clean"]:
        told_of = {name: (verified or {}).get(name) for name in ("size", "waiting", "counts")}
        first = ((verified or {}).get("findings") or [])[:5]
        outcome.findings.append(f"zx verify: {told_of} {first}")
        outcome.findings += hand.here.python("-m", "harness.chaos.uncovered", code=None).splitlines()[:40]
    if not outcome.counts.get("acknowledged"):
        outcome.findings.append("nothing was acknowledged: nothing was tried")
