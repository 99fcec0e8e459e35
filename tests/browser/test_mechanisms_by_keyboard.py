"""The main verbs of the mechanisms without a mouse: cards, orders, licences under supervision, double publicity."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from tests.browser.conftest import CITY_AT, OpenPage
from tests.browser.helpers import enter, tab_to
from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.identity.api import User
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.disclosures.api import Disclosure
from zhengxiao.mechanisms.relay.api import Relayed
from zhengxiao.mechanisms.supervision.api import Card, Order

Open = Callable[[str, str], OpenPage]


@pytest.fixture
def seated(open_window: Callable[..., OpenPage], sign_in: Callable[..., None], city: None) -> Open:
    """Somebody in front of a page."""

    def sit(username: str, address: str) -> OpenPage:
        window = open_window("desk")
        sign_in(window, username)
        window.open(address)
        return window

    return sit


def actor(username: str) -> Actor:
    return actor_for(User.objects.get_by_natural_key(username), at=CITY_AT)


def do(page: OpenPage, verb: str, text: str = "") -> None:
    """Go to a verb, open its form, write what it asks for and send it."""
    tab_to(page, verb)
    enter(page)
    page.page.wait_for_function("document.activeElement !== document.body")
    page.keyboard.type(text)
    enter(page, "Control+Enter" if text else "Enter")


def test_a_card_is_explained_appealed_and_ruled_on_by_keyboard(seated: Open) -> None:
    mine = Card.objects.visible_to(actor("approver"), "supervision.explain").filter(
        state="issued", highest=True
    )
    card = mine.order_by("at", "pk")[0]
    address = reverse("supervision:card", args=[card.number])
    do(seated("approver", address), "提交说明", "人员交接不及时，已重新指定。")
    card.refresh_from_db()
    assert (card.state, card.explanation) == ("explained", "人员交接不及时，已重新指定。")
    do(seated("head", address), "申诉", "当日停机，不应计时。")
    do(seated("supervisor", address), "撤销此牌", "停机记录属实。")
    card.refresh_from_db()
    assert (card.state, card.appeal, card.ruling) == ("lifted", "当日停机，不应计时。", "停机记录属实。")


def test_an_order_is_signed_for_and_answered_by_keyboard(seated: Open) -> None:
    order = (
        Order.objects.visible_to(actor("head"), "supervision.answer").filter(state="issued").order_by("pk")[0]
    )
    office = seated("head", reverse("supervision:order", args=[order.number]))
    do(office, "签收")
    do(office, "报告办理情况", "已办结，并增设窗口。")
    order.refresh_from_db()
    assert (order.state, order.report) == ("reported", "已办结，并增设窗口。")


def test_a_licence_is_claimed_and_answered_by_keyboard(seated: Open) -> None:
    row, who = waiting_licence()
    office = seated(who, reverse("relay:relayed", args=[row.pk]))
    do(office, "认领")
    tab_to(office, "反馈")
    enter(office)
    office.page.wait_for_function("document.activeElement.name === 'measure'")
    office.keyboard.press("ArrowDown")
    office.keyboard.press("Tab")
    office.keyboard.type("纳入双随机抽查。")
    enter(office, "Control+Enter")
    row.refresh_from_db()
    assert (row.state, row.answer) == ("answered", "纳入双随机抽查。")


def waiting_licence() -> tuple[Relayed, str]:
    for row in Relayed.objects.filter(state="pushed").order_by("-pk"):
        for user in User.objects.filter(posts__unit__department=row.unit).order_by("pk"):
            one = actor_for(user, at=CITY_AT)
            if Relayed.objects.visible_to(one, "relay.claim").filter(pk=row.pk).exists():
                return row, user.username
    pytest.fail("nobody may claim a licence in the sample city")


def test_a_batch_is_reported_by_keyboard(seated: Open) -> None:
    office = seated("approver", reverse("disclosures:batches"))
    words = office.locator("form button:not([disabled])", has_text="报送").first.inner_text().strip()
    tab_to(office, words)
    enter(office)
    mine = Disclosure.objects.visible_to(actor("approver")).filter(state="reported")
    assert mine.exists()
    assert mine[0].number in office.inner_text("main") or "已报送" in office.inner_text("main")
