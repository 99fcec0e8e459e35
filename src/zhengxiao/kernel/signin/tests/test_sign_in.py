"""Counting tries in the database, and what is put on record."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhengxiao.kernel.access.testing import SampleOrg, sample_org
from zhengxiao.kernel.identity.api import user_disable
from zhengxiao.kernel.signin import services
from zhengxiao.kernel.signin.api import (
    Origin,
    SignInFailed,
    TooFast,
    TooManyFailures,
    sign_in_check,
    sign_in_counts,
    unlock,
)
from zhengxiao.kernel.signin.models import Throttle
from zhengxiao.kernel.signin.tests.conftest import AT, PASSWORD
from zhengxiao.kernel.signin.throttling import prune
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.lib.refusals import NotPermitted

WRONG = "wrong"
HERE = Origin("198.51.100.7")


def guess(name: str = "clerk", password: str = WRONG, *, origin: Origin = HERE, second: int = 0) -> str:
    """What the door says: "in", or the name of the refusal."""
    try:
        sign_in_check(username=name, password=password, origin=origin, at=AT + timedelta(seconds=second))
    except (SignInFailed, TooFast, TooManyFailures) as refusal:
        return refusal.code
    return "in"


def facts() -> list[tuple[str, int]]:
    return [
        (entry.fact, entry.subject_id)
        for entry in Entry.objects.filter(fact__startswith="identity.").order_by("id")
    ]


def test_ten_failures_close_the_place_for_everybody_there_and_say_until_when(org: SampleOrg) -> None:
    assert [guess(second=n) for n in range(10)] == ["SignInFailed"] * 10
    with pytest.raises(TooManyFailures) as refused:
        sign_in_check(username="clerk", password=PASSWORD, origin=HERE, at=AT + timedelta(seconds=20))
    assert "10:15:09" in refused.value.text
    assert refused.value.seconds == 889
    assert guess(password=PASSWORD, second=910) == "in"


def test_another_place_another_account_and_a_known_browser_stay_open(org: SampleOrg) -> None:
    for n in range(12):
        guess(second=n)
    assert guess(password=PASSWORD, second=20) == "TooManyFailures"
    assert guess(password=PASSWORD, origin=Origin("198.51.100.8"), second=20) == "in"
    assert guess("approver", PASSWORD, second=20) == "in"
    assert guess(password=PASSWORD, origin=Origin(HERE.address, "known-browser"), second=20) == "in"


def test_a_right_password_begins_the_count_anew(org: SampleOrg) -> None:
    for start in (0, 100):
        assert [guess(second=start + n) for n in range(9)] == ["SignInFailed"] * 9
        assert guess(password=PASSWORD, second=start + 20) == "in"


def test_an_unknown_name_is_counted_and_closed_as_a_known_one(
    org: SampleOrg, django_assert_num_queries: object
) -> None:
    known = [guess("clerk", second=n) for n in range(12)]
    unknown = [guess("nobody-of-that-name", second=n) for n in range(12)]
    assert known == unknown


def test_an_unknown_name_costs_the_same_statements_and_hashes(
    org: SampleOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes: list[str] = []
    real = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashes.append(password)
        return real(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    found = []
    user_disable(user_id=org.users[Role.LEADER].pk, actor=SYSTEM, at=AT)
    for name in ("clerk", "nobody-of-that-name", "leader"):
        hashes.clear()
        with CaptureQueriesContext(connection) as queries:
            assert guess(name, "wrong") == "SignInFailed"
        kinds = [query["sql"].split()[0] for query in queries.captured_queries]
        found.append((len(hashes), kinds))
    assert found[0] == found[1] == found[2]
    assert found[0][0] == 1


def test_no_name_that_was_typed_is_kept(org: SampleOrg) -> None:
    typed = "my-password-typed-as-a-name"
    guess(typed)
    told = [str(entry.data) + entry.actor_name for entry in Entry.objects.all()]
    kept = [row.key + row.account for row in Throttle.objects.all()]
    assert not any(typed in text for text in told + kept)
    assert facts() == [("identity.sign_in_refused", services.NOBODY)]


def test_failures_and_the_closing_are_on_record_once(org: SampleOrg) -> None:
    before = sign_in_counts()
    clerk = org.users[Role.WINDOW_CLERK].pk
    for n in range(14):
        guess(second=n)
    assert facts() == [("identity.sign_in_refused", clerk)] * 10 + [("identity.locked", clerk)]
    assert sign_in_counts()["refused"] - before["refused"] == 10


def test_the_security_administrator_opens_the_place_again_and_nobody_else(org: SampleOrg) -> None:
    clerk = org.users[Role.WINDOW_CLERK].pk
    for n in range(11):
        guess(second=n)
    for role in Role:
        if role is not Role.SECURITY_ADMIN:
            with pytest.raises(NotPermitted):
                unlock(user_id=clerk, actor=org.actor(role), at=AT)
    unlock(user_id=clerk, actor=org.actor(Role.SECURITY_ADMIN), at=AT)
    assert guess(password=PASSWORD, second=30) == "in"
    assert facts()[-1] == ("identity.unlocked", clerk)


def test_many_addresses_are_slowed_down_and_the_owner_is_not(org: SampleOrg) -> None:
    said = [guess(origin=Origin(f"10.0.{n % 50}.1"), second=n // 20) for n in range(400)]
    assert said.count("SignInFailed") <= 50 + 20 + 20
    assert said.count("TooFast") >= 300
    assert guess(password=PASSWORD, origin=Origin("198.51.100.9"), second=21) == "in"


def test_counters_are_forgotten_when_they_count_nothing(org: SampleOrg) -> None:
    guess()
    prune(AT + timedelta(minutes=5))
    assert Throttle.objects.count() == 3  # the place and the two lanes of the account
    prune(AT + timedelta(minutes=16))
    assert Throttle.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_no_more_than_ten_are_looked_at() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("one writer at a time: the database itself lets nobody in between")
    sample_org(password=PASSWORD)
    said: list[str] = []
    start = threading.Barrier(4)

    def crowd() -> None:
        start.wait(30)
        try:
            for _ in range(6):
                said.append(guess(origin=Origin("198.51.100.7", "known-browser")))
        finally:
            connection.close()

    threads = [threading.Thread(target=crowd) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(said) == ["SignInFailed"] * 10 + ["TooManyFailures"] * 14
