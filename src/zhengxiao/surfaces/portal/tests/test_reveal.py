"""A full number of a person is not shown to a session that somebody left open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from zhengxiao.backbone.cases.api import Case
from zhengxiao.backbone.cases.testing import CaseWorld, item_in_force
from zhengxiao.backbone.parties.api import NewParty, party_find_or_create
from zhengxiao.kernel.access.testing import sample_org
from zhengxiao.kernel.calendar.api import install_shipped
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.surfaces.portal.tests.test_door import PASSWORD, T0, clock, enter, told  # noqa: F401

pytestmark = pytest.mark.django_db
NUMBER = "11010519491231002X"
WHY = {"purpose": "verify", "note": "与身份证原件核对"}


@pytest.fixture
def case(clock: Any, settings: Settings) -> Case:  # noqa: F811
    settings.ZX_PASSWORD_AGAIN_MINUTES = 15
    org = sample_org(password=PASSWORD)
    install_shipped(at=org.at)
    world = CaseWorld(org, *item_in_force(org))
    given = NewParty(
        name="王示例", kind="person", id_type="resident", id_number=NUMBER, region_id=org.district_a.pk
    )
    party = party_find_or_create(party=given, actor=world.clerk, at=T0)
    return world.receive(at=T0, party_id=party.pk, applicant_name="王示例")


def looks() -> int:
    return Entry.objects.filter(fact="parties.identity_revealed").count()


def test_a_number_is_shown_only_to_who_gave_the_password_a_short_while_ago(case: Case, clock: Any) -> None:  # noqa: F811
    address = reverse("cases:reveal", args=[case.number, "id"])
    client: Client = enter()
    assert told(client, address) == ""
    assert NUMBER in client.post(address, WHY).content.decode()
    clock.shift(timedelta(minutes=16))
    seen = looks()
    assert seen == 1
    assert told(client, reverse("cases:case", args=[case.number])) == "", "the case itself stays open"
    asked = client.post(address, WHY, headers={"Referer": f"http://testserver{address}"})
    assert asked.headers["Location"] == f"/sign-in/again/?next={quote(address, safe='')}"
    assert NUMBER not in asked.content.decode()
    assert looks() == seen, "what was not shown is no look"
    assert client.post("/sign-in/again/", {"password": "wrong", "next": address}).status_code == 422
    assert told(client, address) == "/sign-in/again/"
    back = client.post("/sign-in/again/", {"password": PASSWORD, "next": address})
    assert back.headers["Location"] == address
    assert NUMBER in client.post(address, WHY).content.decode()
