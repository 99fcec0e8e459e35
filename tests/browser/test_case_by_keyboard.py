"""A case from the counter to the decision without a mouse; its pages at both sizes, accessible and within the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from tests.browser.conftest import OpenPage
from tests.browser.helpers import axe_violations, enter, screenshot, tab_to
from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.backbone.catalogue.api import ItemMaterial
from zhengxiao.kernel.ui.api import FastClock

START = datetime(2026, 3, 18, 9, 40, tzinfo=ZoneInfo("Asia/Shanghai"))  # Wednesday
SignIn = Callable[[OpenPage, str], None]
PROCEDURE = {
    "kind": "expert_review",
    "reason": "深基坑方案须专家论证",
    "expected_days": "5",
    "notice_no": "示特〔2026〕3 号",
}


@pytest.fixture
def world(transactional_db: None, settings: object) -> CaseWorld:
    settings.ZX_MOMENT = FastClock(START)  # type: ignore[attr-defined]
    made = case_world()
    names = ("建筑工程施工许可申请表", "建设工程规划许可证", "施工合同")
    for place, name in enumerate(names, 1):
        ItemMaterial.objects.create(version=made.version, position=place, name=name)
    return made


def test_a_case_goes_from_the_counter_to_the_decision_by_keyboard(
    open_window: Callable[..., OpenPage], sign_in: SignIn, world: CaseWorld
) -> None:
    counter = open_window("desk")
    sign_in(counter, "clerk")
    counter.open(reverse("desk:home"))
    tab_to(counter, "收件")
    enter(counter)
    counter.keyboard.type("施工 市场监管")
    enter(counter)
    enter(counter)  # the first item found has the focus
    counter.keyboard.press("Tab")
    counter.keyboard.press("Tab")
    counter.keyboard.press("Tab")
    counter.keyboard.type("示例建设有限公司")
    tab_to_material(counter)
    counter.keyboard.press("Space")
    enter(counter)
    case = Case.objects.get()
    assert case.applicant_name == "示例建设有限公司"
    assert [row.name for row in case.materials.all()] == ["建筑工程施工许可申请表"]
    tab_to(counter, "受理")
    enter(counter)
    enter(counter)  # nothing to fill in: the button has the focus
    case.refresh_from_db()
    assert case.state == "accepted"

    office = open_window("desk")
    sign_in(office, "approver")
    office.open(reverse("desk:home"))
    office.keyboard.press("j")
    enter(office)
    tab_to(office, "开始审查")
    enter(office)
    enter(office)
    tab_to(office, "准予许可")
    enter(office)
    enter(office)  # the number of the decision is missing: said at the field, which has the focus
    assert "请填写“决定文书号”。" in office.inner_text("main")
    office.keyboard.type("示许准〔2026〕88 号")
    enter(office)
    assert "准予许可，文号 示许准〔2026〕88 号" in office.inner_text("main")
    case.refresh_from_db()
    assert (case.state, case.result_no) == ("granted", "示许准〔2026〕88 号")


def tab_to_material(page: OpenPage) -> None:
    """Press Tab until the first material's box has the focus."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "materials":
            return
    pytest.fail("the keyboard does not reach the materials")


def test_escape_goes_back_to_the_case(page: OpenPage, sign_in: SignIn, world: CaseWorld) -> None:
    case = world.accepted(at=START - timedelta(days=1))
    sign_in(page, "approver")
    page.open(reverse("cases:move", args=[case.number, "grant"]))
    page.keyboard.press("Escape")  # leaves the field
    with page.page.expect_navigation():
        page.keyboard.press("Escape")
    assert page.url.endswith(reverse("cases:case", args=[case.number]))


def test_control_enter_sends_from_a_text_of_several_lines(
    page: OpenPage, sign_in: SignIn, world: CaseWorld
) -> None:
    case = world.receive(at=START - timedelta(days=1), summary="扩建")
    sign_in(page, "clerk")
    page.open(reverse("cases:move", args=[case.number, "withdraw"]))
    page.keyboard.type("自愿撤回")
    with page.page.expect_navigation(wait_until="load"):
        page.keyboard.press("Control+Enter")
    case.refresh_from_db()
    assert case.state == "withdrawn"


def lived_in(world: CaseWorld) -> Case:
    """A case with a pause behind it, and a few others in other lights."""
    case = world.accepted(at=START - timedelta(days=13), summary="滨河路小学扩建")
    world.move(case, "start_review", at=START - timedelta(days=12))
    world.move(case, "suspend", at=START - timedelta(days=8), data=PROCEDURE)
    world.move(case, "resume", at=START - timedelta(days=5), data={"outcome": "专家评审通过"})
    for days in (20, 9, 2):
        world.accepted(at=START - timedelta(days=days), summary="示例大厦装修")
    world.receive(at=START - timedelta(hours=1))
    asked = world.receive(at=START - timedelta(days=3))
    notice = {"items": "施工合同缺签章页", "document_no": "示补〔2026〕1 号"}
    world.move(asked, "ask_supplement", at=START - timedelta(days=2), data=notice)
    return Case.objects.get(pk=case.pk)


def test_a_form_with_faults_is_accessible_too(any_size: OpenPage, sign_in: SignIn, world: CaseWorld) -> None:
    case = lived_in(world)
    sign_in(any_size, "approver")
    any_size.open(reverse("cases:move", args=[case.number, "suspend"]))
    any_size.locator("form.zx-form button").click()
    any_size.get_by_text("请填写“理由”。").first.wait_for()
    assert "请填写“理由”。" in any_size.inner_text("main")
    assert axe_violations(any_size) == []
    screenshot(any_size, "case-move-faults")
