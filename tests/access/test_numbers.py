"""Nobody learns from any question whether a person beyond one's reach has this number (B3, C3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.access.world import NOW, World
from zhengxiao.backbone.cases.api import Case
from zhengxiao.backbone.parties.api import NewParty, party_find_or_create
from zhengxiao.lib.actors import SYSTEM

pytestmark = pytest.mark.django_db
NUMBER, PHONE, NAME = "11010519491231002X", "13800138000", "金丝雀示例"
TEXTS = (NUMBER, NUMBER.lower(), NUMBER[:17], NUMBER[:6], NUMBER[-4:], "１１０１０５１９４９１２３１００２Ｘ",
         "110105 19491231 002X", PHONE, "138-0013-8000", PHONE[:7], PHONE[-4:], "%", "110%", "_" * 18)  # fmt: skip
QUERIES: tuple[dict[str, Any], ...] = (
    {"party": "KEY"}, {"party": "0"}, {"sort": "number"}, {"sort": "received"}, {"sort": "-received"}, {"q": NAME[:1]},
    {"q": NAME}, {"q": "440"}, {"export": "csv"}, {"print": "1"}, {"mine": "1"}, {"refiled": "0"},
)  # fmt: skip
WRONG: tuple[dict[str, Any], ...] = tuple(
    {name: NUMBER}
    for name in ("sort", "party__id_index", "applicant__id_no", "party__id_masked__startswith", "id_index",
                 "contact_phone", "ordering", "_connector")
)  # fmt: skip
Ask = Callable[[Client, int], Any]


def posts(text: str) -> Ask:
    return lambda client, key: client.post("/desk/search/", {"q": text})


def gets(address: str, query: dict[str, Any]) -> Ask:
    return lambda client, key: client.get(
        address, {name: str(key) if value == "KEY" else value for name, value in query.items()}
    )


SHAPES: dict[str, Ask] = {
    **{f"search for {text}": posts(text) for text in TEXTS},
    **{f"search by address for {text}": gets("/desk/search/", {"q": text}) for text in TEXTS[:8]},
    **{f"list by address {text}": gets("/cases/", {"q": text}) for text in TEXTS[:8]},
    **{f"list with {query}": gets("/cases/", query) for query in QUERIES},
    **{f"list with unknown {query}": gets("/cases/", query) for query in WRONG},
}


def plain(answer: Any) -> tuple[int, str, str]:
    """The answer without what differs from request to request."""
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = re.sub(r'(csrfmiddlewaretoken" value="|"X-CSRFToken": ")[^"]+', "", raw.decode("utf-8", "replace"))
    return answer.status_code, re.sub(r"[0-9a-f]{32}", "", text), answer.headers.get("Location", "")


def canary(world: World) -> int:
    """A person of the other city, applicant of a case there; answers the party's key."""
    case = world.cases["C", "accepted"]
    given = NewParty(NAME, id_number=NUMBER, contact_phone=PHONE, region_id=world.department("C").region_id)
    party = party_find_or_create(party=given, actor=SYSTEM, at=NOW)
    Case.objects.filter(pk=case.pk).update(party=party, applicant_name=NAME)
    return int(party.pk)


def test_there_are_forty_shapes_and_more() -> None:
    assert len(SHAPES) >= 40


@pytest.mark.parametrize("shape", SHAPES)
def test_every_question_is_answered_as_if_the_person_did_not_exist(world: World, shape: str) -> None:
    client, ask = world.clients["window_clerk"], SHAPES[shape]
    with transaction.atomic():
        key = canary(world)
        there = plain(ask(client, key))
        client.cookies.pop("messages", None)
        transaction.set_rollback(True)
    assert there == plain(ask(client, key))
    client.cookies.pop("messages", None)


@pytest.mark.parametrize("text", [text for text in TEXTS if text[:6] in (NUMBER[:6], PHONE[:6])][:4])
def test_the_whole_number_finds_the_person_within_reach(world: World, text: str) -> None:
    """The counter-check: the same question does find somebody of the own district, by the whole number only."""
    given = NewParty(NAME, id_number=NUMBER, contact_phone=PHONE, region_id=world.department("H").region_id)
    party = party_find_or_create(party=given, actor=SYSTEM, at=NOW)
    Case.objects.filter(pk=world.cases["H", "accepted"].pk).update(party=party)
    answer = world.clients["window_clerk"].post("/desk/search/", {"q": text})
    found = "/parties/" in answer.content.decode() if answer.status_code == 200 else False
    assert found == (len(text) in (11, 18, 20))
    assert NUMBER not in answer.headers.get("Location", "")
    if found:
        assert world.cases["H", "accepted"].number in answer.content.decode()
        assert (
            f"/parties/{party.pk}/"
            not in world.clients["supervisor"].post("/desk/search/", {"q": text}).content.decode()
        )
