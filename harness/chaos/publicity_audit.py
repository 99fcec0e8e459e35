"""Double publicity after a chaos: one duty for each licence, one line for each report, each answer kept and told once."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from harness.chaos.step_audit import Told, leads_on, steps, told_of

if TYPE_CHECKING:
    from harness.chaos.audit import Audit

FACTS = {
    "change": "disclosures.content_changed",
    "revoke": "disclosures.revoked",
    "withdraw": "disclosures.withdrawn",
}
STATES = {"due", "reported", "received", "rejected", "revoked", "withdrawn"}


def publicity(audit: Audit, told: dict[str, Any]) -> None:
    facts = told_of("disclosure")
    duties(audit, facts)
    reports(audit, told["record"], facts)
    answers(audit, told, facts)
    calls = []
    for call in told["record"]:
        parts = call["path"].strip("/").split("/")
        if parts[0] == "disclosures" and len(parts) > 2:
            calls.append((int(parts[1]), parts[-1], call))
    audit.counts["steps of publicity"] = steps(audit, calls, FACTS, facts)


def duties(audit: Audit, facts: Told) -> None:
    """Each licence granted here opened one duty with one clock and one first content; nothing else opened any."""
    from zhengxiao.backbone.cases.models import Case
    from zhengxiao.kernel.clock.api import Clock
    from zhengxiao.mechanisms.disclosures.models import Content, Disclosure

    have = Counter(Disclosure.objects.values_list("case_id", flat=True))
    contents: dict[int, list[int]] = defaultdict(list)
    for disclosure, number in Content.objects.order_by("number").values_list("disclosure_id", "number"):
        contents[disclosure].append(number)
    clocks = Counter(
        Clock.objects.filter(subject_kind="disclosure", rule__code="disclosures.publicity").values_list(
            "subject_id", flat=True
        )
    )
    granted = set(Case.objects.filter(result="granted").values_list("pk", flat=True))
    for case in granted | set(have):
        audit.need(have[case] == (case in granted), f"case {case}: {have[case]} duties")
    for row in Disclosure.objects.iterator():
        mine = facts[row.pk]
        counted = Counter(fact for fact, _data in mine)
        name = f"publicity {row.number}"
        audit.need(counted["disclosures.owed"] == 1, f"{name}: owed {counted['disclosures.owed']}×")
        audit.need(clocks[row.pk] == 1, f"{name}: {clocks[row.pk]} clocks")
        audit.need(contents[row.pk] == list(range(1, row.revision + 1)), f"{name}: {contents[row.pk]}")
        changed = counted["disclosures.content_changed"]
        audit.need(changed == row.revision - 1, f"{name}: changed {changed}×, revision {row.revision}")
        audit.need(row.state in STATES, f"{name}: {row.state}")
        leads_on(audit, name, "due", row.state, mine)
    audit.counts["duties"] = sum(have.values())


def reports(audit: Audit, record: list[dict[str, Any]], facts: Told) -> None:
    """Each batch is whole: its lines one after the other, each with the fact of its record; none reported twice."""
    import json

    from zhengxiao.mechanisms.disclosures.models import ReportBatch, ReportLine

    lines: dict[int, list[int]] = defaultdict(list)
    of_record: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for batch, line, disclosure, number in ReportLine.objects.order_by("batch_id", "line").values_list(
        "batch_id", "line", "disclosure_id", "batch__number"
    ):
        lines[batch].append(line)
        of_record[disclosure].append((number, line))
    told = told_of("disclosure_batch")
    sizes = {}
    for row in ReportBatch.objects.iterator():
        sizes[row.number] = row.count
        audit.need(lines[row.pk] == list(range(1, row.count + 1)), f"batch {row.number}: {lines[row.pk]}")
        times = sum(fact == "disclosures.batch_reported" for fact, _data in told[row.pk])
        audit.need(times == 1, f"batch {row.number}: told {times}×")
    for disclosure, mine in facts.items():
        said = [(data["batch"], data["line"]) for fact, data in mine if fact == "disclosures.reported"]
        audit.need(
            said == of_record[disclosure], f"record {disclosure}: told {said}, lines {of_record[disclosure]}"
        )
    for call in record:
        if call["path"] != "/disclosures/report" or not 200 <= call["status"] < 300:
            continue
        answer = json.loads(call["answer"])
        if answer["batch"]:
            there = sizes.get(answer["batch"])
            audit.need(there == answer["reported"], f"batch {answer['batch']}: {there}, answered {answer}")
    audit.counts |= {"batches": len(sizes), "reported": sum(sizes.values())}


def answers(audit: Audit, told: dict[str, Any], facts: Told) -> None:
    """Every line of a file that was taken is kept once, belongs to its record, and moved it at most once."""
    from zhengxiao.mechanisms.disclosures.models import Disclosure, UpperRecord

    kept = {row.receipt_no: row for row in UpperRecord.objects.all()}
    have = Counter(UpperRecord.objects.values_list("receipt_no", flat=True))
    said = Counter(
        subject
        for subject, mine in told_of("upper_record").items()
        for fact, _d in mine
        if "answer_kept" in fact
    )
    states = dict(Disclosure.objects.values_list("pk", "state"))
    moved: Counter[str] = Counter()
    for mine in facts.values():
        for fact, data in mine:
            if fact in {"disclosures.received", "disclosures.rejected"}:
                moved[data["receipt"]] += 1
    by_key = {call["key"]: call for call in told["record"]}
    for key, receipts in told["receipts"].items():
        done = 200 <= by_key[key]["status"] < 300
        for receipt, disclosure in receipts.items():
            audit.need(
                have[receipt] == 1 if done else have[receipt] <= 1, f"receipt {receipt}: {have[receipt]}×"
            )
            row = kept.get(receipt)
            if row is None:
                continue
            audit.need(row.disclosure_id == disclosure, f"receipt {receipt}: with record {row.disclosure_id}")
            audit.need(said[row.pk] == 1, f"receipt {receipt}: told {said[row.pk]}×")
            audit.need(moved[receipt] <= 1, f"receipt {receipt}: moved its record {moved[receipt]}×")
            audit.need(
                states[disclosure] != "reported", f"record {disclosure}: answered, still only reported"
            )
    audit.counts["receipts"] = sum(have.values())
