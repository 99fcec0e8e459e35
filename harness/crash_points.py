"""Exhaustive crash points: a process dies at its k-th word to the database, for every k, and the database is before or after.

Run as a module with an installation's settings; prints one JSON document. Each transaction is done once on a twin to learn
what it writes. Then a forked process does it and dies before its 1st, 2nd, … statement, before its commit and right after
it, until one comes through. After each death nothing of it may be there, or all of it; in the end it is done again as a
client or a runner would, and what is there must be exactly what the twin wrote.

Points: `all`, or a number: that many spread over the transaction, the last four among them.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

DEAD = 9
SLACK = 12
PREFIXES = (
    "cases_",
    "clock_",
    "timeline_",
    "proof_pending",
    "openapi_idempotency",
    "notices_",
    "exchange_",
    "files_",
)


@dataclass
class Transaction:
    """Something to die in. `act(place)` does it to the twin (0) or the victim (1); `settle` does it again afterwards."""

    name: str
    act: Callable[[int], None]
    settle: Callable[[int], None]
    prepare: Callable[[int], None] = lambda place: None
    whole: bool = True
    """One transaction: before or after. Otherwise several, and only `kept` must be so."""
    kept: tuple[str, ...] = PREFIXES


@dataclass
class Told:
    name: str
    points: int = 0
    tried: int = 0
    after_commit: int = 0
    findings: list[str] = field(default_factory=list)


def state(prefixes: tuple[str, ...]) -> tuple[dict[str, int], str]:
    """Rows of each table, and a digest over all of their content."""
    from django.db import connection

    counts, digest = {}, hashlib.sha256()
    with connection.cursor() as cursor:
        tables = sorted(
            name
            for name in connection.introspection.table_names(cursor)
            if name.startswith(prefixes) and name not in SETTLED_ASIDE
        )
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            rows = cursor.fetchall()
            counts[table] = len(rows)
            digest.update(f"{table}{rows}".encode())
    return counts, digest.hexdigest()


SETTLED_ASIDE = {"cases_casecounter"}
"""Kept beside the transaction on purpose (ADR 27): a call that dies leaves a gap in the numbers, and nothing else."""


def grown(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {table: after[table] - before[table] for table in after if after[table] != before[table]}


class Dying:
    """Dies at the k-th point; a point lies before each statement, before each commit and after it."""

    def __init__(self, at: int, tell: int) -> None:
        from django.db import connection

        self.at, self.tell, self.count = at, tell, 0
        commit = connection._commit

        def committing() -> None:
            self.point(b"b")
            commit()
            self.point(b"a")

        connection._commit = committing

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.point(b"s")
        return execute(sql, params, many, context)

    def point(self, kind: bytes) -> None:
        self.count += 1
        if self.count == self.at:
            os.write(self.tell, kind)
            os._exit(DEAD)


def attempt(act: Callable[[int], None], place: int, at: int) -> tuple[bool, bytes, int]:
    """Do it in a process of its own that dies at point `at` (0: never). Whether it died, where, and its points in all.

    The twin runs so as well: what a fresh process and its fresh connection ask first is among the points of both.
    """
    from django.db import connection, connections

    connections.close_all()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            dying = Dying(at, writing)
            with connection.execute_wrapper(dying):
                act(place)
            os.write(writing, f"{dying.count}".encode())
            code = 0
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        said = stream.read()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code not in (0, DEAD):
        raise RuntimeError(f"ended with {code}")
    return code == DEAD, said, 0 if code == DEAD else int(said)


def spread(most: int, points: str) -> list[int]:
    if points == "all" or int(points) >= most:
        return list(range(1, most + 1))
    step = most / int(points)
    return sorted(
        {max(1, round(step * n)) for n in range(1, int(points) + 1)} | set(range(most - 3, most + 1))
    )


def tried(work: Transaction, points: str) -> Told:
    told = Told(work.name)
    work.prepare(0)
    before, _digest = state(PREFIXES)
    _died, _where, told.points = attempt(work.act, 0, 0)
    wanted = grown(before, state(PREFIXES)[0])
    kept = {table: number for table, number in wanted.items() if table.startswith(work.kept)}
    work.prepare(1)
    whole_start = state(PREFIXES)[0]
    start, untouched = state(work.kept)
    # Behind the twin's last point: what a process keeps for some seconds and must ask again adds a statement now and then.
    for at in (*spread(told.points, points), *range(told.points + 1, told.points + SLACK)):
        died, where, _all = attempt(work.act, 1, at)
        told.tried += 1
        now, digest = state(work.kept)
        if digest == untouched:
            if not died:
                told.findings.append(f"came through at point {at} and left nothing")
                break
            continue
        told.after_commit += died and where == b"a"
        if died and where != b"a" and work.whole:
            told.findings.append(f"dead before point {at}, yet {grown(start, now)} is there")
        if grown(start, now) != kept:
            told.findings.append(f"dead at point {at}: {grown(start, now)} instead of {kept}")
        break  # it is done: later points are those of a repetition
    else:
        told.findings.append(f"no end after {told.tried} points")
    work.settle(1)
    now, digest = state(PREFIXES)
    if grown(whole_start, now) != wanted:
        told.findings.append(f"in the end {grown(whole_start, now)} instead of {wanted}")
    work.settle(1)
    if state(PREFIXES)[1] != digest:
        told.findings.append("doing it once more changed something")
    return told


def transactions() -> list[Transaction]:
    """The critical ones, each prepared for a twin and a victim."""
    from django.test import Client

    from zhengxiao.backbone.cases.testing import case_world
    from zhengxiao.lib.actors import SYSTEM, Role
    from zhengxiao.surfaces.openapi.services import client_register, token_issue

    now = datetime.now(UTC)
    world = case_world()
    tokens = {}
    for role in (Role.WINDOW_CLERK, Role.APPROVER):
        scopes = ["cases.view", "cases.receive", "cases.accept", "cases.decide", "cases.review"]
        client = client_register(
            name=role.value,
            owner=world.org.market,
            user=world.org.users[role],
            scopes=scopes,
            actor=SYSTEM,
            at=now,
        )
        tokens[role] = token_issue(client=client, days=2, actor=SYSTEM, at=now)[1]

    def post(role: Role, path: str, data: dict[str, Any], key: str) -> None:
        headers = {"Authorization": f"Bearer {tokens[role]}", "Idempotency-Key": key}
        answer = Client().post(
            f"/api/v1{path}", json.dumps(data), content_type="application/json", headers=headers
        )
        assert answer.status_code < 300, answer.content.decode()

    hour = timedelta(hours=1)
    received = [world.receive(at=now - hour).number for _ in range(2)]
    accepted = [world.accepted(at=now - hour).number for _ in range(3)]
    materials = [{"name": "申请表"}]
    intake = {
        "item": world.item.code, "applicant_name": "示例企业", "window": "A-MARKET-W1", "materials": materials,
    }  # fmt: skip
    grant = {"data": {"result_no": "示许准〔2026〕1 号"}}

    def receive(place: int) -> None:
        post(Role.WINDOW_CLERK, "/cases", intake, f"receive-{place}")

    def accept(place: int) -> None:
        post(Role.WINDOW_CLERK, f"/cases/{received[place]}/moves/accept", {"data": {}}, f"accept-{place}")

    def decide(place: int) -> None:
        post(Role.APPROVER, f"/cases/{accepted[place]}/moves/grant", grant, f"grant-{place}")

    receive(2)  # what is installed on first use is there before anything is counted
    decide(2)
    return [
        Transaction("receive a case", receive, receive),
        Transaction("accept with two clocks", accept, accept),
        Transaction("decide", decide, decide),
        *of_runners(world, now),
        import_batch(now),
    ]


def of_runners(world: Any, now: datetime) -> list[Transaction]:
    """The sweep that finds an application overdue, and the delivery through which the law accepts it."""
    from zhengxiao.kernel.clock.api import sweep
    from zhengxiao.kernel.jobs.bulk import FEW
    from zhengxiao.kernel.timeline.api import Delivery, deliver_due

    def overdue(place: int) -> None:
        world.receive(at=now - timedelta(days=20), applicant_name=f"示例企业 {place}")

    def many_overdue(place: int) -> None:
        """So many that their facts are written as many rows are: keys reserved first, then the rows."""
        for number in range(FEW + 1):
            overdue(place * 100 + number)

    def next_is_the_law() -> bool:
        first = Delivery.objects.filter(state="waiting").order_by("not_before", "id").first()
        return first is not None and first.subscriber == "cases.deem_accepted"

    def owed(place: int) -> None:
        while deliver_due(at=now, limit=500).done:
            pass
        overdue(place)
        sweep(at=now)
        while not next_is_the_law():
            deliver_due(at=now, limit=1)

    def swept(place: int) -> None:
        sweep(at=now)

    def delivered(place: int) -> None:
        if next_is_the_law():
            deliver_due(at=now, limit=1)

    return [
        Transaction("sweep", swept, swept, many_overdue),
        Transaction("deemed acceptance", delivered, delivered, owed),
    ]


def import_batch(now: datetime) -> Transaction:
    """Three rows of a file: the run is opened, brought in and closed in transactions of their own."""
    from zhengxiao.kernel.exchange.api import profile_load, run_import
    from zhengxiao.lib.actors import SYSTEM

    columns = "办件编号,事项编码,事项名称,部门,申请人,办理摘要,收件时间,受理时间,办结时间,状态,文书号,理由,法定时限,承诺时限"

    def bring_in(place: int) -> None:
        day = now.date()
        rows = [
            f"{place}-{n},,占道经营许可,市城管局,甲{n},,{day} 09:00:00,{day} 09:30:00,,受理,,,20,10"
            for n in range(3)
        ]
        path = Path(os.environ["ZX_HOME"]) / f"feed-{place}.csv"
        path.write_text("\n".join([columns, *rows, ""]), encoding="utf-8")
        run_import(profile=profile_load("case-table"), path=path, dry_run=False, actor=SYSTEM, at=now)

    def again(place: int) -> None:
        from zhengxiao.kernel.exchange.api import ImportRun

        if ImportRun.objects.exclude(state="done").exists():
            bring_in(place)

    bring_in(9)  # the units and the item of the feed are there
    kept = ("cases_", "clock_", "timeline_", "exchange_sourcerecord")
    return Transaction("import batch", bring_in, again, whole=False, kept=kept)


def main() -> None:
    points = sys.argv[1]
    wanted = set(sys.argv[2:])
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", interactive=False, verbosity=0)
    told = []
    for work in transactions():
        if wanted and work.name not in wanted:
            continue
        told.append(tried(work, points))
    print(json.dumps([vars(one) for one in told], ensure_ascii=False))


if __name__ == "__main__":
    main()
