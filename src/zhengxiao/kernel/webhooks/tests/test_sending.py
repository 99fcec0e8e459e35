"""What is owed is sent in order, again when it fails, and only to those who may hear of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from zhengxiao.kernel.notices.api import Notice
from zhengxiao.kernel.orgs.api import Post as OrgPost
from zhengxiao.kernel.timeline.api import Delivery, Subject, deliver_due, record
from zhengxiao.kernel.webhooks.dispatch import due_targets
from zhengxiao.kernel.webhooks.listening import WANTED
from zhengxiao.kernel.webhooks.models import Attempt, Message, MessageState, TargetSecret
from zhengxiao.kernel.webhooks.queries import backlog
from zhengxiao.kernel.webhooks.rules import Algorithm
from zhengxiao.kernel.webhooks.services import (
    NothingToResend,
    messages_resend,
    prune,
    secret_rotate,
    secrets_of,
    target_disable,
    target_move,
)
from zhengxiao.kernel.webhooks.tests.conftest import AT, FACT, Office, Post
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.lib.outbound import Reply
from zhengxiao.lib.refusals import NotPermitted
from zhengxiao_client.webhooks import verify

DOWN = Reply("answered", 5, 500, b"<html>\x00 Internal error" + b"x" * 400)
MINUTE = timedelta(minutes=1)


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_a_fact_reaches_the_target_signed_and_is_noted_once(office: Office, post: Post) -> None:
    target = office.active()
    (entry,) = office.told(office.subject("甲"))
    assert post.go(target) == 1
    ((where, body, headers),) = post.sent
    assert where.host == "example.com"
    event = verify(headers, body, secrets_of(target, AT), now=AT.timestamp())
    assert (event["id"], event["data"]["fact"]) == (f"evt_{entry}", FACT)
    assert "示例" not in body.decode()
    assert states() == ["sent"]
    assert Attempt.objects.get().status == 200
    assert post.go(target) == 0


def test_a_fact_that_nobody_asked_for_costs_no_delivery(office: Office) -> None:
    office.told(office.subject("甲"))
    assert not Delivery.objects.filter(subscriber="webhooks").exists()
    office.active(facts=["webhooks.target_closed"])
    office.told(office.subject("乙"))
    assert not Delivery.objects.filter(subscriber="webhooks").exists()


def test_events_of_one_subject_wait_for_the_one_before_and_others_do_not(office: Office, post: Post) -> None:
    target = office.active()
    one, two = office.subject("甲"), office.subject("乙")
    first, second = office.told(one, times=2)
    (beside,) = office.told(two)
    post.answer = lambda number: DOWN if number == 1 else Reply("answered", 1, 204)
    post.go(target)
    assert post.ids == [f"evt_{first}", f"evt_{beside}"]
    post.now += MINUTE
    post.go(target)
    assert post.ids[2:] == [f"evt_{first}", f"evt_{second}"]


def test_an_event_waits_while_an_earlier_fact_of_its_subject_is_not_handed_over_yet(
    office: Office, post: Post
) -> None:
    target = office.active()
    subject = office.subject("甲")
    with transaction.atomic():
        early = record(fact=FACT, subject=Subject("webhook_target", subject.pk), actor=SYSTEM, at=AT)
    Delivery.objects.filter(entry=early).update(not_before=AT + MINUTE)
    office.told(subject)
    assert post.go(target) == 0
    deliver_due(at=AT + MINUTE)
    post.now += MINUTE
    assert post.go(target) == 2
    assert post.ids[0] == f"evt_{early.pk}"


def test_a_failing_target_is_left_in_peace_and_probed_with_one_message(office: Office, post: Post) -> None:
    target = office.active()
    for number in range(8):
        office.told(office.subject(f"事项{number}"))
    post.answer = lambda number: DOWN
    assert post.go(target) == 5
    assert due_targets(AT) == []
    post.now += timedelta(seconds=11)
    assert post.go(target) == 1
    post.answer = lambda number: Reply("answered", 1, 200)
    post.now += timedelta(hours=1)
    assert post.go(target) == 8
    assert set(states()) == {"sent"}
    target.refresh_from_db()
    assert (target.failures, target.paused_until, target.failing_since) == (0, None, None)


def test_what_fails_for_a_day_is_given_up_and_can_be_sent_again_under_its_id(
    office: Office, post: Post
) -> None:
    target = office.active()
    entry, after = office.told(office.subject("甲"), times=2)
    post.answer = lambda number: DOWN
    while Message.objects.get(entry_id=entry).state == MessageState.WAITING:
        post.go(target)
        post.now += timedelta(minutes=30)
    assert post.now - AT < timedelta(hours=33)
    assert backlog().dead == 1
    assert set(post.ids) == {f"evt_{entry}"}
    post.answer = lambda number: Reply("answered", 1, 200)
    with pytest.raises(NotPermitted):
        messages_resend(target=target, actor=office.security_admin, at=post.now)
    assert messages_resend(target=target, actor=office.system_admin, at=post.now) == 1
    post.now += timedelta(hours=5)
    post.sent.clear()
    post.go(target)
    assert post.ids == [f"evt_{entry}", f"evt_{after}"]
    with pytest.raises(NothingToResend):
        messages_resend(target=target, actor=office.system_admin, at=post.now)


def test_tries_are_logged_without_more_than_the_beginning_of_an_answer(office: Office, post: Post) -> None:
    target = office.active()
    office.told(office.subject("甲"))
    post.answer = lambda number: DOWN
    post.go(target)
    tried = Attempt.objects.get()
    assert (tried.number, tried.outcome, tried.status, tried.milliseconds) == (1, "answered", 500, 5)
    assert len(tried.beginning) == 200
    assert "\x00" not in tried.beginning


@pytest.mark.parametrize(
    "reply",
    [
        Reply("answered", 1, 301),
        Reply("answered", 1, 404),
        Reply("inside", 1),
        Reply("tls", 1),
        Reply("timeout", 1),
    ],
)
def test_anything_but_a_plain_yes_is_a_failure(office: Office, post: Post, reply: Reply) -> None:
    target = office.active()
    office.told(office.subject("甲"))
    post.answer = lambda number: reply
    post.go(target)
    assert states() == ["waiting"]


@pytest.mark.parametrize("how", ["gone", "days"])
def test_a_target_that_is_gone_or_silent_for_days_is_switched_off_and_its_people_hear_of_it(
    office: Office, post: Post, how: str
) -> None:
    target = office.active()
    post.answer = lambda number: Reply("answered", 1, 410) if how == "gone" else DOWN
    for day in range(7):
        office.told(office.subject(f"事项{day}"), at=post.now)
        post.go(target)
        post.now += timedelta(days=1)
    target.refresh_from_db()
    assert target.state == "disabled"
    assert backlog().waiting == 0
    deliver_due(at=post.now)
    told = set(Notice.objects.values_list("recipient__username", flat=True))
    assert told == {"sysadmin", "secadmin"}
    resumed = target_move(target=target, transition="resume", data={}, actor=office.system_admin, at=post.now)
    post.answer = lambda number: Reply("answered", 1, 200)
    messages_resend(target=resumed, actor=office.system_admin, at=post.now)
    assert post.go(resumed) > 0


def test_what_the_account_may_not_read_is_not_owed_and_what_it_may_no_longer_read_is_withheld(
    office: Office, post: Post
) -> None:
    blind = office.active("看不见", user=office.org.users[Role.WINDOW_CLERK])
    seeing = office.active("看得见")
    office.told(office.subject("甲"))
    assert [row.target_id for row in Message.objects.all()] == [seeing.pk]
    assert post.go(blind) == 0
    OrgPost.objects.filter(user=office.org.users[Role.AUDITOR]).update(valid_to=AT.date())
    assert post.go(seeing) == 0
    assert (post.sent, states()) == ([], ["withheld"])


def test_facts_from_before_the_confirmation_are_not_told(office: Office) -> None:
    office.active()
    office.told(office.subject("甲"), at=AT - timedelta(days=29, hours=1))
    assert not Message.objects.exists()


def test_a_closed_target_hears_nothing_more(office: Office, post: Post) -> None:
    target = office.active()
    office.told(office.subject("甲"))
    target_move(target=target, transition="close", data={"reason": "停"}, actor=office.system_admin, at=AT)
    assert post.go(target) == 0
    assert states() == ["dead"]
    office.told(office.subject("乙"))
    assert states() == ["dead"]


def test_two_secrets_sign_for_a_day_and_then_one(office: Office, post: Post) -> None:
    target, first = office.proposed()
    target = target_move(
        target=target, transition="confirm", data={}, actor=office.security_admin, at=AT - MINUTE
    )
    WANTED.read()
    _target, second = secret_rotate(target=target, actor=office.system_admin, at=AT)
    assert first != second
    assert not TargetSecret.objects.filter(sealed__contains=first[6:20]).exists()
    subject = office.subject("甲")
    office.told(subject)
    post.go(target)
    office.told(subject, at=AT + timedelta(hours=25))
    post.now += timedelta(hours=25)
    post.go(target)
    (_w, body, headers), (_w, later, later_headers) = post.sent
    for secret in (first, second):
        assert verify(headers, body, [secret], now=AT.timestamp())
    assert headers["webhook-signature"].count("v1,") == 2
    assert later_headers["webhook-signature"].count("v1,") == 1
    assert verify(later_headers, later, [second], now=post.now.timestamp())


def test_a_target_may_ask_for_sm3(office: Office, post: Post) -> None:
    target = office.active(algorithm=Algorithm.SM3)
    office.told(office.subject("甲"))
    post.go(target)
    ((_where, body, headers),) = post.sent
    assert headers["webhook-signature"].startswith("v1sm3,")
    assert verify(headers, body, secrets_of(target, AT), now=AT.timestamp())


def test_a_name_that_came_to_lie_inside_is_not_called(office: Office, post: Post, settings: Any) -> None:
    settings.ZX_WEBHOOK_ALLOW = ["10.1.2.3"]
    target = office.active(url="http://10.1.2.3/hook")
    office.told(office.subject("甲"))
    settings.ZX_WEBHOOK_ALLOW = []
    post.go(target)
    assert post.sent == []
    assert Attempt.objects.get().outcome == "inside"


def test_a_try_that_was_taken_over_writes_no_end(office: Office, post: Post) -> None:
    """The lease ran out while the answer was under way; another worker has the message by then."""
    target = office.active()
    office.told(office.subject("甲"))

    def slow(number: int) -> Reply:
        Message.objects.update(attempts=5, lease_until=AT + timedelta(hours=1))
        return Reply("answered", 1, 200)

    post.answer = slow
    post.go(target)
    assert states() == ["waiting"]
    post.answer = lambda number: Reply("answered", 1, 200)
    post.now += timedelta(hours=2)
    post.go(target)
    assert states() == ["sent"]


def test_the_same_entry_is_owed_once_however_often_it_is_handed_over(office: Office) -> None:
    office.active()
    office.told(office.subject("甲"))
    Delivery.objects.filter(subscriber="webhooks").update(state="waiting")
    deliver_due(at=AT)
    assert Message.objects.count() == 1


def test_what_was_delivered_long_ago_is_forgotten_and_what_was_not_is_kept(
    office: Office, post: Post
) -> None:
    target = office.active()
    office.told(office.subject("甲"))
    post.go(target)
    office.told(office.subject("乙"))
    target_disable(target=target, reason="试", at=AT)
    prune(AT + timedelta(days=100))
    assert states() == ["dead"]
    assert json.loads(json.dumps(list(Attempt.objects.values("number")))) == []
