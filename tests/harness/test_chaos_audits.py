"""The audits that judge a chaos can fail: each gap that is planted here is named, and a sound office has none."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from harness.chaos.audit import Audit
from harness.chaos.order_audit import orders
from harness.chaos.publicity_audit import publicity
from harness.chaos.publicity_clients import columns

from zhengxiao.backbone.cases.testing import case_world
from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.clock.api import Clock
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.mechanisms.disclosures.batches import batch_report
from zhengxiao.mechanisms.disclosures.models import Content, Disclosure, ReportBatch, ReportLine, UpperRecord
from zhengxiao.mechanisms.disclosures.receipts import Receipt, receipts_take
from zhengxiao.mechanisms.disclosures.rules import Kind
from zhengxiao.mechanisms.disclosures.services import disclosure_move, record_change
from zhengxiao.mechanisms.disclosures.testing import granted_case
from zhengxiao.mechanisms.supervision.api import NOBODY, ByHand, order_issue, order_move
from zhengxiao.mechanisms.supervision.models import Order, OrderLetter

NOW = datetime.fromisoformat("2026-03-26T10:30:00+08:00")


def call(path: str, status: int = 200, answer: Any = None, **body: Any) -> dict[str, Any]:
    return {"key": path, "path": path, "status": status, "body": body, "answer": json.dumps(answer)}


def found(judge: Any, told: Any) -> list[str]:
    audit = Audit()
    judge(audit, told)
    return audit.words


# ------------------------------------------------------------------ orders
@pytest.fixture
def order_calls(db: None) -> list[dict[str, Any]]:
    """An order that was issued, signed, reported and closed; what the clients were told."""
    world = case_world()
    supervisor, head = (
        actor_for(world.org.users[role], at=NOW) for role in (Role.SUPERVISOR, Role.DEPARTMENT_HEAD)
    )
    about = ByHand(world.org.market.pk, NOBODY, world.org.market.pk, "要求")
    order = order_issue(order=about, title="t", workdays=5, card_id=None, actor=supervisor, at=NOW)
    steps = (
        ("sign", head, {}),
        ("report", head, {"report": "已办"}),
        ("close", supervisor, {"conclusion": "属实"}),
    )
    for place, (transition, actor, data) in enumerate(steps, 1):
        at = NOW + timedelta(minutes=place)
        order_move(order_id=order.pk, transition=transition, data=data, actor=actor, at=at)
    moves = [call(f"/supervision-orders/{order.number}/moves/{step[0]}") for step in steps]
    return [call("/supervision-orders/issue", 201, title="t"), *moves]


def test_sound_orders_have_no_finding(order_calls: list[dict[str, Any]]) -> None:
    assert found(orders, order_calls) == []


def test_gaps_in_orders_are_named(order_calls: list[dict[str, Any]]) -> None:
    again = call(f"{order_calls[-1]['path'].rpartition('/')[0]}/send_back")
    assert "acknowledged 1×, there 0×" in found(orders, [*order_calls, again])[0]
    assert "0 orders for one" in found(orders, [call("/supervision-orders/issue", 201, title="lost")])[0]
    assert "refused" in found(orders, [call("/supervision-orders/issue", 422, title="t")])[0]
    assert "is not there" in found(orders, [call("/supervision-orders/none/moves/sign")])[0]
    Order.objects.update(state="handling")  # half: the row went back, facts and clocks did not
    assert len(found(orders, order_calls)) == 2
    Order.objects.update(state="closed")
    letter = OrderLetter.objects.get()
    letter.pk, letter.number, letter.step = None, f"{letter.number} twice", "interview"
    letter.save(force_insert=True)
    assert found(orders, order_calls) == [f"order {Order.objects.get().number}: 2 letters"]


# ------------------------------------------------------------------ publicity
@pytest.fixture
def office(db: None) -> dict[str, Any]:
    """Two licences: one completed, reported, answered, revoked and taken down, one still due."""
    world = case_world()
    granted_case(world, day="2026-03-04", applicant_name="示例企业一")
    granted_case(world, day="2026-03-04", applicant_name="示例企业二", number="示许准〔2026〕2 号")
    first = Disclosure.objects.order_by("pk")[0]
    record = dict(Content.objects.get(disclosure=first).record) | {
        row["name"]: row["value"] for row in columns(first.pk)
    }
    record_change(disclosure_id=first.pk, record=record, reason="补充", actor=world.head, at=NOW)
    office = world.org.market.pk
    batch = batch_report(department_id=office, kind=Kind.LICENCE, actor=world.head, at=NOW).batch
    assert batch is not None
    told = Receipt("upper-platform", "R1", Kind.LICENCE, "示", office, True, "", NOW, number=first.number)
    receipts_take([told], actor=SYSTEM, at=NOW)
    fallen = {"ground": "revoked", "document_no": "示行复〔2026〕1 号", "revoked_on": "2026-03-26"}
    for transition, data in (("revoke", fallen), ("withdraw", {"explanation": "示例说明"})):
        disclosure_move(disclosure_id=first.pk, transition=transition, data=data, actor=world.head, at=NOW)
    path = f"/disclosures/{first.pk}"
    return {
        "record": [
            call(f"{path}/change"), call("/disclosures/report", 201, {"batch": batch.number, "reported": 1, "left": 1}),
            call("/imports", 202), call(f"{path}/moves/revoke"), call(f"{path}/moves/withdraw"),
        ],
        "receipts": {"/imports": {"R1": first.pk}},
    }  # fmt: skip


def test_sound_publicity_has_no_finding(office: dict[str, Any]) -> None:
    assert found(publicity, office) == []


def test_gaps_in_publicity_are_named(office: dict[str, Any]) -> None:
    first, second = Disclosure.objects.order_by("pk")
    path = f"/disclosures/{second.pk}"
    lost = {**office, "record": [*office["record"], call(f"{path}/moves/withdraw")]}
    assert found(publicity, lost) == [f"{second.pk}: disclosures.withdrawn acknowledged 1×, there 0×"]
    wrong = {
        **office,
        "record": [*office["record"], call("/disclosures/report", 201, {"batch": "none", "reported": 1})],
    }
    assert "batch none: None" in found(publicity, wrong)[0]
    missing = {**office, "receipts": {"/imports": {"R1": first.pk, "R2": first.pk}}}
    assert found(publicity, missing) == ["receipt R2: 0×"]
    UpperRecord.objects.update(disclosure=second)
    assert f"receipt R1: with record {second.pk}" in found(publicity, office)[0]
    UpperRecord.objects.update(disclosure=first)
    ReportBatch.objects.update(count=2)
    assert "batch" in found(publicity, office)[0]
    ReportBatch.objects.update(count=1)
    ReportLine.objects.all()._raw_delete("default")
    assert f"record {first.pk}: told" in " ".join(found(publicity, office))


def test_a_licence_without_a_duty_and_a_duty_without_its_clock_are_named(office: dict[str, Any]) -> None:
    _first, second = Disclosure.objects.order_by("pk")
    Clock.objects.filter(subject_kind="disclosure", subject_id=second.pk).update(subject_kind="gone")
    assert found(publicity, office) == [f"publicity {second.number}: 0 clocks"]
    Disclosure.objects.filter(pk=second.pk).update(case=None)
    assert f"case {second.case_id}: 0 duties" in found(publicity, office)
