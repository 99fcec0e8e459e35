"""Two at once, many times: sweepers, deciders, and verbs of a clock against each other. Run as a module; prints JSON.

Each round starts two processes that wait at a line and then go. Afterwards the database must look as if they had gone one
after the other: no light told twice, none missing, one decision, rows of a clock without a gap and its caches as its rows
say. A refusal of one of the two (or "busy" on SQLite) is lawful; anything else is a finding.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Act = Callable[[], Any]


@dataclass
class Told:
    name: str
    rounds: int = 0
    both: int = 0
    one: int = 0
    findings: list[str] = field(default_factory=list)


def at_once(first: Act, second: Act, lag: float) -> list[str]:
    """Both in processes of their own; what became of each: done, refused, or the name of an error."""
    from django.db import connections

    connections.close_all()
    go_reading, go = os.pipe()
    children = []
    for number, act in enumerate((first, second)):
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(go)
            _run(act, go_reading, writing, lag * number)
        os.close(writing)
        children.append((pid, reading))
    os.close(go_reading)
    os.close(go)  # the line opens
    said = []
    for pid, reading in children:
        with os.fdopen(reading, "rb") as stream:
            said.append(stream.read().decode())
        os.waitpid(pid, 0)
    return said


def _run(act: Act, line: int, tell: int, lag: float) -> None:
    import time

    from django.db import OperationalError, connection

    from zhengxiao.lib.refusals import Refusal

    said = "?"
    try:
        connection.ensure_connection()
        os.read(line, 1)
        time.sleep(lag)
        act()
        said = "done"
    except Refusal as refusal:
        said = f"refused {refusal.code}"
    except OperationalError as error:
        said = f"busy {error}" if "locked" in str(error) else f"error {error}"
    except BaseException as error:
        said = f"error {type(error).__name__}: {error}"
    finally:
        os.write(tell, said.encode())
        os._exit(0)


class Office:
    """What every round needs: the world, and fresh cases."""

    def __init__(self, seed: int) -> None:
        from zhengxiao.backbone.cases.testing import case_world

        self.world = case_world()
        self.now = datetime.now(UTC)
        self.chance = random.Random(seed)

    def lag(self) -> float:
        """From nothing to a few milliseconds: sometimes they meet at the beginning, sometimes at the end."""
        return self.chance.choice((0.0, 0.0, self.chance.uniform(0, 0.02)))

    def move(
        self, case: Any, transition: str, data: dict[str, Any] | None = None, who: str = "approver"
    ) -> Any:
        from zhengxiao.backbone.cases.services import case_move

        actor = getattr(self.world, who)
        return case_move(case_id=case.pk, transition=transition, actor=actor, at=self.now, data=data)


def sweeps(office: Office, rounds: int) -> Told:
    """Two sweepers over the same clocks."""
    from zhengxiao.kernel.clock.api import Clock, ClockRung, sweep
    from zhengxiao.kernel.timeline.api import Entry

    told = Told("sweep, sweep")
    for number in range(rounds):
        at = office.now - timedelta(days=20)
        cases = [office.world.receive(at=at, applicant_name=f"示例{number}-{n}") for n in range(3)]
        run = lambda: sweep(at=office.now)  # noqa: E731
        said = at_once(run, run, office.lag())
        _count(told, said)
        if "done" not in said:
            continue
        mine = Clock.objects.filter(subject_kind="case", subject_id__in=[case.pk for case in cases])
        keys = set(mine.values_list("pk", flat=True))
        rungs = Counter(ClockRung.objects.filter(clock__in=keys).values_list("clock_id", "level"))
        facts = Counter(
            (data["clock_id"], data["level"])
            for data in Entry.objects.filter(
                fact__in=["clock.warned", "clock.breached"], subject_id__in=[case.pk for case in cases]
            ).values_list("data", flat=True)
        )
        wanted = Counter((key, level) for key in keys for level in ("yellow", "red"))
        if rungs != wanted or facts != wanted:
            told.findings.append(f"round {number}: {rungs} and {facts} instead of {wanted}")
    return told


def decisions(office: Office, rounds: int) -> Told:
    """Two people decide the same case."""
    from zhengxiao.backbone.cases.models import Case
    from zhengxiao.kernel.timeline.api import Entry

    told = Told("decide, decide")
    deny = {"result_no": "示许否〔2026〕1 号", "reason": "不符合条件", "remedies": "复议。"}
    for number in range(rounds):
        case = office.world.accepted(at=office.now - timedelta(hours=1))
        said = at_once(
            lambda case=case: office.move(case, "grant", {"result_no": "示许准〔2026〕1 号"}),
            lambda case=case: office.move(case, "deny", deny),
            office.lag(),
        )
        _count(told, said)
        decided = Entry.objects.filter(fact="cases.decided", subject_id=case.pk).count()
        state = Case.objects.get(pk=case.pk).state
        lawful = {("done", 0): "granted", ("done", 1): "denied"}
        winner = [place for place, words in enumerate(said) if words == "done"]
        if len(winner) > 1 or decided != len(winner) or (winner and state != lawful["done", winner[0]]):
            told.findings.append(f"round {number}: {said}, {state}, decided {decided} times")
        _sound(told, number, case)
    return told


def against_sweep(office: Office, rounds: int, name: str) -> Told:
    """A verb of the case against the sweep that warns of its clocks."""
    from zhengxiao.kernel.clock.api import sweep

    told = Told(f"{name}, sweep")
    suspend = {"kind": "expert_review", "reason": "评审", "expected_days": 5, "notice_no": "示特〔2026〕1 号"}
    for number in range(rounds):
        case = office.world.accepted(at=office.now - timedelta(days=11))
        if name == "extend":
            office.move(case, "request_extension", {"amount": 3, "reason": "疑难"})
            verb = lambda case=case: office.move(case, "approve_extension", {"document_no": "示延 1"}, "head")  # noqa: E731
        else:
            verb = lambda case=case: office.move(case, "suspend", suspend)  # noqa: E731
        _count(told, at_once(verb, lambda: sweep(at=office.now), office.lag()))
        _sound(told, number, case)
    return told


def _count(told: Told, said: list[str]) -> None:
    told.rounds += 1
    done = said.count("done")
    told.both += done == 2
    told.one += done == 1
    told.findings += [words for words in said if words.startswith(("error", "?"))]


def _sound(told: Told, number: int, case: Any) -> None:
    """Rows of each clock are numbered without a gap, and its caches are what its rows give."""
    from zhengxiao.kernel.clock.api import Clock
    from zhengxiao.kernel.clock.projecting import caches, rows_of, table_of

    for clock in Clock.objects.select_related("rule").filter(subject_kind="case", subject_id=case.pk):
        numbers = sorted(clock.rows.values_list("number", flat=True))
        if numbers != list(range(1, clock.revision + 1)):
            told.findings.append(f"round {number}: rows {numbers} at revision {clock.revision}")
        if clock.stopped_at is not None:
            continue
        fresh = caches(clock, table_of(clock), rows_of(clock), clock.fired)
        stale = {
            name: (getattr(clock, name), value)
            for name, value in fresh.items()
            if getattr(clock, name) != value
        }
        if stale:
            told.findings.append(f"round {number}: caches {stale}")
        levels = Counter(clock.rungs.values_list("level", flat=True))
        if any(times > 1 for times in levels.values()):
            told.findings.append(f"round {number}: {levels}")


def main() -> None:
    rounds, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    office = Office(seed)
    few = max(5, rounds // 5)
    told = [
        sweeps(office, rounds),
        decisions(office, few),
        against_sweep(office, few, "suspend"),
        against_sweep(office, few, "extend"),
    ]
    print(json.dumps([{**vars(one), "seed": seed} for one in told], ensure_ascii=False))


if __name__ == "__main__":
    main()
