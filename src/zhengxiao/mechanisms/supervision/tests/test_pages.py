"""The pages of supervision: they open, say what they must, take moves, and hide what is not one's business."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from zhengxiao.backbone.cases.api import Case, case_url
from zhengxiao.lib.actors import Role
from zhengxiao.mechanisms.supervision.ledger import card_url, order_url
from zhengxiao.mechanisms.supervision.models import Card, CardPolicy, Order
from zhengxiao.mechanisms.supervision.tests.conftest import Supervised


@pytest.fixture
def at(settings, world: Supervised) -> datetime:
    """A minute after the yellow card of the first case."""
    card, moment = world.yellow()
    settings.ZX_MOMENT = moment + timedelta(hours=10)
    assert card.state == "issued"
    return moment + timedelta(hours=10)


def signed_in(world: Supervised, who: Role | str) -> Client:
    client = Client()
    user = world.org.users[who] if isinstance(who, Role) else world.org.neighbours[who]
    client.force_login(user)
    return client


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.content.decode()[:800]
    return answer.content.decode()


def test_the_card_tells_rule_evidence_days_people_and_what_may_be_done(world: Supervised, at: datetime):
    card = Card.objects.get(level="yellow")
    page = text(signed_in(world, Role.SUPERVISOR), card_url(card))
    for words in (
        "“承诺时限”进入黄灯",
        "到期日 2026-03-16",
        "计算单",
        "告知了谁",
        "刘示例",
        "依职权撤销",
        card.number,
    ):
        assert words in page, words
    mine = text(signed_in(world, Role.DEPARTMENT_HEAD), card_url(card))
    assert "提交说明" in mine
    assert "申诉" in mine
    assert "依职权撤销" not in mine


def test_a_card_of_another_department_is_not_there(world: Supervised, at: datetime):
    card = Card.objects.get(level="yellow")
    for who in ("head-housing", "supervisor-b"):
        text(signed_in(world, who), card_url(card), 404)
        text(signed_in(world, who), f"{card_url(card)}letter/", 404)
    assert card.number not in text(signed_in(world, "head-housing"), reverse("supervision:cards"))


def test_the_case_shows_its_cards(world: Supervised, at: datetime):
    card = Card.objects.get(level="yellow")
    page = text(signed_in(world, Role.APPROVER), case_url(Case.objects.get(pk=card.subject_id)))
    assert card.number in page
    assert "红黄牌与督办" in page


def test_explain_and_appeal_by_the_unit_and_a_ruling_from_outside(world: Supervised, at: datetime):
    card = Card.objects.get(level="yellow")
    head, supervisor = signed_in(world, Role.DEPARTMENT_HEAD), signed_in(world, Role.SUPERVISOR)
    empty = head.post(f"{card_url(card)}moves/explain/", {})
    assert empty.status_code == 422
    assert head.post(f"{card_url(card)}moves/explain/", {"explanation": "交接不当"}).status_code == 302
    assert head.post(f"{card_url(card)}moves/appeal/", {"appeal": "系统故障"}).status_code == 302
    assert supervisor.post(f"{card_url(card)}moves/lift/", {"ruling": "属实，撤销"}).status_code == 302
    page = text(head, card_url(card))
    assert "不计入任何统计" in page
    assert "属实，撤销" in page


def test_the_desk_lists_the_card_and_the_search_box_finds_it(world: Supervised, at: datetime):
    card = Card.objects.get(level="yellow")
    head = signed_in(world, Role.DEPARTMENT_HEAD)
    assert card.number in text(head, reverse("desk:home"))
    assert head.get(reverse("desk:search"), {"q": card.number}).headers["Location"] == card_url(card)
    assert card.number in text(head, f"{reverse('desk:search')}?q=K990102")
    stranger = signed_in(world, "head-housing")
    assert card.number not in text(stranger, reverse("desk:home"))
    assert card.number not in text(stranger, f"{reverse('desk:search')}?q=K990102")


def test_a_supervisor_issues_a_card_by_hand_and_an_order_on_it(world: Supervised, at: datetime):
    supervisor = signed_in(world, Role.SUPERVISOR)
    form = {"unit": world.org.market.pk, "level": "red", "reason": "违规收费", "evidence_text": "票据 3 张"}
    assert supervisor.post(reverse("supervision:card-new"), {**form, "reason": ""}).status_code == 422
    own = supervisor.post(reverse("supervision:card-new"), {**form, "unit": world.org.units["A-OFFICE"].pk})
    assert own.status_code == 422
    assert "单位以外" in own.content.decode()
    assert supervisor.post(reverse("supervision:card-new"), form).status_code == 302
    card = Card.objects.get(source="hand")
    address = f"{reverse('supervision:order-new')}?card={card.number}"
    assert "违规收费" in text(supervisor, card_url(card))
    order_form = {"title": "退还费用", "reason": "三日内退还", "workdays": 3}
    answer = supervisor.post(address, order_form)
    assert answer.status_code == 302, answer.context["form"].errors
    order = Order.objects.get()
    assert order.card == card
    page = text(supervisor, order_url(order))
    assert "提醒函" in page
    letter = order.letters.get()
    assert letter.number in text(
        supervisor, reverse("supervision:order-letter", args=[order.number, letter.pk])
    )
    head = signed_in(world, Role.DEPARTMENT_HEAD)
    assert head.post(f"{order_url(order)}moves/sign/").status_code == 302
    assert order.title in text(head, reverse("supervision:orders"))


def test_the_letter_names_the_rule_the_windows_and_carries_a_code(world: Supervised, at: datetime):
    card = Card.objects.get(level="yellow")
    page = text(
        signed_in(world, Role.DEPARTMENT_HEAD), reverse("supervision:card-letter", args=[card.number])
    )
    for words in ("电子监察黄牌通知书", "5 个工作日内提交书面说明", "裁定撤销的，不计入任何统计", "<svg"):
        assert words in page, words


def test_the_public_register_shows_numbers_and_nothing_else(world: Supervised, at: datetime):
    card = Card.objects.get(level="yellow")
    page = text(Client(), reverse("supervision:register"))
    assert "市场监管局" in page
    assert card.number not in page
    assert card.subject_label not in page
    text(Client(), f"{reverse('supervision:register')}?month=2019-01", 400)


def test_rules_are_proposed_from_a_preset_and_confirmed_by_another_person(world: Supervised, at: datetime):
    supervisor, leader = signed_in(world, Role.SUPERVISOR), signed_in(world, Role.LEADER)
    assert "现行：随附规则" in text(supervisor, reverse("supervision:rules"))
    address = f"{reverse('supervision:rules-propose')}?preset=remind-warn-alarm"
    page = text(supervisor, address)
    assert "环节时限" in page
    form = {
        "promised-yellow": "red",
        "explain": 30,
        "appeal": 5,
        "ruling": 5,
        "departments": "",
        "reason": "从严",
    }
    assert supervisor.post(address, form).status_code == 302
    policy = CardPolicy.objects.get()
    move = reverse("supervision:rules-move", args=[policy.number, "confirm"])
    assert supervisor.post(move).status_code == 422
    assert leader.post(move).status_code == 302
    assert "现行：第 1 版" in text(leader, reverse("supervision:rules"))
    assert text(leader, reverse("supervision:rules-version", args=[1]))


def test_an_export_needs_the_right_to_export(world: Supervised, at: datetime):
    assert (
        signed_in(world, Role.APPROVER).get(reverse("supervision:cards"), {"export": "csv"}).status_code
        == 403
    )
