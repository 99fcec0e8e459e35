"""The pages of rules, back-tests and findings, as the people who use them see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from zhengxiao.backbone.cases.api import Case, case_url
from zhengxiao.backbone.cases.testing import CaseWorld
from zhengxiao.kernel.metrics.api import compute, ids
from zhengxiao.lib.actors import Actor, Role
from zhengxiao.mechanisms.detection.backtests import back_test_now
from zhengxiao.mechanisms.detection.models import BackTest, Finding, RuleVersion
from zhengxiao.mechanisms.detection.running import look_at_all


@pytest.fixture
def seen(world: CaseWorld, in_force: Any, decided: Callable[..., Case], at: datetime) -> dict[str, Finding]:
    """One finding in force, one on trial."""
    in_force("swift")
    in_force("process", trial=True)
    case = decided(minutes=20)
    case.steps.create(number=1, name="审查", person_name="甲", ended_at=at + timedelta(hours=3))
    look_at_all(at=at + timedelta(hours=4))
    return {finding.mode: finding for finding in Finding.objects.all()}


def signed_in(world: CaseWorld, who: Role | str) -> Client:
    client = Client()
    client.force_login(world.org.users[who] if isinstance(who, Role) else world.org.neighbours[who])
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_head_sees_findings_in_force_of_the_own_office_and_no_trial(
    world: CaseWorld, seen: dict[str, Finding]
) -> None:
    page = text(signed_in(world, Role.DEPARTMENT_HEAD).get("/detection/findings/"))
    assert "仅 20 分钟" in page
    assert "先办结后补过程" not in page
    assert (
        signed_in(world, "head-housing").get(f"/detection/findings/{seen['active'].pk}/").status_code == 404
    )
    assert (
        signed_in(world, Role.DEPARTMENT_HEAD).get(f"/detection/findings/{seen['shadow'].pk}/").status_code
        == 404
    )


def test_the_supervisor_sees_both_and_opens_the_evidence(world: CaseWorld, seen: dict[str, Finding]) -> None:
    client = signed_in(world, Role.SUPERVISOR)
    page = text(client.get("/detection/findings/"))
    assert "秒办结" in page
    assert "先办结后补过程" in page
    detail = text(client.get(f"/detection/findings/{seen['active'].pk}/"))
    assert seen["active"].case.number in detail
    assert "30 分钟" in detail
    assert (
        signed_in(world, "supervisor-b").get(f"/detection/findings/{seen['active'].pk}/").status_code == 404
    )


def test_the_case_shows_what_was_found_on_it(world: CaseWorld, seen: dict[str, Finding]) -> None:
    url = case_url(seen["active"].case)
    page = text(signed_in(world, Role.SUPERVISOR).get(url))
    for finding in seen.values():
        assert f'href="/detection/findings/{finding.pk}/"' in page
    assert "无后果" not in text(signed_in(world, Role.DEPARTMENT_HEAD).get(url))
    assert "detection-panel" not in text(signed_in(world, Role.APPROVER).get(url))


def test_the_rule_says_its_parameters_and_how_well_it_does(
    world: CaseWorld, seen: dict[str, Finding]
) -> None:
    Finding.objects.filter(pk=seen["active"].pk).update(outcome="lifted")
    client = signed_in(world, Role.SUPERVISOR)
    ledger = text(client.get("/detection/rules/"))
    assert "受理后至多 30 分钟；承诺时限至少 5 个工作日" in ledger
    page = text(client.get(f"/detection/rules/{seen['active'].version_id}/"))
    assert "0.0%" in page
    assert "提请停用" in page


def test_who_may_not_see_trials_sees_no_draft_rule(world: CaseWorld, seen: dict[str, Finding]) -> None:
    client = signed_in(world, Role.DEPARTMENT_HEAD)
    page = text(client.get("/detection/rules/"))
    assert "秒办结" in page
    assert "先办结后补过程" not in page
    assert client.get(f"/detection/rules/{seen['shadow'].version_id}/").status_code == 404
    assert client.get(f"/detection/rules/{seen['active'].version_id}/").status_code == 200


def test_a_draft_is_written_tried_and_held_against_the_past_on_the_pages(
    world: CaseWorld, seen: dict[str, Finding], at: datetime
) -> None:
    client = signed_in(world, Role.SUPERVISOR)
    address = f"/detection/rules/{seen['active'].version_id}/draft/"
    form = client.get(address).context["form"]
    given = {**form.initial, "p_minutes": "0", "note": "只看十分钟"}
    assert client.post(address, given).status_code == 422
    answer = client.post(address, {**given, "p_minutes": "10", "departments": "A-MARKET", "items": "没有"})
    assert "没有这些编码" in text(answer)
    answer = client.post(address, {**given, "p_minutes": "10", "departments": "A-MARKET"}, follow=True)
    version = RuleVersion.objects.get(number=2)
    assert version.parameters == {"minutes": 10, "promised_days": 5}
    assert version.scope == {"departments": [world.org.market.pk]}
    assert "开始试运行" in text(answer)
    client.post(f"/detection/rules/{version.pk}/move/try/")
    page = client.post(f"/detection/rules/{version.pk}/move/propose_activation/", {"note": "更准"})
    assert "请先对本版本做一次回溯试算" in text(page)
    waiting = client.post(f"/detection/rules/{version.pk}/back-test/", {"months": "14"}, follow=True)
    assert "等待" in text(waiting)
    assert client.get(f"/detection/rules/{version.pk}/edit/").status_code == 200
    assert client.post(f"/detection/rules/{version.pk}/edit/", given | {"p_minutes": "9"}).status_code == 422


def test_the_numbers_of_a_back_test_open_their_cases(
    world: CaseWorld, seen: dict[str, Finding], supervisor: Actor, at: datetime
) -> None:
    (test,) = back_test_now(
        version_ids=[seen["shadow"].version_id], actor=supervisor, at=at + timedelta(days=1)
    )
    client = signed_in(world, Role.SUPERVISOR)
    page = text(client.get(f"/detection/back-tests/{test.pk}/"))
    assert "本版本会发现 <b>1</b> 项" in page
    address = f"/detection/back-tests/{test.pk}/cases/"
    for query in (
        "?change=new",
        f"?change=new&amp;department={world.org.market.pk}",
        "?change=new&amp;month=2026-03",
    ):
        assert f'href="{address}{query}"' in page
        assert seen["shadow"].case.number in text(client.get(f"{address}{query.replace('&amp;', '&')}"))
    other = signed_in(world, "supervisor-b")
    assert "本版本会发现 <b>0</b> 项" in text(other.get(f"/detection/back-tests/{test.pk}/"))
    assert seen["shadow"].case.number not in text(other.get(address))
    assert BackTest.objects.count() > 0


def test_figures_count_findings_in_force_and_open_them(
    world: CaseWorld, seen: dict[str, Finding], at: datetime
) -> None:
    Finding.objects.filter(pk=seen["active"].pk).update(outcome="lifted")
    how: dict[str, Any] = {
        "period_from": at.date(), "period_to": at.date() + timedelta(days=1),
        "actor": world.org.actor(Role.SUPERVISOR), "as_of": at + timedelta(days=2),
    }  # fmt: skip
    (count,) = compute("detection.findings", **how)
    (precise,) = compute("detection.precision", **how)
    assert (count.value, precise.value, precise.n) == (1, 0, 1)
    by_rule = compute("detection.findings", by="rule", **how)
    assert [(figure.label, figure.value) for figure in by_rule] == [("秒办结", 1)]
    assert [found.pk for found in ids("detection.findings", part="numerator", **how)] == [seen["active"].pk]
