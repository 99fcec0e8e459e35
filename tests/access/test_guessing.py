"""A case out of reach leaves no trace: every answer is the same with and without it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction

from tests.access.test_matrix import body
from tests.access.world import NOW, World
from zhengxiao.backbone.cases.api import Case, case_move
from zhengxiao.backbone.catalogue.api import Item, ItemVersion
from zhengxiao.backbone.parties.models import Party
from zhengxiao.lib.actors import SYSTEM

pytestmark = pytest.mark.django_db
CANARY = "金丝雀示例公司"
PLACES = {"window_clerk": "W", "approver": "D", "department_head": "D", "supervisor": "R", "leader": "C"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"|X-CSRFToken[^,}]*')
CASES: tuple[dict[str, Any], ...] = (
    {},
    {"q": CANARY},
    {"q": CANARY[:1]},
    {"q": "99"},
    {"item": "金丝雀"},
    {"item": "许可"},
    *({"state": state} for state in ("received", "accepted", "granted")),
    *({"light": light} for light in ("green", "blue", "yellow", "red", "grey")),
    *({"due": days} for days in ("0", "1", "3", "5")),
    *({"channel": name} for name in ("window", "online")),
    *({"deemed": value} for value in ("0", "1")),
    *({"refiled": value} for value in ("0", "1")),
    {"received_from": "2026-03-04", "received_to": "2026-03-04"},
    {"finished_from": "2026-03-01"},
    *({"sort": name} for name in ("received", "-received", "accepted", "-accepted", "finished", "-finished")),
    *({"page": page} for page in (1, 2, 3)),
    {"size": 100},
    {"cols": ["number", "section", "department", "source"]},
    {"export": "csv"},
    {"print": 1},
)
OTHERS = (
    "/desk/",
    "/desk/?mine=1",
    f"/desk/search/?{urlencode({'q': CANARY})}",
    f"/desk/search/?{urlencode({'q': CANARY[:2]})}",
    "/desk/search/?q=990",
    "/desk/notices/?show=all",
    "/items/",
    "/items/?q=%E9%87%91",
    "/items/versions/",
    "/items/basic/",
    "/items/unified/",
    "/items/claims/",
    "/cases/new/",
    "/cases/new/?q=%E9%87%91",
)


def answers(world: World, person: str) -> dict[str, str]:
    addresses = [f"/cases/?{urlencode(query, doseq=True)}" for query in CASES]
    found = {}
    for address in [*addresses, *OTHERS, f"/items/basic/{world.basic.pk}/"]:
        answer = world.clients[person].get(address)
        found[address] = f"{answer.status_code} {TOKEN.sub('', body(answer))}"
    return found


def plant(world: World, place: str) -> None:
    """A case, a party and a drafted item with a telling name at the place."""
    department = world.department(place)
    if place != "W":
        # A window's item and its city's parties are within reach of the window next door.
        item = Item.objects.create(
            unit=department,
            region_id=department.region_id,
            code="CANARY",
            scheme="local",
            created_at=NOW,
            basic=world.basic,
        )
        ItemVersion.objects.create(
            item=item, number=1, state="draft", name="金丝雀许可", task_type="01", changed_at=NOW
        )
    if place in "RC":
        Party.objects.create(kind="enterprise", name=CANARY, region_id=department.region_id, created_at=NOW)
    for way in (None, "accept"):
        case = world.receive(place, at=NOW, applicant_name=CANARY)
        Case.objects.filter(pk=case.pk).update(item_name="金丝雀许可")
        if way:
            case_move(case_id=case.pk, transition=way, actor=SYSTEM, at=NOW)


@pytest.mark.parametrize(("person", "place"), PLACES.items())
def test_answers_are_the_same_with_and_without_a_case_out_of_reach(
    world: World, person: str, place: str
) -> None:
    without = answers(world, person)
    with transaction.atomic():
        plant(world, place)
        with_it = answers(world, person)
        transaction.set_rollback(True)
    assert [address for address, text in without.items() if text != with_it[address]] == []


def test_the_auditor_finds_the_canary(world: World) -> None:
    """So the canary is where the questions look."""
    without = answers(world, "auditor")
    with transaction.atomic():
        plant(world, "C")
        with_it = answers(world, "auditor")
        transaction.set_rollback(True)
    assert sum(text != with_it[address] for address, text in without.items()) >= 20
