"""What the audits of mechanisms share: moves that were acknowledged, and states that lead on from one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.chaos.audit import Audit

Told = Mapping[int, list[tuple[str, dict[str, Any]]]]
"""Subject → its facts in order, each with its data."""


def told_of(kind: str) -> Told:
    from zhengxiao.kernel.timeline.api import Entry

    found: dict[int, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    rows = Entry.objects.filter(subject_kind=kind).order_by("pk")
    for subject, fact, data in rows.values_list("subject_id", "fact", "data"):
        found[subject].append((fact, data))
    return found


def steps(
    audit: Audit, calls: Iterable[tuple[Any, str, dict[str, Any]]], facts: Mapping[str, str], told: Told
) -> int:
    """`calls`: (subject, verb, call). What was acknowledged is there as often; what nobody answered for may be there besides."""
    wanted: dict[Any, Counter[str]] = defaultdict(Counter)
    open_: dict[Any, Counter[str]] = defaultdict(Counter)
    for subject, verb, call in calls:
        if 200 <= call["status"] < 300:
            wanted[subject][facts[verb]] += 1
        elif not call["status"]:
            open_[subject][facts[verb]] += 1
    for subject, counted in wanted.items():
        have = Counter(fact for fact, _data in told.get(subject, ()))
        for fact, times in counted.items():
            most = times + open_[subject][fact]
            audit.need(
                times <= have[fact] <= most,
                f"{subject}: {fact} acknowledged {times}×, there {have[fact]}×",
            )
    return sum(sum(counted.values()) for counted in wanted.values())


def leads_on(
    audit: Audit, name: str, begins: str, state: str, mine: list[tuple[str, dict[str, Any]]]
) -> None:
    """Each move begins where the one before ended, and the last one ends where the row stands."""
    at = begins
    for fact, data in mine:
        if "to_state" in data:
            audit.need(data["from_state"] == at, f"{name}: {fact} from {data['from_state']} in {at}")
            at = data["to_state"]
    audit.need(at == state, f"{name}: facts say {at}, the row {state}")
