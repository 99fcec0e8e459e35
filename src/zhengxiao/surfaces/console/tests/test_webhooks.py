"""Opening a way out by two people, and looking after what goes through it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from zhengxiao.backbone.cases.testing import case_world
from zhengxiao.kernel.timeline.api import deliver_due
from zhengxiao.kernel.webhooks.api import Message, WebhookTarget, send_due
from zhengxiao.kernel.webhooks.listening import WANTED
from zhengxiao.lib.actors import Role
from zhengxiao.lib.outbound import Reply

NOW = datetime.fromisoformat("2026-03-26T10:30:00+08:00")


@pytest.fixture
def world(db, settings) -> Iterator:
    settings.ZX_MOMENT = NOW
    yield case_world()
    WANTED.forget()


@pytest.fixture
def enter(client, world):
    def sign_in(role: Role):
        client.force_login(world.org.users[role])
        return client

    return sign_in


GIVEN = {
    "name": "示例交换平台",
    "owner": "A-MARKET",
    "account": "head",
    "url": "https://example.com/hook",
    "facts": ["cases.received", "cases.accepted"],
    "algorithm": "sha256",
}


def opened(enter, **changes) -> WebhookTarget:
    answer = enter(Role.SYSTEM_ADMIN).post(reverse("console:webhook-new"), GIVEN | changes)
    assert answer.status_code == 200, answer.context["form"].errors
    return WebhookTarget.objects.get()


def confirmed(enter, **changes) -> WebhookTarget:
    target = opened(enter, **changes)
    answer = enter(Role.SECURITY_ADMIN).post(reverse("console:webhook-move", args=[target.pk, "confirm"]))
    assert answer.status_code == 302
    WANTED.read()
    target.refresh_from_db()
    return target


def test_a_secret_is_shown_once_and_on_no_other_page(enter) -> None:
    client = enter(Role.SYSTEM_ADMIN)
    answer = client.post(reverse("console:webhook-new"), GIVEN)
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]{40,}", answer.content.decode())
    assert answer["Cache-Control"] == "no-store"
    target = WebhookTarget.objects.get()
    for address in ("console:webhooks", "console:webhook"):
        page = client.get(reverse(address, args=[target.pk] if address.endswith("webhook") else []))
        assert secret not in page.content.decode()
    rotated = client.post(reverse("console:webhook-rotate", args=[target.pk]))
    assert secret not in rotated.content.decode()
    assert "whsec_" in rotated.content.decode()


def test_a_refused_address_is_said_at_its_field_and_what_was_typed_stays(enter) -> None:
    answer = enter(Role.SYSTEM_ADMIN).post(
        reverse("console:webhook-new"), GIVEN | {"url": "https://169.254.169.254/"}
    )
    assert answer.status_code == 422
    assert "url" in answer.context["form"].errors
    assert "示例交换平台" in answer.content.decode()
    assert not WebhookTarget.objects.exists()


def test_a_case_is_told_to_the_target_and_the_log_shows_it(enter, world) -> None:
    target = confirmed(enter)
    case = world.accepted(at=NOW + timedelta(minutes=1))
    deliver_due(at=NOW + timedelta(hours=1))
    sent = []

    def send(where, body, headers):
        sent.append(body.decode())
        return Reply("answered", 12, 200 if len(sent) > 1 else 503, b"busy")

    send_due(target_id=target.pk, now=lambda: NOW + timedelta(hours=1), send=send, jitter=lambda: 0.5)
    send_due(target_id=target.pk, now=lambda: NOW + timedelta(hours=2), send=send, jitter=lambda: 0.5)
    assert [text.split('"type":"')[1].split('"')[0] for text in sent] == [
        "zhengxiao.cases.received", "zhengxiao.cases.received", "zhengxiao.cases.accepted",
    ]  # fmt: skip
    assert all(case.number in text and "示例建设" not in text for text in sent)
    client = enter(Role.AUDITOR)
    page = client.get(reverse("console:webhook", args=[target.pk])).content.decode()
    assert case.number in page
    tried = client.get(
        reverse("console:webhook-message", args=[Message.objects.order_by("pk")[0].pk])
    ).content.decode()
    assert "503" in tried
    assert "busy" in tried


def test_dead_letters_are_sent_again_from_the_page(enter, world) -> None:
    target = confirmed(enter)
    world.receive(at=NOW + timedelta(minutes=1))
    deliver_due(at=NOW + timedelta(hours=1))
    Message.objects.update(state="dead", ended_at=NOW)
    client = enter(Role.SYSTEM_ADMIN)
    assert "重新推送" in client.get(reverse("console:webhook", args=[target.pk])).content.decode()
    assert client.post(reverse("console:webhook-resend", args=[target.pk])).status_code == 302
    assert Message.objects.get().state == "waiting"


def test_what_waits_for_the_second_person_stands_in_the_navigation(enter) -> None:
    opened(enter)
    page = enter(Role.SECURITY_ADMIN).get(reverse("console:webhooks"))
    assert "事件推送" in page.content.decode()
    own = enter(Role.SYSTEM_ADMIN).get(reverse("console:webhook", args=[WebhookTarget.objects.get().pk]))
    assert "须由安全管理员确认" in own.content.decode()


def test_what_a_clock_of_a_case_tells_goes_out_under_the_case(enter, world) -> None:
    target = confirmed(enter, facts=["clock.started", "clock.breached"])
    case = world.receive(at=NOW + timedelta(minutes=1))
    deliver_due(at=NOW + timedelta(hours=1))
    found = Message.objects.filter(target=target, fact="clock.started")
    assert {row.subject_name for row in found} == {case.number}
