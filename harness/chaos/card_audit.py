"""Cards after a chaos: one per level and clock, none missing, at the legal moment; what was answered stands, once."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.chaos.audit import Audit

FACTS = {
    "explain": "supervision.card_explained",
    "appeal": "supervision.card_appealed",
    "lift": "supervision.card_lifted",
    "uphold": "supervision.card_upheld",
}
ORDER = ("blue", "yellow", "red")
GONE = {"lifted", "withdrawn"}


def cards(audit: Audit, record: list[dict[str, Any]]) -> None:
    from zhengxiao.kernel.clock.api import Clock, ClockRung
    from zhengxiao.kernel.timeline.api import Entry
    from zhengxiao.mechanisms.supervision.models import Card

    facts: dict[int, Counter[str]] = defaultdict(Counter)
    for subject, fact in Entry.objects.filter(subject_kind="card").values_list("subject_id", "fact"):
        facts[subject][fact] += 1
    moments = {
        (data["clock_id"], data["level"]): at
        for at, data in Entry.objects.filter(fact__in=["clock.warned", "clock.breached"]).values_list(
            "at", "data"
        )
    }
    have = Counter(Card.objects.values_list("clock_id", "level"))
    ticking = Clock.objects.filter(kind="procedure", stopped_at=None, subject_kind="case")
    for reached in ClockRung.objects.filter(clock__in=ticking).values_list("clock_id", "level"):
        audit.need(have[reached] == 1, f"clock {reached[0]}: {have[reached]} {reached[1]} cards")
    chains: dict[str, list[Card]] = defaultdict(list)
    for card in Card.objects.iterator():
        key = (card.clock_id, card.level)
        audit.need(have[key] == 1, f"card {card.number}: {have[key]} of its level and clock")
        audit.need(facts[card.pk]["supervision.card_issued"] == 1, f"card {card.number}: not issued once")
        if card.clock_id is not None and key in moments:
            audit.need(card.at == moments[key], f"card {card.number}: at {card.at}, reached {moments[key]}")
        chains[card.chain].append(card)
    for chain, mine in chains.items():
        alive = [card for card in mine if card.state not in GONE]
        top = max(alive, key=lambda card: ORDER.index(card.level), default=None)
        shown = [card for card in mine if card.highest]
        audit.need(shown == ([top] if top else []), f"chain {chain}: shown {shown}, gravest {top}")
    _answered(audit, record, facts)
    audit.counts["cards"] = sum(have.values())


def _answered(audit: Audit, record: list[dict[str, Any]], facts: dict[int, Counter[str]]) -> None:
    """What was acknowledged stands once; what nobody answered for stands at most once."""
    from zhengxiao.mechanisms.supervision.models import Card

    keys = dict(Card.objects.values_list("number", "pk"))
    done = 0
    for call in record:
        if not call["path"].startswith("/cards/"):
            continue
        _cards, number, _moves, transition = call["path"].strip("/").split("/")
        there = facts[keys.get(number, 0)][FACTS[transition]]
        done += call["status"] == 200
        least = int(call["status"] == 200)
        audit.need(
            least <= there <= 1, f"card {number}: {transition} answered {call['status']}, there {there}×"
        )
    audit.counts["answers to cards"] = done
