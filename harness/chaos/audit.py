"""Hold what clients were told against what the database holds. Run as a module with the installation's settings.

Reads the record of the clients as JSON from standard input and prints {"counts": …, "findings": […]}. Nothing here is
taken from the code that did the work: each rule is written down again.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

from harness.chaos.card_audit import cards
from harness.chaos.order_audit import orders
from harness.chaos.publicity_audit import publicity

RUNNING = {
    "received": {"intake"},
    "supplementing": {"supplement"},
    "accepted": {"promised", "statutory"},
    "reviewing": {"promised", "statutory"},
    "suspended": {"promised", "statutory", "procedure"},
    "granted": {"delivery"},
    "denied": {"delivery"},
    "delivered": set(),
    "withdrawn": set(),
}
KINDS = {"intake", "supplement", "promised", "statutory", "procedure", "delivery"}
FACTS = {
    "accept": "cases.accepted",
    "start_review": "cases.review_started",
    "grant": "cases.decided",
    "deny": "cases.decided",
    "deliver": "cases.delivered",
    "ask_supplement": "cases.supplement_asked",
    "file_supplement": "cases.supplement_filed",
    "suspend": "cases.suspended",
    "resume": "cases.resumed",
    "request_extension": "cases.extension_requested",
    "approve_extension": "cases.extended",
    "withdraw": "cases.withdrawn",
}
ELSEWHERE = ("/cards/", "/supervision-orders/", "/disclosures/")
"""Judged by an audit of their own."""
ROW_FACTS = {
    "start": "clock.started",
    "pause": "clock.paused",
    "resume": "clock.resumed",
    "extend": "clock.extended",
    "stop": "clock.stopped",
    "hand_over": "clock.handed_over",
}


class Audit:
    """Findings as they are made, the first hundred in words."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.number = 0
        self.counts: dict[str, int] = {}

    def need(self, holds: object, words: str) -> None:
        if not holds:
            self.number += 1
            if len(self.words) < 100:
                self.words.append(words)


def main() -> None:
    told = json.load(sys.stdin)
    import django

    django.setup()
    audit = Audit()
    facts = facts_by_case()
    acknowledged(audit, told["record"], facts)
    races(audit, told)
    cases(audit, facts)
    clocks(audit, datetime.fromisoformat(told["swept_after"]))
    deliveries(audit)
    imports(audit)
    cards(audit, told["record"])
    orders(audit, told["record"])
    publicity(audit, told)
    print(json.dumps({"counts": audit.counts, "number": audit.number, "findings": audit.words}))


def facts_by_case() -> dict[int, list[tuple[str, dict[str, Any]]]]:
    from zhengxiao.kernel.timeline.api import Entry

    found: dict[int, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    rows = Entry.objects.filter(subject_kind="case").order_by("pk")
    for subject, fact, data in rows.values_list("subject_id", "fact", "data"):
        found[subject].append((fact, data))
    return found


def acknowledged(audit: Audit, record: list[dict[str, Any]], facts: Any) -> None:
    """Each answered call has its effect and its stored answer, byte for byte; no call has its effect twice."""
    from zhengxiao.backbone.cases.models import Case
    from zhengxiao.surfaces.openapi.models import IdempotencyKey

    kept = {
        key: (status, body)
        for key, status, body in IdempotencyKey.objects.values_list("key", "status", "body")
    }
    by_summary = Counter(Case.objects.exclude(source_id__gt="").values_list("summary", flat=True))
    numbers = dict(Case.objects.values_list("number", "pk"))
    wanted: dict[str, Counter[str]] = defaultdict(Counter)
    open_: dict[str, Counter[str]] = defaultdict(Counter)
    for call in record:
        done = 200 <= call["status"] < 300
        audit.need(
            not done or kept.get(call["key"]) == (call["status"], call["answer"]), f"answer not kept: {call}"
        )
        if call["path"] == "/cases":
            audit.need(done or not call["status"], f"an application was refused: {call}")
            there = by_summary[call["body"]["summary"]]
            audit.need(there == 1 if done else there <= 1, f"{there} cases for one application: {call}")
            continue
        if call["path"].startswith(ELSEWHERE):
            continue
        if not call["path"].startswith("/cases/"):
            audit.need(done or not call["status"], f"a file was refused: {call}")
            continue
        _cases, number, _moves, transition = call["path"].strip("/").split("/")
        audit.need(number in numbers, f"acknowledged case {number} is not there")
        if done or not call["status"]:
            (wanted if done else open_)[number][FACTS[transition]] += 1
    for number, counted in wanted.items():
        have = Counter(fact for fact, _data in facts[numbers.get(number, 0)])
        for fact, times in counted.items():
            most = times + open_[number][fact]
            audit.need(
                times <= have[fact] <= most, f"{number}: {fact} acknowledged {times}×, there {have[fact]}×"
            )
    audit.counts["acknowledged"] = sum(200 <= call["status"] < 300 for call in record)
    audit.counts["asked again"] = sum(call["tries"] > 1 for call in record)


def races(audit: Audit, told: dict[str, Any]) -> None:
    """Of two decisions at once exactly one was taken; the other was refused."""
    by_key = {call["key"]: call for call in told["record"]}
    for pair in told["races"]:
        statuses = sorted(by_key[key]["status"] for key in pair)
        if 0 not in statuses:
            audit.need(statuses[0] == 200 and 400 <= statuses[1] < 500, f"two decisions at once: {statuses}")
    audit.counts["races"] = len(told["races"])


def cases(audit: Audit, facts: Any) -> None:
    """A case is whole: number, materials, clocks and facts of its state, each fact leading on from the one before."""
    from zhengxiao.backbone.cases.models import Case, CaseMaterial
    from zhengxiao.kernel.clock.api import Clock

    running: dict[int, list[str]] = defaultdict(list)
    for subject, kind in (
        Clock.objects.running().filter(subject_kind="case").values_list("subject_id", "kind")
    ):
        running[subject].append(kind)
    materials = Counter(CaseMaterial.objects.values_list("case_id", flat=True))
    for case in Case.objects.filter(source_id="").iterator():
        mine = facts[case.pk]
        received = [data for fact, data in mine if fact == "cases.received"]
        audit.need(len(received) == 1, f"{case.number}: received {len(received)} times")
        audit.need(received and materials[case.pk] == received[0]["materials"], f"{case.number}: materials")
        kinds = [kind for kind in running[case.pk] if kind in KINDS]
        if case.summary == "prepared ticking":
            kinds = ["intake"] * ("intake" in kinds)  # beside the many clocks that were laid on it
        audit.need(sorted(kinds) == sorted(RUNNING[case.state]), f"{case.number}: {case.state} with {kinds}")
        state = "received"
        for fact, data in mine:
            if "to_state" in data:
                audit.need(
                    data["from_state"] == state, f"{case.number}: {fact} from {data['from_state']} in {state}"
                )
                state = data["to_state"]
        audit.need(state == case.state, f"{case.number}: facts say {state}, the row {case.state}")
        decided = sum(fact == "cases.decided" for fact, _data in mine)
        audit.need(decided <= 1, f"{case.number}: decided {decided} times")
    audit.counts["cases"] = Case.objects.count()


def clocks(audit: Audit, swept_after: datetime) -> None:
    """Rows are numbered without a gap and each has its fact; each light reached has its rung and its fact, once."""
    from zhengxiao.kernel.clock.api import Clock, ClockRow, ClockRung
    from zhengxiao.kernel.timeline.api import Entry

    imported = set(Entry.objects.filter(fact="clock.started").values_list("data__clock_id", flat=True))
    told: Counter[tuple[int, str]] = Counter()
    lights: Counter[tuple[int, str, str]] = Counter()
    for fact, data in Entry.objects.filter(fact__startswith="clock.").values_list("fact", "data"):
        told[data.get("clock_id", 0), fact] += 1
        if fact in {"clock.warned", "clock.breached"}:
            lights[data["clock_id"], data["level"], fact] += 1
    rows: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for clock, number, verb, ground in ClockRow.objects.values_list("clock_id", "number", "verb", "ground"):
        rows[clock].append((number, verb, ground))
    rungs = {
        (c, level): breach
        for c, level, breach in ClockRung.objects.values_list("clock_id", "level", "breach")
    }
    for clock in Clock.objects.iterator():
        mine = sorted(rows[clock.pk])
        if clock.pk in imported:
            numbers = [number for number, _verb, _ground in mine]
            audit.need(numbers == list(range(1, clock.revision + 1)), f"clock {clock.pk}: rows {numbers}")
            verbs = Counter(
                "clock.cap_reached" if ground == "cap_reached" else ROW_FACTS[verb]
                for _n, verb, ground in mine
            )
            for fact, times in verbs.items():
                audit.need(
                    told[clock.pk, fact] == times,
                    f"clock {clock.pk}: {fact} {told[clock.pk, fact]} of {times}",
                )
        for level in ("blue", "yellow", "red"):
            moment = getattr(clock, f"{level}_at")
            due = moment is not None and moment <= swept_after and clock.stopped_at is None
            audit.need(not due or (clock.pk, level) in rungs, f"clock {clock.pk}: no {level} of {moment}")
    for (clock_id, level), breach in rungs.items():
        fact = "clock.breached" if breach else "clock.warned"
        times = lights[clock_id, level, fact]
        audit.need(times == 1, f"clock {clock_id}: {level} told {times} times")
    audit.need(sum(lights.values()) == len(rungs), "more warnings told than reached")
    audit.counts |= {"clocks": Clock.objects.count(), "lights": len(rungs)}


def deliveries(audit: Audit) -> None:
    """Each fact is owed to each listener once, and everything owed was done; what the law did, it did once."""
    from zhengxiao.backbone.cases.models import Case
    from zhengxiao.kernel.jobs.api import Job
    from zhengxiao.kernel.proof.api import waiting_count
    from zhengxiao.kernel.timeline.api import Delivery, Entry, subscribers_of

    have: dict[int, list[str]] = defaultdict(list)
    for entry, subscriber, state in Delivery.objects.values_list("entry_id", "subscriber", "state"):
        have[entry].append(subscriber)
        audit.need(state == "done", f"delivery of {entry} to {subscriber} is {state}")
    for entry, fact in Entry.objects.values_list("pk", "fact"):
        owed = sorted(subscription.name for subscription in subscribers_of(fact))
        audit.need(
            sorted(have.get(entry, [])) == owed, f"entry {entry} ({fact}) delivered to {have.get(entry)}"
        )
    deemed = Counter(Entry.objects.filter(fact="cases.deemed_accepted").values_list("subject_id", flat=True))
    for case in Case.objects.filter(summary__startswith="prepared lapsed"):
        audit.need(
            (case.state, deemed[case.pk]) == ("accepted", 1),
            f"{case.number}: {case.state} by law {deemed[case.pk]}×",
        )
    states = Counter(Job.objects.values_list("state", flat=True))
    audit.need(not set(states) - {"done"}, f"jobs {dict(states)}")
    audit.need(waiting_count() == 0, "entries without a place in the tree")
    audit.counts |= {
        "entries": Entry.objects.count(),
        "deliveries": sum(map(len, have.values())),
        "by law": len(deemed),
    }


def imports(audit: Audit) -> None:
    """Each file handed in came in whole, its rows once; each content is on the disk as its digest says."""
    import hashlib

    from django.conf import settings

    from zhengxiao.backbone.cases.models import Case
    from zhengxiao.kernel.exchange.api import ImportRun
    from zhengxiao.kernel.files.api import StoredFile

    rows = 0
    for run in ImportRun.objects.all():
        audit.need(
            (run.state, run.rejected) == ("done", 0), f"import {run.pk}: {run.state}, {run.rejected} refused"
        )
        rows += run.accepted if run.kind != "receipts" else 0
    there = Case.objects.exclude(source_id="").count()
    audit.need(rows == there, f"{rows} rows came in, {there} cases are there")
    for digest in StoredFile.objects.values_list("digest", flat=True):
        path = Path(settings.MEDIA_ROOT) / digest[:2] / digest[2:4] / digest
        whole = path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest
        audit.need(whole, f"file {digest} is not whole")
    audit.counts |= {"imports": ImportRun.objects.count(), "rows": rows}


if __name__ == "__main__":
    main()
