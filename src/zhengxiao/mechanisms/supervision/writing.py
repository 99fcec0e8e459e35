"""Writing cards: numbers, the highest of each matter, windows of due process and facts, in bulk and in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from zhengxiao.kernel.calendar.api import Term
from zhengxiao.kernel.calendar.api import Unit as TermUnit
from zhengxiao.kernel.clock.api import Start, clocks_start
from zhengxiao.kernel.jobs.api import bulk_insert, reserve_keys
from zhengxiao.kernel.orgs.api import Region
from zhengxiao.kernel.timeline.api import FactRow, Subject, record_many
from zhengxiao.kernel.workflow.api import move
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.refusals import gettext_noop
from zhengxiao.mechanisms.supervision.effects import about_card
from zhengxiao.mechanisms.supervision.models import Card
from zhengxiao.mechanisms.supervision.rules import Windows, is_graver

ISSUED, PENDING, SUPERSEDED = "issued", "pending", "superseded"
STATE_TOLD = {
    ISSUED: gettext_noop("已发出"),
    PENDING: gettext_noop("待监督人员确认"),
    SUPERSEDED: gettext_noop("已有更高的牌，留存备查"),
}


def write_cards(
    drafts: Sequence[tuple[Card, bool]], *, recorded_at: datetime, actor: Actor = SYSTEM
) -> list[Card]:
    """Write unsaved cards in order (card, whether it waits for confirmation); inside the caller's transaction.

    Of each matter the gravest card is the highest, those below are replaced by it. A second card of a level that stands in
    the same matter is left out. Windows begin at `recorded_at`, when the card is told; the facts carry the legal moment.
    """
    tops = _tops(card.chain for card, _ in drafts)
    standing = set(
        Card.objects.filter(chain__in={card.chain for card, _ in drafts})
        .exclude(state__in=("lifted", "withdrawn"))
        .values_list("chain", "level")
    )
    cards: list[Card] = []
    replaced: list[tuple[Card, Card]] = []
    for card, waits in drafts:
        if (card.chain, card.level) in standing:
            continue
        standing.add((card.chain, card.level))
        card.recorded_at = recorded_at
        _place(card, waits, tops, replaced)
        cards.append(card)
    reserve_keys(Card, [card for card in cards if card.pk is None])
    _number(cards)
    _open_windows(cards, recorded_at, actor)
    replaced += _overtaken(cards)
    for lower, higher in replaced:
        lower.superseded_by_id = higher.pk
    born = [pair for pair in replaced if pair[0]._state.adding]
    _step_down([pair for pair in replaced if not pair[0]._state.adding], recorded_at)
    bulk_insert(Card, cards)
    _tell(cards, born, recorded_at, actor)
    return cards


def _tops(chains: Iterable[str]) -> dict[str, Card]:
    return {card.chain: card for card in Card.objects.filter(chain__in=set(chains), highest=True)}


def _place(card: Card, waits: bool, tops: dict[str, Card], replaced: list[tuple[Card, Card]]) -> None:
    """State and rank of a new card beside the highest one of its matter so far."""
    card.highest = False
    top = tops.get(card.chain)
    if waits:
        card.state = PENDING
    elif top is not None and is_graver(top.level, card.level):
        card.state = SUPERSEDED
        replaced.append((card, top))
    else:
        card.state, card.highest = ISSUED, True
        if top is not None:
            replaced.append((top, card))
            if top._state.adding:
                top.state, top.highest = SUPERSEDED, False
        tops[card.chain] = card


def _overtaken(cards: Sequence[Card]) -> list[tuple[Card, Card]]:
    """Cards of earlier runs that still wait for confirmation while a graver one of the matter goes out."""
    tops = {card.chain: card for card in cards if card.highest}
    waiting = Card.objects.filter(chain__in=tops, state=PENDING)
    return [(card, tops[card.chain]) for card in waiting if is_graver(tops[card.chain].level, card.level)]


def _number(cards: Sequence[Card]) -> None:
    """District, year of the legal moment, and the key that the card has anyway."""
    codes = dict(Region.objects.filter(pk__in={card.region_id for card in cards}).values_list("pk", "code"))
    for card in cards:
        year = timezone.localtime(card.at).year
        card.number = f"K{codes[card.region_id][:6]}-{year}-{card.pk:06d}"


def _start(card: Card, code: str, days: int) -> Start:
    return Start(
        subject=Subject("card", card.pk),
        rule_code=code,
        owner_unit_id=card.unit_id,
        owner_id=card.person_id,
        region=card.calendar_key,
        term=Term(days, TermUnit.WORKDAY),
    )


def _open_windows(cards: Sequence[Card], at: datetime, actor: Actor) -> None:
    """Appeal for every card that is issued, explanation for those graver than blue."""
    issued = [card for card in cards if card.state == ISSUED]
    asked = [card for card in issued if card.level != "blue"]
    appeals = [_start(card, "supervision.appeal", Windows(**card.windows).appeal) for card in issued]
    explanations = [_start(card, "supervision.explain", Windows(**card.windows).explain) for card in asked]
    clocks = clocks_start([*appeals, *explanations], actor=actor, at=at) if issued else []
    for card, clock in zip(asked, clocks[len(appeals) :], strict=True):
        card.explanation_clock_id = clock.pk


def _step_down(replaced: Iterable[tuple[Card, Card]], at: datetime) -> None:
    """Cards of earlier runs leave the top; replaced where nobody has appealed or ruled yet."""
    for lower, higher in replaced:
        # The higher card is written in the same transaction; the reference is checked at its end.
        Card.objects.filter(pk=lower.pk).update(highest=False, superseded_by_id=higher.pk)
        lower.highest = False
        if lower.state in (PENDING, ISSUED, "explained"):
            move(workflow="card", transition="supersede", obj=lower, actor=SYSTEM, at=at)


def _tell(
    cards: Sequence[Card], replaced: Iterable[tuple[Card, Card]], recorded_at: datetime, actor: Actor
) -> None:
    facts = [_fact("supervision.card_issued", card, card.at, actor) for card in cards]
    facts += [
        _fact("supervision.card_superseded", lower, max(lower.at, higher.at), SYSTEM)
        for lower, higher in replaced
    ]
    record_many(sorted(facts, key=lambda fact: fact.at), recorded_at=recorded_at)


def _fact(name: str, card: Card, at: datetime, actor: Actor) -> FactRow:
    data: dict[str, Any] = {**about_card(card), "state": card.state, "state_name": STATE_TOLD[card.state]}
    written = (card,) if name == "supervision.card_issued" else ()
    return FactRow(name, Subject("card", card.pk), actor, at, data, card.unit_id, written)
