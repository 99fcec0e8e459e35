"""The relay in a browser's eyes: the panel on the case, the page, a claim, a wrong unit."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from zhengxiao.backbone.cases.testing import case_world
from zhengxiao.lib.actors import Role
from zhengxiao.mechanisms.relay.testing import at, pushed

pytestmark = pytest.mark.django_db


def test_a_licence_is_found_on_its_case_claimed_and_rerouted_by_page(settings: Any) -> None:
    world = case_world()
    row = pushed(world)
    settings.ZX_MOMENT = at("2026-03-03")
    approver, supervisor = Client(), Client()
    approver.force_login(world.org.users[Role.APPROVER])
    supervisor.force_login(world.org.users[Role.SUPERVISOR])
    address = reverse("relay:relayed", args=[row.pk])
    assert address in approver.get(f"/cases/{row.case.number}/").content.decode()
    assert "认领" in approver.get(address).content.decode()
    assert approver.post(reverse("relay:move", args=[row.pk, "claim"])).status_code == 302
    wrong = {"unit": "NOBODY", "reason": "不属本部门"}
    told = supervisor.post(reverse("relay:move", args=[row.pk, "reroute"]), wrong)
    assert told.status_code == 422
    assert "没有编码为“NOBODY”的机构" in told.content.decode()
    right = {"unit": "A-HOUSING", "reason": "不属本部门"}
    assert supervisor.post(reverse("relay:move", args=[row.pk, "reroute"]), right).status_code == 302
    assert approver.get(address).status_code == 404
